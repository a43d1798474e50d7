"""Patients: add, change, find, hand over. Personal values are checked here and stored encrypted by the models."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from messaging import phone as phones
from referrals.errors import BadInputError, ChangedMeanwhileError, NotFoundError
from resources_db.encryption import blind_index, phone_index
from resources_db.models.access import AccessLink
from resources_db.models.people import Assignment, Patient, PatientNameToken
from resources_db.models.tenants import CareTeam
from resources_db.tenancy import actor_of
from resources_db.vocab import LinkPurpose, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

TOKEN_BYTES = 4
SCANNED = 2_000
"""How many of an org's patients are looked through when no whole word matches."""
MOST_FOUND = 20
OLDEST = 125
"""Years; nobody whose birth date can be proven became older."""
_ZIP = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives with the patient."""

    adults: int = 1
    children: int = 0


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the form of a patient holds. `phone` is as typed; an empty text means not known."""

    first_name: str
    last_name: str = ""
    birth_date: str = ""
    phone: str = ""
    street: str = ""
    zip: str = ""
    language: str = "en"
    interpreter: bool = False
    household: Household | None = None
    safe_contact: str = ""
    timezone: str | None = None
    never_text: bool = False
    never_call: bool = False
    contact_prohibited: bool = False
    """Read for a new patient only: later it is `endings` that stops everything, and lets contact go on."""
    discharged_at: datetime | None = None


def create(
    session: Session, *, care_team_id: uuid.UUID, facts: PatientFacts, lead_id: uuid.UUID | None, now: datetime
) -> Patient:
    """A new patient of a care team, led by `lead_id`."""
    team = session.scalars(select(CareTeam).where(CareTeam.id == care_team_id)).one_or_none()
    if team is None:
        raise NotFoundError
    patient = Patient(
        org_id=team.org_id, care_team_id=team.id, created_at=now, created_by=actor_of(session).user_id, version=1
    )
    _fill(patient, facts, now)
    patient.contact_prohibited = facts.contact_prohibited
    session.add(patient)
    session.flush()  # name tokens and the assignment point at the row
    _index_names(session, patient)
    if lead_id is not None:
        assign(session, patient, navigator_id=lead_id, now=now)
    return patient


def edit(
    session: Session, patient_id: uuid.UUID, *, facts: PatientFacts, now: datetime, expected_version: int | None = None
) -> Patient:
    """Change a patient. A new phone number closes every link that went to the old one."""
    patient = get(session, patient_id, lock=True)
    if expected_version is not None and expected_version != patient.version:
        raise ChangedMeanwhileError(ReferralState.DRAFT, "", None)
    old_number = patient.phone_bix
    _fill(patient, facts, now)
    patient.version += 1
    if old_number is not None and patient.phone_bix != old_number:
        patient.phone_flag = None
        session.execute(
            update(AccessLink)
            .where(AccessLink.patient_id == patient.id, AccessLink.purpose == LinkPurpose.PATIENT)
            .where(AccessLink.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )
    session.flush()
    _index_names(session, patient)
    return patient


def get(session: Session, patient_id: uuid.UUID, *, lock: bool = False) -> Patient:
    """The patient, if this actor may see the row; raises NotFoundError."""
    query = select(Patient).where(Patient.id == patient_id)
    patient = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if patient is None:
        raise NotFoundError
    return patient


def assign(session: Session, patient: Patient, *, navigator_id: uuid.UUID, now: datetime) -> Assignment:
    """Make somebody the lead: the old assignment ends and the new one begins in one transaction."""
    session.execute(
        update(Assignment)
        .where(Assignment.patient_id == patient.id, Assignment.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    assignment = Assignment(
        org_id=patient.org_id,
        patient_id=patient.id,
        navigator_id=navigator_id,
        started_at=now,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(assignment)
    session.flush()
    return assignment


def lead_of(session: Session, patient_id: uuid.UUID) -> uuid.UUID | None:
    """Who leads a patient now."""
    return session.scalars(
        select(Assignment.navigator_id).where(Assignment.patient_id == patient_id, Assignment.ended_at.is_(None))
    ).one_or_none()


def find(session: Session, text: str) -> list[Patient]:
    """Patients whose phone or name words were typed, by name; the start of a name is enough."""
    digits = sum(letter.isdecimal() for letter in text)
    if digits >= 7:
        return _by_phone(session, text)
    words = _words(text)
    if not words:
        return []
    return _by_name(session, words) or _by_start(session, words)


def household_of(patient: Patient) -> Household | None:
    """Who lives with the patient, where known."""
    if not patient.household:
        return None
    stored = json.loads(patient.household)
    return Household(int(stored.get("adults", 1)), int(stored.get("children", 0)))


def full_name(patient: Patient) -> str:
    """First and last name."""
    return f"{patient.first_name} {patient.last_name}".strip()


def short_name(patient: Patient) -> str:
    """First name and first letter of the last: as lists and titles show it."""
    return f"{patient.first_name} {patient.last_name[:1]}.".strip() if patient.last_name else patient.first_name


def _fill(patient: Patient, facts: PatientFacts, now: datetime) -> None:
    if not facts.first_name.strip():
        raise BadInputError("first_name", "missing")
    number = _number(facts.phone)
    patient.first_name, patient.last_name = facts.first_name.strip(), facts.last_name.strip()
    patient.birth_date = _birth_date(facts.birth_date, now.date())
    patient.phone = number
    patient.phone_bix = phone_index(number) if number else None
    patient.street, patient.safe_contact = facts.street.strip(), facts.safe_contact.strip()
    patient.zip = _zip(facts.zip)
    patient.zip3 = patient.zip[:3]
    home = facts.household
    patient.household = json.dumps({"adults": home.adults, "children": home.children}) if home else ""
    patient.language, patient.interpreter = facts.language, facts.interpreter
    patient.never_text, patient.never_call = facts.never_text, facts.never_call
    # What is not said leaves what is known; an empty zone is said: it goes by ZIP and phone number again.
    patient.timezone = (facts.timezone or None) if facts.timezone is not None else patient.timezone
    patient.discharged_at = facts.discharged_at or patient.discharged_at


def _number(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return phones.parse(typed)
    except phones.PhoneError as error:
        raise BadInputError("phone", error.fault.value) from None


def _zip(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip()[:5]
    if plain and not (_ZIP.fullmatch(plain) and plain.isascii()):
        raise BadInputError("zip", "five_digits")
    return plain


def _birth_date(typed: str, today: date) -> str:
    if not typed.strip():
        return ""
    try:
        born = date.fromisoformat(typed.strip())
    except ValueError:
        raise BadInputError("birth_date", "not_a_date") from None
    if not today.year - OLDEST <= born.year or born > today:
        raise BadInputError("birth_date", "not_possible")
    return born.isoformat()


def _index_names(session: Session, patient: Patient) -> None:
    words = {*_words(patient.first_name), *_words(patient.last_name)}
    session.execute(
        delete(PatientNameToken)
        .where(PatientNameToken.patient_id == patient.id)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        PatientNameToken(org_id=patient.org_id, patient_id=patient.id, token=_token(patient.org_id, word))
        for word in sorted(words)
    )
    session.flush()


def _token(org_id: uuid.UUID, word: str) -> bytes:
    return blind_index("patient.name", f"{org_id}|{word}")[:TOKEN_BYTES]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _by_phone(session: Session, text: str) -> list[Patient]:
    try:
        number = phones.parse(text)
    except phones.PhoneError:
        return []
    return _sorted(session.scalars(select(Patient).where(Patient.phone_bix == phone_index(number))))


def _by_name(session: Session, words: list[str]) -> list[Patient]:
    org_id = actor_of(session).org_id
    if org_id is None:
        return []
    tokens = {_token(org_id, word) for word in words}
    matching = (
        select(PatientNameToken.patient_id)
        .where(PatientNameToken.token.in_(tokens))
        .group_by(PatientNameToken.patient_id)
        .having(func.count(PatientNameToken.token.distinct()) == len(tokens))
    )
    found = session.scalars(select(Patient).where(Patient.id.in_(matching)).limit(SCANNED))
    return _sorted(patient for patient in found if set(words) <= set(_words(full_name(patient))))


def _by_start(session: Session, words: list[str]) -> list[Patient]:
    newest = session.scalars(select(Patient).order_by(Patient.created_at.desc()).limit(SCANNED))
    return _sorted(patient for patient in newest if _starts(_words(full_name(patient)), words))


def _starts(name: list[str], typed: list[str]) -> bool:
    return all(any(word.startswith(start) for word in name) for start in typed)


def _sorted(patients: Iterable[Patient]) -> list[Patient]:
    return sorted(patients, key=lambda patient: full_name(patient).casefold())[:MOST_FOUND]

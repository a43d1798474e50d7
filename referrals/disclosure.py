"""What an agency may see of a person: an allow-list of fields for each need, typed views, and a row for each view.

A field that is not on the list of the need cannot leave by any channel, whatever a form says.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from referrals import part2, people
from referrals.needs import SAFETY, domain_of
from referrals.people import Household
from resources_db import audit
from resources_db.models.consents import Consent, Disclosure
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient
    from resources_db.models.referrals import Referral
    from resources_db.vocab import Channel

NOTICE = "redisclosure-2026-11"


@unique
class Field(StrEnum):
    """Personal facts that may be shared; the values are stored in `referral.shared_fields`."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    LANGUAGE = "language"
    HOUSEHOLD = "household"
    STREET = "street"
    ZIP = "zip"


F = Field
_BASIC = (F.FIRST_NAME, F.PHONE, F.LANGUAGE)
BY_DOMAIN: dict[str, tuple[Field, ...]] = {
    "nutrition": (*_BASIC, F.HOUSEHOLD, F.ZIP),
    "transportation": (F.FIRST_NAME, F.LAST_NAME, F.PHONE, F.LANGUAGE, F.STREET, F.ZIP),
    "housing": (F.FIRST_NAME, F.LAST_NAME, F.PHONE, F.LANGUAGE, F.HOUSEHOLD, F.ZIP),
    "behavioral_health": _BASIC,
    "financial": (F.FIRST_NAME, F.LAST_NAME, F.PHONE, F.LANGUAGE, F.HOUSEHOLD, F.ZIP),
    "other": (*_BASIC, F.ZIP),
}
ALSO: dict[str, tuple[Field, ...]] = {
    "home_delivered_meals": (F.LAST_NAME, F.STREET),
    "home_care_respite": (F.LAST_NAME, F.STREET),
    "home_repair": (F.STREET,),
    "child_care": (F.BIRTH_DATE,),
    "health_insurance": (F.BIRTH_DATE,),
    "diapers": (F.HOUSEHOLD,),
    "clothing": (F.HOUSEHOLD,),
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as an agency sees them. None is not shared; an empty text is shared but not known."""

    first_name: str | None = None
    last_name: str | None = None
    birth_date: str | None = None
    phone: str | None = None
    language: str | None = None
    household: Household | None = None
    street: str | None = None
    zip: str | None = None


NOBODY = PersonView()


def fields_for(subneed: str) -> tuple[Field, ...]:
    """The facts that may be shared for this need, in the order of the form; none for safety needs."""
    if subneed in SAFETY:
        return ()
    allowed = {*BY_DOMAIN[domain_of(subneed)], *ALSO.get(subneed, ())}
    return tuple(field for field in Field if field in allowed)


def known_fields(patient: Patient, subneed: str) -> tuple[Field, ...]:
    """Of those, the ones we know of this person."""
    view = person_view(patient, fields_for(subneed))
    return tuple(field for field in fields_for(subneed) if getattr(view, field.value))


def permitted(subneed: str, wished: Iterable[str], consent: Consent | None = None) -> tuple[Field, ...]:
    """The wished fields that may leave: on the list of the need, and in the consent when that names fields."""
    wanted = set(wished)
    if consent is not None and consent.categories:
        wanted &= set(consent.categories)
    return tuple(field for field in fields_for(subneed) if field.value in wanted)


def person_view(patient: Patient, shared: Iterable[str]) -> PersonView:
    """The person, reduced to the shared fields."""
    seen = set(shared)
    values: dict[str, str | Household | None] = {
        field.name: _value(patient, field.name) if field.name in seen else None for field in fields(PersonView)
    }
    return PersonView(**values)  # type: ignore[arg-type]


def record(
    session: Session,
    referral: Referral,
    *,
    shared: Iterable[str],
    recipient: str,
    channel: Channel,
    now: datetime,
) -> Disclosure:
    """One outward view: which fields, to whom, by what way, under which consent. Audited in the same transaction."""
    row = Disclosure(
        org_id=referral.org_id,
        patient_id=referral.patient_id,
        referral_id=referral.id,
        organization_id=referral.organization_id,
        recipient=recipient,
        fields=[str(field) for field in shared],
        channel=channel,
        consent_id=referral.consent_id,
        user_id=actor_of(session).user_id,
        notice_version=part2.NOTICE if protected(session, referral) else NOTICE,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.record(session, action="disclosure", subject_kind="patient", subject_id=referral.patient_id, now=now)
    return row


def protected(session: Session, referral: Referral) -> bool:
    """Whether the notice of 42 CFR 2.32 goes with what is shown of this referral."""
    consent = session.get(Consent, referral.consent_id) if referral.consent_id else None
    return consent is not None and part2.FLAG in consent.flags


def to_agency(contact_id: uuid.UUID | None) -> str:
    """The recipient word of an agency's contact."""
    return f"agency:{contact_id}" if contact_id else "agency"


def _value(patient: Patient, name: str) -> str | Household | None:
    if name == Field.HOUSEHOLD:
        return people.household_of(patient)
    value: str = getattr(patient, name)
    return value

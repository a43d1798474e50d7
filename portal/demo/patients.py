"""The patients of the demo: thirty people in six languages, with what they agreed to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.demo import files, story
from referrals import consent, people, texting
from referrals.consent import ConsentForm, Recipient
from referrals.people import Household, PatientFacts
from resources_db.tenancy import act_as
from resources_db.vocab import ConsentMethod, TextingLevel

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.demo.world import World
    from resources_db.models.people import Patient

SENSITIVE_DOMAIN = "behavioral_health"
BEFORE_THE_STORY = 66
"""Everybody was met before the first referral of the story, in days."""


def make(session: Session, world: World, *, now: datetime) -> dict[str, Patient]:
    """Everybody, by full name."""
    found = {}
    for row in files.rows("people"):
        patient = _patient(session, world, row, now)
        _consents(session, row, patient, now)
        _texting(session, row, patient, now)
        found[people.full_name(patient)] = patient
    return found


def _patient(session: Session, world: World, row: dict[str, str], now: datetime) -> Patient:
    assert world.team is not None
    navigator = world.navigator(row["navigator"])
    act_as(session, world.actor(navigator.id))
    born = (now - timedelta(days=int(row["age"]) * 365.25 + 100)).date()
    facts = PatientFacts(
        first_name=row["first_name"],
        last_name=row["last_name"],
        birth_date=born.isoformat(),
        phone=row["phone"],
        zip=row["zip"],
        language=row["language"],
        interpreter=row["interpreter"] == "yes",
        household=Household(int(row["adults"]), int(row["children"])),
        safe_contact=row["notes"],
        discharged_at=now - timedelta(days=int(row["home_since"])) if row["home_since"] else None,
    )
    met = now - timedelta(days=max(BEFORE_THE_STORY, _days(row["shared_days_ago"])))
    patient = people.create(session, care_team_id=world.team.id, facts=facts, lead_id=navigator.id, now=met)
    patient.travel = row["travel"] or None
    return patient


def _consents(session: Session, row: dict[str, str], patient: Patient, now: datetime) -> None:
    domains = [domain for domain in row["shares"].split(";") if domain]
    given = story.office_hours(now, _days(row["shared_days_ago"]))
    general = [domain for domain in domains if domain != SENSITIVE_DOMAIN]
    if general:
        _record(session, patient, general, ConsentMethod.VERBAL, (), given)
    if SENSITIVE_DOMAIN in domains:
        _record(session, patient, [SENSITIVE_DOMAIN], ConsentMethod.PAPER_SCAN, (consent.BEHAVIORAL,), given)


def _record(
    session: Session,
    patient: Patient,
    domains: list[str],
    method: ConsentMethod,
    flags: tuple[str, ...],
    given: datetime,
) -> None:
    form = ConsentForm(
        recipients=tuple(Recipient(domain=domain) for domain in domains),
        method=method,
        language=patient.language,
        witness="D. Reyes" if method is ConsentMethod.VERBAL else "",
        flags=flags,
        interpreter=patient.interpreter,
    )
    consent.record(session, patient_id=patient.id, form=form, now=given)


def _texting(session: Session, row: dict[str, str], patient: Patient, now: datetime) -> None:
    if not row["texts"]:
        return
    texting.record(
        session,
        patient_id=patient.id,
        level=TextingLevel(row["texts"]),
        how="spoken",
        language=patient.language,
        interpreter=patient.interpreter,
        now=story.office_hours(now, _days(row["texting_days_ago"])),
    )


def _days(text: str) -> int:
    return int(text or 0)

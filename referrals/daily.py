"""Dates that call for somebody: a shut-off or eviction, the way home from hospital, a consent that ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from i18n import formatting
from messaging.opt_out import Kind
from referrals import acting, business_days, consent, goals, needs, screening_effects, senders, worklist
from referrals.worklist import About
from resources_db.models.consents import Consent
from resources_db.models.messages import InboundMessage
from resources_db.models.people import ContactAttempt, Need, Patient
from resources_db.models.referrals import PatientAnswer, WorklistItem
from resources_db.vocab import ContactResult, HelpWanted, WhyCode

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AT_RISK = timedelta(days=14)
HOME_DAYS = 2


def look(session: Session, *, now: datetime) -> None:
    """Open what the day asks for; what was opened for the same date before stays as people left it."""
    _consents(session, now)
    _dates_at_risk(session, now)
    _home_from_hospital(session, now)
    screening_effects.look(session, now=now)
    goals.look(session, now=now)


def _consents(session: Session, now: datetime) -> None:
    ending = select(Consent).where(
        Consent.revoked_at.is_(None), Consent.expires_at > now, Consent.expires_at <= now + consent.ENDS_SOON
    )
    for one in session.scalars(ending).all():
        assert one.expires_at is not None
        facts: dict[str, object] = {"on": one.expires_at.date().isoformat()}
        about = About(WhyCode.CONSENT_ENDS, one.patient_id, one.org_id, facts=facts, of=str(one.id))
        _once(session, about, one.expires_at, now)


def _dates_at_risk(session: Session, now: datetime) -> None:
    near = select(Need).where(
        Need.date_at_risk.is_not(None),
        Need.date_at_risk >= now.date(),
        Need.date_at_risk <= (now + AT_RISK).date(),
        Need.status.in_(needs.OPEN),
        Need.help_wanted == HelpWanted.YES,
    )
    for need in session.scalars(near).all():
        assert need.date_at_risk is not None
        facts: dict[str, object] = {"on": need.date_at_risk.isoformat(), "subneed": need.subneed}
        of = f"{need.id}:{need.date_at_risk}"
        about = About(WhyCode.DATE_AT_RISK, need.patient_id, need.org_id, need_id=need.id, facts=facts, of=of)
        _once(session, about, datetime.combine(need.date_at_risk, time(17), tzinfo=UTC), now)


def _home_from_hospital(session: Session, now: datetime) -> None:
    home = select(Patient).where(
        Patient.discharged_at.is_not(None),
        Patient.discharged_at <= now,
        Patient.discharged_at > now - timedelta(days=30),
    )
    for patient in session.scalars(home).all():
        home_from_hospital(session, patient, now=now)


def home_from_hospital(session: Session, patient: Patient, *, now: datetime) -> None:
    """Two business days to a real talk, with tries on two days: the item knows the tries and goes when they spoke."""
    if patient.discharged_at is None or patient.discharged_at > now:
        return
    if _reached(session, patient):
        whys = (WhyCode.HOME_FROM_HOSPITAL,)
        worklist.clear_patient(session, patient_id=patient.id, whys=whys, now=now)
        return
    zone = senders.org_of(session, patient.org_id).timezone
    tried = _days_tried(session, patient, zone)
    facts: dict[str, object] = {"on": patient.discharged_at.date().isoformat(), "days": HOME_DAYS, "tried": tried}
    of = f"{patient.id}:{patient.discharged_at.date()}"
    about = About(WhyCode.HOME_FROM_HOSPITAL, patient.id, patient.org_id, facts=facts, of=of)
    due_at = business_days.later(patient.discharged_at, HOME_DAYS, zone)
    _once(session, about, due_at, now)
    open_one = session.scalars(
        select(WorklistItem).where(WorklistItem.subject == about.subject, WorklistItem.done_at.is_(None))
    ).first()
    if open_one is not None and open_one.facts.get("tried") != tried:
        worklist.open_item(session, about, due_at=due_at, now=now)


def _reached(session: Session, patient: Patient) -> bool:
    """Two-way contact since the person came home: a talk, a call or a text of theirs, or an answer."""
    talked = select(ContactAttempt.id).where(
        ContactAttempt.patient_id == patient.id,
        ContactAttempt.at >= patient.discharged_at,
        or_(ContactAttempt.result == ContactResult.REACHED, ContactAttempt.inbound),
    )
    answered = select(PatientAnswer.id).where(
        PatientAnswer.patient_id == patient.id, PatientAnswer.at >= patient.discharged_at
    )
    wrote = select(InboundMessage.id).where(
        InboundMessage.patient_id == patient.id,
        InboundMessage.at >= patient.discharged_at,
        InboundMessage.read_as != Kind.STOP.value,
    )
    return any(session.scalars(query).first() is not None for query in (talked, answered, wrote))


def _days_tried(session: Session, patient: Patient, zone: str) -> int:
    """On how many days somebody tried to reach the person since they came home."""
    tries = select(ContactAttempt.at).where(
        ContactAttempt.patient_id == patient.id, ContactAttempt.at >= patient.discharged_at
    )
    return len({formatting.local(at, zone).date() for at in session.scalars(tries)})


def _once(session: Session, about: About, due_at: datetime, now: datetime) -> None:
    known = select(WorklistItem.id).where(WorklistItem.org_id == about.org_id, WorklistItem.subject == about.subject)
    if session.scalars(known).first() is None:
        with acting.in_org(session, about.org_id):
            worklist.open_item(session, about, due_at=due_at, now=now)

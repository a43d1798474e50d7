"""Dates that call for somebody: a shut-off or eviction, the way home from hospital, a consent that ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from referrals import acting, business_days, consent, needs, senders, worklist
from referrals.worklist import About
from resources_db.models.consents import Consent
from resources_db.models.people import ContactAttempt, Need, Patient
from resources_db.models.referrals import WorklistItem
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
        assert patient.discharged_at is not None
        if _reached(session, patient):
            whys = (WhyCode.HOME_FROM_HOSPITAL,)
            worklist.clear_patient(session, patient_id=patient.id, whys=whys, now=now)
            continue
        zone = senders.org_of(session, patient.org_id).timezone
        facts: dict[str, object] = {"on": patient.discharged_at.date().isoformat(), "days": HOME_DAYS}
        of = f"{patient.id}:{patient.discharged_at.date()}"
        about = About(WhyCode.HOME_FROM_HOSPITAL, patient.id, patient.org_id, facts=facts, of=of)
        _once(session, about, business_days.later(patient.discharged_at, HOME_DAYS, zone), now)


def _reached(session: Session, patient: Patient) -> bool:
    """Two-way contact since the person came home."""
    talked = select(ContactAttempt.id).where(
        ContactAttempt.patient_id == patient.id,
        ContactAttempt.at >= patient.discharged_at,
        or_(ContactAttempt.result == ContactResult.REACHED, ContactAttempt.inbound),
    )
    return session.scalars(talked).first() is not None


def _once(session: Session, about: About, due_at: datetime, now: datetime) -> None:
    known = select(WorklistItem.id).where(WorklistItem.org_id == about.org_id, WorklistItem.subject == about.subject)
    if session.scalars(known).first() is None:
        with acting.in_org(session, about.org_id):
            worklist.open_item(session, about, due_at=due_at, now=now)

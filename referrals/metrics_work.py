"""How our own work stands now: late referrals and caseloads by member of staff, and how fresh the listings are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from referrals.cohort import REFERRAL, not_corrected
from referrals.figures import Rate
from referrals.lifecycle import WITH_AGENCY
from resources_db.models.directory import Service
from resources_db.models.messages import InboundMessage
from resources_db.models.people import Assignment, ContactAttempt, Patient
from resources_db.models.referrals import PatientAnswer, Referral, WorklistItem
from resources_db.models.tenants import AppUser
from resources_db.repositories.columns import raw, rows
from resources_db.vocab import Reason, ReferralState, ServiceStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from referrals.periods import Period

FRESH = timedelta(days=90)
NO_CONTACT = timedelta(days=30)
FEW, MANY = 25, 75
"""A caseload of so many patients is what one person can hold (referrals.md section 9)."""
WRONG_LISTING = (Reason.OUT_OF_AREA, Reason.SERVICE_NOT_OFFERED, Reason.PROGRAM_CLOSED)
"""No for a reason that a right listing would have told before."""
_TABLES = (Assignment, AppUser, Patient, WorklistItem, ContactAttempt, InboundMessage, PatientAnswer, Service)
HELD, USER, PATIENT, ITEM, CONTACT, INBOUND, ANSWER, SERVICE = (one.__table__.c for one in _TABLES)


@dataclass(frozen=True, slots=True)
class Load:
    """One member of staff: patients, late items, patients not spoken with for 30 days, open and late referrals."""

    name: str
    patients: int
    late_items: int
    no_contact: int
    open: int
    stale: int

    @property
    def band(self) -> str:
        """few, right or many."""
        return "few" if self.patients < FEW else "many" if self.patients > MANY else "right"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Listings confirmed in 90 days, referrals to others, and failures that a right listing would have spared."""

    confirmed: Rate
    to_older: Rate
    wrong: Rate


def loads(session: Session, now: datetime) -> list[Load]:
    """By the lead of each patient, as of now; the largest caseload first."""
    held = HELD.ended_at.is_(None)
    patients = _per_lead(session, select(raw(HELD.navigator_id), func.count()).where(held))
    late = _per_lead(session, _of_patients(WorklistItem, ITEM.patient_id, ITEM.done_at.is_(None) & (ITEM.due_at < now)))
    with_agency = REFERRAL.state.in_(WITH_AGENCY)
    every = _per_lead(session, _of_patients(Referral, REFERRAL.patient_id, with_agency))
    stale = _per_lead(session, _of_patients(Referral, REFERRAL.patient_id, and_(with_agency, REFERRAL.due_at < now)))
    silent = _per_lead(session, select(raw(HELD.navigator_id), func.count()).where(held, ~_spoken_with(now)))
    people = select(raw(USER.id), USER.name).where(USER.id.in_(select(HELD.navigator_id).where(held)))
    found = [
        Load(
            name=str(name),
            patients=patients.get(one, 0),
            late_items=late.get(one, 0),
            no_contact=silent.get(one, 0),
            open=every.get(one, 0),
            stale=stale.get(one, 0),
        )
        for one, name in rows(session, people)
        if patients.get(one, 0)
    ]
    return sorted(found, key=lambda load: (-load.patients, load.name))


def freshness(session: Session, period: Period) -> Freshness:
    """The listings as they are now, and the referrals of the period that went to them."""
    since = period.as_of - FRESH
    fresh = case((SERVICE.confirmed_at >= since, 1), else_=0)
    listings = select(func.sum(fresh), func.count()).where(SERVICE.status == ServiceStatus.ACTIVE)
    wrong = case((and_(REFERRAL.state == ReferralState.DECLINED, REFERRAL.reason.in_(WRONG_LISTING)), 1), else_=0)
    sent = (
        select(func.sum(1 - fresh), func.sum(wrong), func.count())
        .join_from(Referral.__table__, Service.__table__, SERVICE.id == REFERRAL.service_id)
        .where(REFERRAL.sent_at >= period.since, REFERRAL.sent_at < period.until, REFERRAL.sent_at <= period.as_of)
        .where(not_corrected(period.as_of))
    )
    ((confirmed, listed),) = rows(session, listings)
    ((older, failed, n),) = rows(session, sent)
    return Freshness(Rate(_int(confirmed), _int(listed)), Rate(_int(older), _int(n)), Rate(_int(failed), _int(n)))


def _of_patients(
    table: type[WorklistItem | Referral], patient: ColumnElement[object], which: ColumnElement[bool]
) -> Select[*tuple[object, ...]]:
    joined = select(raw(HELD.navigator_id), func.count()).join_from(
        table.__table__, Assignment.__table__, and_(HELD.patient_id == patient, HELD.ended_at.is_(None))
    )
    return joined.where(which)


def _per_lead(session: Session, query: Select[*tuple[object, ...]]) -> Mapping[object, int]:
    return {lead: _int(count) for lead, count in rows(session, query.group_by(HELD.navigator_id))}


def _spoken_with(now: datetime) -> ColumnElement[bool]:
    since = now - NO_CONTACT
    parts = ((CONTACT.patient_id, CONTACT.at), (INBOUND.patient_id, INBOUND.at), (ANSWER.patient_id, ANSWER.at))
    heard = [select(who).where(when >= since, who.is_not(None)) for who, when in parts]
    first, *others = heard
    return HELD.patient_id.in_(first.union(*others))


def _int(count: object) -> int:
    return int(str(count or 0))

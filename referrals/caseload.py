"""What a navigator sees of their day: the Today list. The table of patients is patient_table. Reads only.

A constant number of queries for any number of rows; nothing is counted on rows beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from referrals import needs, people
from referrals.lifecycle import WITH_AGENCY
from referrals.whose import led_by
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ServiceRequest, WorklistItem
from resources_db.vocab import Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One row of the Today list: who, why, when."""

    id: uuid.UUID
    patient_id: uuid.UUID
    referral_id: uuid.UUID | None
    name: str
    first_name: str
    phone: str
    language: str
    subneed: str
    why: WhyCode
    facts: JsonDict
    words: str
    tier: Tier
    due_at: datetime
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The line under the list."""

    patients: int
    open_referrals: int
    snoozed: int


def today(session: Session, *, owner_id: uuid.UUID | None, now: datetime, snoozed: bool = False) -> list[TodayItem]:
    """Open items of one navigator (or of everybody), what is most urgent first; snoozed ones only when asked for."""
    hidden = WorklistItem.snoozed_until > now
    query = (
        select(WorklistItem, Patient, Need)
        .join(Patient, Patient.id == WorklistItem.patient_id)
        .outerjoin(Referral, Referral.id == WorklistItem.referral_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .outerjoin(Need, Need.id == func.coalesce(WorklistItem.need_id, ServiceRequest.need_id))
        .where(WorklistItem.done_at.is_(None))
        .where(hidden if snoozed else or_(WorklistItem.snoozed_until.is_(None), ~hidden))
        .order_by(WorklistItem.tier, WorklistItem.due_at, WorklistItem.created_at, WorklistItem.id)
    )
    return [_item(item, patient, need) for item, patient, need in session.execute(_of_owner(query, owner_id))]


def waiting(session: Session, *, owner_id: uuid.UUID, now: datetime) -> int:
    """How many items stand on a navigator's list: the number in the bar."""
    awake = or_(WorklistItem.snoozed_until.is_(None), WorklistItem.snoozed_until <= now)
    query = select(func.count()).select_from(WorklistItem).where(WorklistItem.done_at.is_(None), awake)
    return session.scalar(_of_owner(query, owner_id)) or 0


def totals(session: Session, *, owner_id: uuid.UUID | None, now: datetime) -> Totals:
    """How many patients and open referrals somebody looks after, and how many items sleep."""
    mine = led_by(owner_id)
    open_ones = select(func.count()).select_from(Referral).where(Referral.state.in_(WITH_AGENCY))
    asleep = select(func.count()).select_from(WorklistItem)
    asleep = asleep.where(WorklistItem.done_at.is_(None), WorklistItem.snoozed_until > now)
    return Totals(
        patients=session.scalar(select(func.count()).select_from(Patient).where(Patient.id.in_(mine))) or 0,
        open_referrals=session.scalar(open_ones.where(Referral.patient_id.in_(mine))) or 0,
        snoozed=session.scalar(_of_owner(asleep, owner_id)) or 0,
    )


def _of_owner(query: Select, owner_id: uuid.UUID | None) -> Select:  # type: ignore[type-arg]
    if owner_id is None:
        return query
    # An item of nobody is everybody's until somebody leads the patient.
    return query.where(or_(WorklistItem.owner_id == owner_id, WorklistItem.owner_id.is_(None)))


def _item(item: WorklistItem, patient: Patient, need: Need | None) -> TodayItem:
    return TodayItem(
        id=item.id,
        patient_id=patient.id,
        referral_id=item.referral_id,
        name=people.short_name(patient),
        first_name=patient.first_name,
        phone="" if patient.never_call else patient.phone,
        language=patient.language,
        subneed=needs.subneed_of(need) if need is not None else "",
        why=item.why,
        facts=item.facts,
        words=item.words,
        tier=item.tier,
        due_at=item.due_at,
        snoozed_until=item.snoozed_until,
    )

"""What a navigator sees of their day and of their people: the Today list and the patient table. Reads only.

A constant number of queries for any number of rows; nothing is counted on rows beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from referrals import needs, people, tiers
from referrals.lifecycle import WITH_AGENCY
from referrals.tiers import Circumstances
from resources_db.models.messages import InboundMessage
from resources_db.models.people import Assignment, ContactAttempt, Need, Patient
from resources_db.models.referrals import PatientAnswer, Referral, ServiceRequest, WorklistItem
from resources_db.vocab import HelpWanted, Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One patient of the table."""

    id: uuid.UUID
    name: str
    language: str
    open_needs: tuple[str, ...]
    oldest_days: int | None
    open_referrals: int
    last_contact: datetime | None
    next_due: datetime | None
    tier: Tier
    because: tuple[tiers.Fact, ...]


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
    mine = _patient_ids(owner_id)
    open_ones = select(func.count()).select_from(Referral).where(Referral.state.in_(WITH_AGENCY))
    asleep = select(func.count()).select_from(WorklistItem)
    asleep = asleep.where(WorklistItem.done_at.is_(None), WorklistItem.snoozed_until > now)
    return Totals(
        patients=session.scalar(select(func.count()).select_from(Patient).where(Patient.id.in_(mine))) or 0,
        open_referrals=session.scalar(open_ones.where(Referral.patient_id.in_(mine))) or 0,
        snoozed=session.scalar(_of_owner(asleep, owner_id)) or 0,
    )


def patients(session: Session, *, owner_id: uuid.UUID | None, now: datetime) -> list[CaseRow]:
    """The patients of a navigator (or of the whole org), who needs us soonest first."""
    rows = session.scalars(select(Patient).where(Patient.id.in_(_patient_ids(owner_id)))).all()
    ids = [patient.id for patient in rows]
    open_needs, items = _open_needs(session, ids), _open_items(session, ids)
    referrals, contacts = _open_referrals(session, ids), _last_contacts(session, ids)
    table = [
        _case(patient, open_needs[patient.id], items[patient.id], referrals.get(patient.id, 0), contacts, now)
        for patient in rows
    ]
    return sorted(table, key=lambda row: (row.tier, -(row.oldest_days or 0), row.name.casefold()))


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


def _patient_ids(owner_id: uuid.UUID | None) -> Select[uuid.UUID]:
    everybody = select(Patient.id).where(Patient.closed_at.is_(None))
    if owner_id is None:
        return everybody
    lead = select(Assignment.patient_id).where(Assignment.navigator_id == owner_id, Assignment.ended_at.is_(None))
    return everybody.where(Patient.id.in_(lead))


def _open_needs(session: Session, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Need]]:
    query = select(Need).where(Need.patient_id.in_(ids), Need.status.in_(needs.OPEN), Need.closed_at.is_(None))
    found: dict[uuid.UUID, list[Need]] = defaultdict(list)
    for need in session.scalars(query.order_by(Need.identified_at)):
        if need.help_wanted is not HelpWanted.NO:
            found[need.patient_id].append(need)
    return found


def _open_items(session: Session, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[WorklistItem]]:
    query = select(WorklistItem).where(WorklistItem.patient_id.in_(ids), WorklistItem.done_at.is_(None))
    found: dict[uuid.UUID, list[WorklistItem]] = defaultdict(list)
    for item in session.scalars(query):
        found[item.patient_id].append(item)
    return found


def _open_referrals(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = (
        select(Referral.patient_id, func.count())
        .where(Referral.patient_id.in_(ids), Referral.state.in_(WITH_AGENCY))
        .group_by(Referral.patient_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _last_contacts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When we last heard from each patient, or tried to reach them."""
    newest: dict[uuid.UUID, datetime] = {}
    for who, when in (
        (ContactAttempt.patient_id, ContactAttempt.at),
        (PatientAnswer.patient_id, PatientAnswer.at),
        (InboundMessage.patient_id, InboundMessage.at),
    ):
        for patient_id, at in session.execute(select(who, func.max(when)).where(who.in_(ids)).group_by(who)):
            if patient_id is not None:
                newest[patient_id] = max(at, newest.get(patient_id, at))
    return newest


def _case(
    patient: Patient,
    open_needs: Sequence[Need],
    items: Sequence[WorklistItem],
    open_referrals: int,
    contacts: Mapping[uuid.UUID, datetime],
    now: datetime,
) -> CaseRow:
    days = [found for need in open_needs if (found := needs.days_without_help(need, now)) is not None]
    tier, because = tiers.tier_of(_circumstances(patient, open_needs, items, max(days, default=0), now), now.date())
    return CaseRow(
        id=patient.id,
        name=people.full_name(patient),
        language=patient.language,
        open_needs=tuple(needs.subneed_of(need) for need in open_needs),
        oldest_days=max(days, default=None),
        open_referrals=open_referrals,
        last_contact=contacts.get(patient.id),
        next_due=min((item.due_at for item in items), default=None),
        tier=patient.pinned_tier or tier,
        because=because,
    )


def _circumstances(
    patient: Patient, open_needs: Sequence[Need], items: Iterable[WorklistItem], oldest: int, now: datetime
) -> Circumstances:
    whys = {item.why: item for item in items}
    dates: list[date] = [need.date_at_risk for need in open_needs if need.date_at_risk is not None]
    disagreement = whys.get(WhyCode.DISAGREEMENT)
    return Circumstances(
        open_needs=len(open_needs),
        oldest_need_days=oldest,
        next_date_at_risk=min(dates, default=None),
        discharged_at=patient.discharged_at,
        safety=any(needs.subneed_of(need) in needs.SAFETY for need in open_needs),
        wants_call=WhyCode.PATIENT_WANTS_CALL in whys,
        old_disagreement=disagreement is not None and disagreement.due_at < now,
        unanswered_questions=2 if WhyCode.NO_ANSWER_TWICE in whys else 0,
    )

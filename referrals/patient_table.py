"""The table of patients: needs, oldest waiting, last contact, what is due, and the tier with its facts. Reads only.

A constant number of queries for any number of rows; nothing is counted on rows beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from referrals import needs, people, tiers
from referrals.lifecycle import WITH_AGENCY
from referrals.tiers import Circumstances
from referrals.whose import led_by
from resources_db.models.messages import InboundMessage
from resources_db.models.people import ContactAttempt, Need, Patient
from resources_db.models.referrals import PatientAnswer, Referral, WorklistItem
from resources_db.vocab import HelpWanted, Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


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


def patients(session: Session, *, owner_id: uuid.UUID | None, now: datetime) -> list[CaseRow]:
    """The patients of a navigator (or of the whole org), who needs us soonest first."""
    rows = session.scalars(select(Patient).where(Patient.id.in_(led_by(owner_id)))).all()
    ids = [patient.id for patient in rows]
    open_needs, items = _open_needs(session, ids), _open_items(session, ids)
    referrals, contacts = _open_referrals(session, ids), _last_contacts(session, ids)
    table = [
        _case(patient, open_needs[patient.id], items[patient.id], referrals.get(patient.id, 0), contacts, now)
        for patient in rows
    ]
    return sorted(table, key=lambda row: (row.tier, -(row.oldest_days or 0), row.name.casefold()))


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

"""Which facts of the tiers are true of whom: each fact is one query for ids of patients. Reads only.

The same queries sort and filter a table of thousands and give the reasons of its rows, so both always agree and
nothing is stored that could grow old (docs/adr/0011). What they may read is a list of its own: `tests` hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, case, func, or_, select, type_coerce

from i18n import formatting
from referrals import business_days, needs
from referrals.lifecycle import WITH_AGENCY
from referrals.tiers import DECIDES, Fact
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ReferralTask, ServiceRequest, WorklistItem
from resources_db.vocab import HelpWanted, Priority, ReferralState, TaskKind, Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

TONIGHT = ("food_pantry", "hot_meals", "infant_formula", "emergency_shelter", "warming_cooling")
"""Needs that cannot wait until tomorrow when they are urgent: something to eat, somewhere to sleep."""
FAILED = (ReferralState.DECLINED, ReferralState.NOT_SERVED, ReferralState.NO_RESPONSE)
SEALED_OTHER = "other"
"""The domain that stands in the database for a sealed need of safety."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the facts are asked, and what only an opened seal tells: who has a need of safety."""

    now: datetime
    today: date
    safety: frozenset[uuid.UUID]


def moment(session: Session, *, zone: str, now: datetime) -> Moment:
    """The present moment in the zone of the org. Sealed needs that may be needs of safety are opened."""
    sealed = select(Need).where(_open(), Need.subneed == SEALED_OTHER, Need.subneed_full_enc.is_not(None))
    safety = {one.patient_id for one in session.scalars(sealed) if needs.subneed_of(one) in needs.SAFETY}
    return Moment(now, formatting.local(now, zone).date(), frozenset(safety))


def true_of(session: Session, ids: Collection[uuid.UUID], at: Moment) -> dict[uuid.UUID, frozenset[Fact]]:
    """The facts that are true of these patients, in one query."""
    facts = queries(at)
    columns = [Patient.id.in_(query) for query in facts.values()]
    rows = session.execute(select(Patient.id, *columns).where(Patient.id.in_(ids)))
    return {row[0]: frozenset(fact for fact, true in zip(facts, row[1:], strict=True) if true) for row in rows}


def pinned(at: Moment) -> ColumnElement[bool]:
    """Whether a person pinned the tier of a patient; a pin ends by itself after its last day."""
    return and_(Patient.pinned_tier.is_not(None), or_(Patient.pinned_until.is_(None), Patient.pinned_until >= at.today))


def tier(at: Moment) -> ColumnElement[str]:
    """The tier of a patient as SQL, for sorting and filtering."""
    facts = queries(at)
    decided = [(or_(*(Patient.id.in_(facts[fact]) for fact in deciding)), of.value) for of, deciding in DECIDES.items()]
    return case((pinned(at), type_coerce(Patient.pinned_tier, String)), *decided, else_=Tier.STEADY.value)


def queries(at: Moment) -> Mapping[Fact, Select[uuid.UUID]]:
    """For each fact the query for the patients of whom it is true."""
    second = business_days.next_business_day(business_days.next_business_day(at.today))
    wanted = select(Need.patient_id).where(_open(), Need.help_wanted == HelpWanted.YES)
    dated = select(Need.patient_id).where(_open(), Need.help_wanted != HelpWanted.NO)
    return {
        Fact.SAFETY: select(Patient.id).where(Patient.id.in_(at.safety)),
        Fact.NOTHING_TONIGHT: wanted.where(Need.subneed.in_(TONIGHT), Need.urgency == Priority.URGENT),
        Fact.DATE_WITHIN_2_DAYS: dated.where(Need.date_at_risk <= second),
        Fact.CONTACT_DUE: _contact_due(at.now + timedelta(days=(second - at.today).days)),
        Fact.URGENT_OVERDUE: select(Referral.patient_id).where(
            Referral.priority == Priority.URGENT, Referral.state.in_(WITH_AGENCY), Referral.due_at < at.now
        ),
        Fact.WANTS_CALL: _items(WhyCode.PATIENT_WANTS_CALL),
        Fact.OLD_DISAGREEMENT: _items(WhyCode.DISAGREEMENT).where(WorklistItem.due_at < at.now),
        Fact.DATE_WITHIN_14_DAYS: dated.where(Need.date_at_risk <= at.today + timedelta(days=14)),
        Fact.HOME_FROM_HOSPITAL: select(Patient.id).where(
            Patient.discharged_at.between(at.now - timedelta(days=30), at.now)
        ),
        Fact.THREE_NEEDS: wanted.group_by(Need.patient_id).having(func.count() >= 3),
        Fact.TWO_FAILED: _two_failed(),
        Fact.WAITING_30_DAYS: wanted.where(Need.identified_at <= at.now - timedelta(days=31)),
        Fact.NO_ANSWER_TWICE: _items(WhyCode.NO_ANSWER_TWICE),
        Fact.OPEN_NEED: dated,
    }


def _open() -> ColumnElement[bool]:
    return and_(Need.status.in_(needs.OPEN), Need.closed_at.is_(None))


def _items(*whys: WhyCode) -> Select[uuid.UUID]:
    return select(WorklistItem.patient_id).where(WorklistItem.done_at.is_(None), WorklistItem.why.in_(whys))


def _contact_due(until: datetime) -> Select[uuid.UUID]:
    """The clock after a discharge: nobody has spoken with the person yet, and the day is near or past."""
    clock = select(ReferralTask.patient_id).where(
        ReferralTask.kind == TaskKind.CONTACT_DUE, ReferralTask.done_at.is_(None), ReferralTask.due_at <= until
    )
    listed = _items(WhyCode.HOME_FROM_HOSPITAL, WhyCode.CONTACT_DUE).where(WorklistItem.due_at <= until)
    return select(Patient.id).where(or_(Patient.id.in_(clock), Patient.id.in_(listed)))


def _two_failed() -> Select[uuid.UUID]:
    """Two attempts for one open need came to nothing; of a chain of corrections only the last one counts."""
    corrected = select(Referral.correction_of).where(Referral.correction_of.is_not(None))
    return (
        select(ServiceRequest.patient_id)
        .join(Referral, Referral.request_id == ServiceRequest.id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .where(_open(), Referral.state.in_(FAILED), Referral.id.not_in(corrected))
        .group_by(ServiceRequest.patient_id, ServiceRequest.need_id)
        .having(func.count() >= 2)
    )

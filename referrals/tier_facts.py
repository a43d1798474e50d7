"""Which facts of the tiers are true of whom, as SQL: one look at the needs, one at the worklist, some lists of ids.

The same columns sort and filter a table of thousands and give the reasons of its rows, so both always agree and
nothing is stored that could grow old (docs/adr/0011). What they may read is a list of its own: `tests` hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias, TypeVarTuple

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

    from sqlalchemy import ColumnElement, Select, Subquery
    from sqlalchemy.orm import InstrumentedAttribute, Session

TONIGHT = ("food_pantry", "hot_meals", "infant_formula", "emergency_shelter", "warming_cooling")
"""Needs that cannot wait until tomorrow when they are urgent: something to eat, somewhere to sleep."""
FAILED = (ReferralState.DECLINED, ReferralState.NOT_SERVED, ReferralState.NO_RESPONSE)
SEALED_OTHER = "other"
"""The domain that stands in the database for a sealed need of safety."""


DECIDING_ITEMS = (
    *(WhyCode.HOME_FROM_HOSPITAL, WhyCode.CONTACT_DUE, WhyCode.DISAGREEMENT),
    *(WhyCode.PATIENT_WANTS_CALL, WhyCode.NO_ANSWER_TWICE),
)
LONG_WAIT = timedelta(days=31)
"""More than 30 whole days."""
Within: TypeAlias = "list[uuid.UUID] | None"
"""Ids of the patients a question is about; None: all of the org."""
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Moment:
    """When the facts are asked, and what only an opened seal tells: who has a need of safety."""

    now: datetime
    today: date
    safety: frozenset[uuid.UUID]


def moment(session: Session, *, zone: str, now: datetime, within: Within = None) -> Moment:
    """The present moment in the zone of the org. Sealed needs that may be needs of safety are opened."""
    sealed = select(Need).where(_open(), Need.subneed == SEALED_OTHER, Need.subneed_full_enc.is_not(None))
    sealed = _of(sealed, Need.patient_id, within)
    safety = {one.patient_id for one in session.scalars(sealed) if needs.subneed_of(one) in needs.SAFETY}
    return Moment(now, formatting.local(now, zone).date(), frozenset(safety))


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts as columns, and what a query for patients must join to have them."""

    joins: tuple[Subquery, ...]
    columns: Mapping[Fact, ColumnElement[bool]]

    def joined(self, query: Select[*Ts]) -> Select[*Ts]:
        """The query for patients with the facts within its reach."""
        for one in self.joins:
            query = query.outerjoin(one, one.c.patient_id == Patient.id)
        return query


def true_of(session: Session, ids: Collection[uuid.UUID], at: Moment) -> dict[uuid.UUID, frozenset[Fact]]:
    """The facts that are true of these patients, in one query."""
    facts = of(at, list(ids))
    rows = session.execute(facts.joined(select(Patient.id, *facts.columns.values())).where(Patient.id.in_(ids)))
    return {row[0]: frozenset(fact for fact, true in zip(facts.columns, row[1:], strict=True) if true) for row in rows}


def tier(facts: Facts, at: Moment) -> ColumnElement[str]:
    """The tier of a patient as SQL, for sorting and filtering. A pin of a person ends by itself after its last day."""
    pinned = and_(
        Patient.pinned_tier.is_not(None), or_(Patient.pinned_until.is_(None), Patient.pinned_until >= at.today)
    )
    decided = [
        (or_(*(facts.columns[fact] for fact in deciding)), of_tier.value) for of_tier, deciding in DECIDES.items()
    ]
    return case((pinned, type_coerce(Patient.pinned_tier, String)), *decided, else_=Tier.STEADY.value)


def of(at: Moment, within: Within = None) -> Facts:
    """The facts; `within` says of whom they are asked, so that the rest of the org is not read."""
    second = business_days.next_business_day(business_days.next_business_day(at.today))
    until = at.now + timedelta(days=(second - at.today).days)
    need, item = _needs(within), _items(at, until, within)
    return Facts(
        (need, item),
        {
            Fact.SAFETY: Patient.id.in_(at.safety),
            Fact.NOTHING_TONIGHT: need.c.tonight == 1,
            Fact.DATE_WITHIN_2_DAYS: need.c.at_risk <= second,
            Fact.CONTACT_DUE: or_(item.c.home == 1, Patient.id.in_(_contact_clock(until))),
            Fact.URGENT_OVERDUE: Patient.id.in_(_urgent_overdue(at, within)),
            Fact.WANTS_CALL: item.c.call == 1,
            Fact.OLD_DISAGREEMENT: item.c.disagree == 1,
            Fact.DATE_WITHIN_14_DAYS: need.c.at_risk <= at.today + timedelta(days=14),
            Fact.HOME_FROM_HOSPITAL: Patient.discharged_at.between(at.now - timedelta(days=30), at.now),
            Fact.THREE_NEEDS: need.c.wanted >= 3,
            Fact.TWO_FAILED: Patient.id.in_(_two_failed(within)),
            Fact.WAITING_30_DAYS: need.c.since <= at.now - LONG_WAIT,
            Fact.NO_ANSWER_TWICE: item.c.silent == 1,
            Fact.OPEN_NEED: need.c.patient_id.is_not(None),
        },
    )


def _open() -> ColumnElement[bool]:
    return and_(Need.status.in_(needs.OPEN), Need.closed_at.is_(None))


def _needs(within: Within) -> Subquery:
    """The open needs of each patient that help is wanted with, or that nobody has asked about."""
    wanted = Need.help_wanted == HelpWanted.YES
    tonight = and_(wanted, Need.subneed.in_(TONIGHT), Need.urgency == Priority.URGENT)
    query = select(
        Need.patient_id,
        func.sum(case((wanted, 1), else_=0)).label("wanted"),
        func.max(case((tonight, 1), else_=0)).label("tonight"),
        func.min(Need.date_at_risk).label("at_risk"),
        func.min(case((wanted, Need.identified_at))).label("since"),
    ).where(_open(), Need.help_wanted != HelpWanted.NO)
    return _of(query, Need.patient_id, within).group_by(Need.patient_id).subquery("open_needs")


def _items(at: Moment, until: datetime, within: Within) -> Subquery:
    """What stands on the worklist about each patient."""
    home = and_(WorklistItem.why.in_((WhyCode.HOME_FROM_HOSPITAL, WhyCode.CONTACT_DUE)), WorklistItem.due_at <= until)
    disagree = and_(WorklistItem.why == WhyCode.DISAGREEMENT, WorklistItem.due_at < at.now)
    marks = {
        "home": home,
        "disagree": disagree,
        "call": WorklistItem.why == WhyCode.PATIENT_WANTS_CALL,
        "silent": WorklistItem.why == WhyCode.NO_ANSWER_TWICE,
    }
    columns = [func.max(case((true, 1), else_=0)).label(name) for name, true in marks.items()]
    query = select(WorklistItem.patient_id, *columns).where(
        WorklistItem.done_at.is_(None), WorklistItem.why.in_(DECIDING_ITEMS)
    )
    return _of(query, WorklistItem.patient_id, within).group_by(WorklistItem.patient_id).subquery("open_items")


def _contact_clock(until: datetime) -> Select[uuid.UUID]:
    """The clock after a discharge: nobody has spoken with the person yet, and the day is near or past."""
    return select(ReferralTask.patient_id).where(
        ReferralTask.kind == TaskKind.CONTACT_DUE, ReferralTask.done_at.is_(None), ReferralTask.due_at <= until
    )


def _urgent_overdue(at: Moment, within: Within) -> Select[uuid.UUID]:
    late = select(Referral.patient_id).where(
        Referral.priority == Priority.URGENT, Referral.state.in_(WITH_AGENCY), Referral.due_at < at.now
    )
    return _of(late, Referral.patient_id, within)


def _two_failed(within: Within) -> Select[uuid.UUID]:
    """Two attempts for one open need came to nothing; of a chain of corrections only the last one counts."""
    corrections = select(Referral.correction_of).where(Referral.correction_of.is_not(None))
    corrected = _of(corrections, Referral.patient_id, within)  # a correction is about the same patient
    query = (
        select(ServiceRequest.patient_id)
        .join(Referral, Referral.request_id == ServiceRequest.id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .where(_open(), Referral.state.in_(FAILED), Referral.id.not_in(corrected))
    )
    query = _of(query, ServiceRequest.patient_id, within)
    return query.group_by(ServiceRequest.patient_id, ServiceRequest.need_id).having(func.count() >= 2)


def _of(query: Select[*Ts], patient_id: InstrumentedAttribute[uuid.UUID], within: Within) -> Select[*Ts]:
    return query if within is None else query.where(patient_id.in_(within))

"""What a navigator sees of their day: the Today list. The table of patients is patient_table. Reads only.

A constant number of queries for any number of rows; nothing is counted on rows beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from referrals import needs, people, sight
from referrals.lifecycle import WITH_AGENCY
from resources_db.listing_key import ListingKey
from resources_db.models.people import Assignment, Need, Patient
from resources_db.models.referrals import AgencyContact, Referral, ReferralTask, ServiceRequest, WorklistItem
from resources_db.models.tenants import CareTeamMember
from resources_db.vocab import Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict

PRESENT = select(Patient.id).where(Patient.closed_at.is_(None))
MOST = 150
"""Rows of one page. Nobody works through more in a day, and a team's list can hold thousands."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose items. Without owners it is the list of the teams of `team_of`, or of the whole org where they have none.

    An item of nobody is everybody's until somebody leads the patient.
    """

    owners: tuple[uuid.UUID, ...] = ()
    nobodys: bool = True
    team_of: uuid.UUID | None = None


EVERYBODY = Scope()


def of(owner_id: uuid.UUID, *covered: uuid.UUID) -> Scope:
    """One's own list, with those of colleagues one covers for."""
    return Scope((owner_id, *covered))


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the list is asked for. `late_before` is the beginning of today; nothing chosen shows everything."""

    whys: frozenset[WhyCode] = frozenset()
    language: str = ""
    patient_id: uuid.UUID | None = None
    late_before: datetime | None = None
    snoozed: bool = False


ALL = Filters()


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One row of the Today list: who, why, when."""

    id: uuid.UUID
    patient_id: uuid.UUID
    referral_id: uuid.UUID | None
    owner_id: uuid.UUID | None
    name: str
    first_name: str
    phone: str
    """Empty when the person must not be called."""
    safe_contact: str
    may_text: bool
    language: str
    zip: str
    subneed: str
    why: WhyCode
    facts: JsonDict
    words: str
    tier: Tier
    due_at: datetime
    snoozed_until: datetime | None
    place: ListingKey | None
    """The listing of the referral the item is about."""
    ask_for: str
    """Whom to ask for at the agency, and when it is best called."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The line under the list."""

    patients: int
    open_referrals: int
    snoozed: int


def today(session: Session, scope: Scope, *, now: datetime, filters: Filters = ALL) -> list[TodayItem]:
    """Open items: tier, then what is overdue, then by day. At most MOST; `how_many` says how many there are."""
    query = (
        select(WorklistItem, Patient, Need, Referral.service_id, Referral.location_id, AgencyContact)
        .join(Patient, Patient.id == WorklistItem.patient_id)
        .outerjoin(Referral, Referral.id == WorklistItem.referral_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .outerjoin(Need, Need.id == func.coalesce(WorklistItem.need_id, ServiceRequest.need_id))
        .outerjoin(AgencyContact, AgencyContact.id == Referral.contact_id)
        .order_by(WorklistItem.tier, WorklistItem.due_at, WorklistItem.created_at, WorklistItem.id)
        .limit(MOST)
    )
    rows = session.execute(query.where(*_whose(scope), *_asked(filters, now)))
    return [
        _item(item, patient, need, _place(service, location), contact)
        for item, patient, need, service, location, contact in rows
        if _may_see(need)
    ]


def _place(service_id: uuid.UUID | None, location_id: uuid.UUID | None) -> ListingKey | None:
    return ListingKey(service_id, location_id) if service_id is not None else None


def _may_see(need: Need | None) -> bool:
    return need is None or not needs.is_protected(need) or sight.sees_need(need)


def how_many(session: Session, scope: Scope, *, now: datetime, filters: Filters = ALL) -> int:
    """How many items stand on the list, shown or not: the number in the bar."""
    query = select(func.count()).select_from(WorklistItem)
    if filters.language:
        query = query.join(Patient, Patient.id == WorklistItem.patient_id)
    return session.scalar(query.where(*_whose(scope), *_asked(filters, now))) or 0


def languages(session: Session, scope: Scope, *, now: datetime) -> Sequence[str]:
    """The languages of the people on the list, for its filter."""
    query = select(Patient.language).join(WorklistItem, WorklistItem.patient_id == Patient.id).distinct()
    return session.scalars(query.where(*_whose(scope), *_asked(ALL, now)).order_by(Patient.language)).all()


def totals(session: Session, scope: Scope, *, now: datetime) -> Totals:
    """How many patients and open referrals stand behind the list, and how many items sleep."""
    mine = _patients(scope)
    open_ones = select(func.count()).select_from(Referral).where(Referral.state.in_(WITH_AGENCY))
    return Totals(
        patients=session.scalar(select(func.count()).select_from(Patient).where(Patient.id.in_(mine))) or 0,
        open_referrals=session.scalar(open_ones.where(Referral.patient_id.in_(mine))) or 0,
        snoozed=how_many(session, scope, now=now, filters=Filters(snoozed=True)),
    )


def next_at(session: Session, scope: Scope, *, now: datetime) -> datetime | None:
    """When the list may get its next item by itself: one that sleeps wakes, or a clock of a referral rings."""
    asleep = select(func.min(WorklistItem.snoozed_until)).where(*_whose(scope), *_asked(Filters(snoozed=True), now))
    wakes = session.scalar(asleep)
    clocks = select(func.min(ReferralTask.due_at)).where(
        ReferralTask.done_at.is_(None), ReferralTask.due_at > now, ReferralTask.patient_id.in_(_patients(scope))
    )
    rings = session.scalar(clocks)
    return min((moment for moment in (wakes, rings) if moment is not None), default=None)


def _asked(filters: Filters, now: datetime) -> Iterator[ColumnElement[bool]]:
    hidden = WorklistItem.snoozed_until > now
    yield WorklistItem.done_at.is_(None)
    yield hidden if filters.snoozed else or_(WorklistItem.snoozed_until.is_(None), ~hidden)
    if filters.whys:
        yield WorklistItem.why.in_(filters.whys)
    if filters.language:
        yield Patient.language == filters.language
    if filters.patient_id is not None:
        yield WorklistItem.patient_id == filters.patient_id
    if filters.late_before is not None:
        yield WorklistItem.due_at < filters.late_before


def _whose(scope: Scope) -> Iterator[ColumnElement[bool]]:
    if scope.owners:
        owned = WorklistItem.owner_id.in_(scope.owners)
        yield or_(owned, WorklistItem.owner_id.is_(None)) if scope.nobodys else owned
    elif scope.team_of is not None:
        yield WorklistItem.patient_id.in_(_patients(scope))


def _patients(scope: Scope) -> Select[uuid.UUID]:
    if scope.owners:
        led = select(Assignment.patient_id).where(
            Assignment.navigator_id.in_(scope.owners), Assignment.ended_at.is_(None)
        )
        return PRESENT.where(Patient.id.in_(led))
    if scope.team_of is not None:
        teams = select(CareTeamMember.care_team_id).where(
            CareTeamMember.user_id == scope.team_of, CareTeamMember.ended_at.is_(None)
        )
        return PRESENT.where(or_(Patient.care_team_id.in_(teams), ~teams.exists()))
    return PRESENT


def _item(
    item: WorklistItem, patient: Patient, need: Need | None, place: ListingKey | None, contact: AgencyContact | None
) -> TodayItem:
    return TodayItem(
        id=item.id,
        patient_id=patient.id,
        referral_id=item.referral_id,
        owner_id=item.owner_id,
        name=people.short_name(patient),
        first_name=patient.first_name,
        phone="" if patient.never_call or patient.contact_prohibited else patient.phone,
        safe_contact=patient.safe_contact,
        may_text=bool(patient.phone_bix) and not (patient.never_text or patient.contact_prohibited),
        language=patient.language,
        zip=patient.zip,
        subneed=needs.subneed_of(need) if need is not None else "",
        why=item.why,
        facts=item.facts,
        words=item.words,
        tier=item.tier,
        due_at=item.due_at,
        snoozed_until=item.snoozed_until,
        place=place,
        ask_for=" · ".join(word for word in (contact.name, contact.best_time) if word) if contact else "",
    )

"""The table of patients, a page at a time: needs, oldest waiting, last contact, what is due, the tier with its facts.

Reads only, with the same number of queries for ten patients and for fifteen thousand; counts of a lead's patients too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from referrals import needs, patient_query, people, senders, tier_facts, tiers
from referrals.patient_query import Sort, filtered, open_and_wanted, ordered
from resources_db.encryption import vault
from resources_db.models.people import Assignment, Need, Patient
from resources_db.models.referrals import WorklistItem
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from referrals.patient_query import Ask
    from referrals.tier_facts import Moment
    from resources_db.vocab import Tier

PAGE = 50
NAMES_AT_MOST = 500
"""So many names are opened to sort by them; a longer list has to be narrowed first."""
FEW, MANY = 25, 75
"""A navigator's band: with fewer there is room, with more people wait (referrals.md section 9)."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One patient of the table. `open_needs` are stored words: of a sealed need only its domain."""

    id: uuid.UUID
    name: str
    language: str
    zip: str
    open_needs: tuple[str, ...]
    oldest_days: int | None
    last_contact: datetime | None
    next_due: datetime | None
    tier: Tier
    because: tuple[tiers.Fact, ...]
    pinned_until: date | None
    pinned_because: str
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the table, how long the whole is, and whether it is short enough to be sorted by name."""

    rows: tuple[CaseRow, ...]
    total: int
    number: int
    by_name: bool

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Load:
    """How many patients somebody leads; `lead_id` None: nobody leads them."""

    lead_id: uuid.UUID | None
    name: str
    patients: int


def page(session: Session, ask: Ask, *, number: int = 1, size: int = PAGE, now: datetime) -> Page:
    """One page of what is asked for; a page beyond the end gives the last one."""
    within = list(session.scalars(patient_query.led(ask.leads))) if ask.leads else None
    at = moment(session, now, within)
    query = filtered(ask, at, within)
    if len(ask.zip) > 3:
        query = query.where(Patient.id.in_(_in_zip(session, query, ask.zip)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    by_name = total <= NAMES_AT_MOST
    number = min(max(number, 1), max(1, -(-total // size)))
    first = (number - 1) * size
    if ask.sort is Sort.NAME and by_name:
        ids = _by_name(session, query, backwards=ask.backwards)[first : first + size]
    else:
        ids = list(session.scalars(ordered(query, ask, at, within).limit(size).offset(first)))
    return Page(rows_of(session, ids, at), total, number, by_name)


def moment(session: Session, now: datetime, within: list[uuid.UUID] | None = None) -> Moment:
    """The present moment where the actor's org is, for questions about these patients, or about all."""
    org_id = actor_of(session).org_id
    zone = senders.org_of(session, org_id).timezone if org_id else "UTC"
    return tier_facts.moment(session, zone=zone, now=now, within=within)


def rows_of(session: Session, ids: Sequence[uuid.UUID], at: Moment) -> tuple[CaseRow, ...]:
    """These patients as rows, in the order of `ids`."""
    found = {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(ids)))}
    facts = tier_facts.true_of(session, ids, at)
    open_needs, due = _open_needs(session, ids), _due(session, ids)
    contacts, leads = _last_contacts(session, ids), _leads(session, ids)
    return tuple(
        _row(found[one], facts[one], open_needs[one], due.get(one), contacts.get(one), leads.get(one), at)
        for one in ids
        if one in found
    )


def loads(session: Session) -> tuple[Load, ...]:
    """How many patients each navigator leads, most first."""
    led = Assignment.patient_id == Patient.id
    query = (
        select(AppUser.id, AppUser.name, func.count())
        .select_from(Patient)
        .outerjoin(Assignment, led & Assignment.ended_at.is_(None))
        .outerjoin(AppUser, AppUser.id == Assignment.navigator_id)
        .where(Patient.closed_at.is_(None))
        .group_by(AppUser.id, AppUser.name)
    )
    found = [Load(user_id, name or "", many) for user_id, name, many in session.execute(query)]
    return tuple(sorted(found, key=lambda one: (-one.patients, one.name)))


def _row(
    patient: Patient,
    true: frozenset[tiers.Fact],
    open_needs: Sequence[Need],
    due: datetime | None,
    contact: datetime | None,
    lead_id: uuid.UUID | None,
    at: Moment,
) -> CaseRow:
    days = [found for need in open_needs if (found := needs.days_without_help(need, at.now)) is not None]
    tier, because = tiers.decide(true)
    pinned = patient.pinned_tier is not None and (patient.pinned_until is None or patient.pinned_until >= at.today)
    return CaseRow(
        id=patient.id,
        name=people.full_name(patient),
        language=patient.language,
        zip=patient.zip,
        open_needs=tuple(dict.fromkeys(need.subneed for need in open_needs)),
        oldest_days=max(days, default=None),
        last_contact=contact,
        next_due=due,
        tier=patient.pinned_tier if pinned and patient.pinned_tier else tier,
        because=because,
        pinned_until=patient.pinned_until if pinned else None,
        pinned_because=patient.pinned_because if pinned else "",
        lead_id=lead_id,
    )


def _by_name(session: Session, query: Select[uuid.UUID], *, backwards: bool) -> list[uuid.UUID]:
    named = session.scalars(select(Patient).where(Patient.id.in_(query)))
    order = sorted(named, key=lambda one: (people.full_name(one).casefold(), one.id), reverse=backwards)
    return [one.id for one in order]


def _in_zip(session: Session, query: Select[uuid.UUID], zip_code: str) -> list[uuid.UUID]:
    sealed = session.execute(select(Patient.id, Patient.org_id, Patient.zip_enc).where(Patient.id.in_(query)))
    opened = vault().decrypt
    return [one for one, org, value in sealed if value and opened(value, "patient.zip", org, one, session) == zip_code]


def _open_needs(session: Session, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Need]]:
    found: dict[uuid.UUID, list[Need]] = defaultdict(list)
    query = select(Need).where(Need.patient_id.in_(ids), open_and_wanted()).order_by(Need.identified_at)
    for need in session.scalars(query):
        found[need.patient_id].append(need)
    return found


def _due(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    query = select(WorklistItem.patient_id, func.min(WorklistItem.due_at)).where(WorklistItem.patient_id.in_(ids))
    query = query.where(WorklistItem.done_at.is_(None)).group_by(WorklistItem.patient_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _leads(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    query = select(Assignment.patient_id, Assignment.navigator_id)
    query = query.where(Assignment.patient_id.in_(ids), Assignment.ended_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query)}


def _last_contacts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When we last heard from each patient, or tried to reach them."""
    newest: dict[uuid.UUID, datetime] = {}
    for who, when in patient_query.CONTACTS:
        for patient_id, at in session.execute(select(who, func.max(when)).where(who.in_(ids)).group_by(who)):
            if patient_id is not None:
                newest[patient_id] = max(at, newest.get(patient_id, at))
    return newest

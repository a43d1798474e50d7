"""Whose clock goes at another pace: one for the whole organisation, one for an agency over it. Ended rows stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from referrals import clocks
from referrals.clocks import Step
from referrals.errors import BadInputError, NotFoundError
from resources_db import audit
from resources_db.models.care import AgencyClock
from resources_db.models.directory import Organization
from resources_db.models.referrals import Referral
from resources_db.models.tenants import Org
from resources_db.tenancy import actor_of
from resources_db.vocab import Priority

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.clocks import Pace
    from resources_db.base import JsonDict

    Days = Mapping[tuple[Step, Priority], int]


@dataclass(frozen=True, slots=True)
class Set:
    """A pace that was set: for one agency, or (`organization_id` None) for all of them."""

    id: uuid.UUID
    organization_id: uuid.UUID | None
    agency: str
    steps: JsonDict
    since: datetime


def of(session: Session, referral: Referral) -> Pace:
    """The pace of a referral's agency: the usual one, the organisation's over it, the agency's over that."""
    query = select(AgencyClock).where(
        AgencyClock.org_id == referral.org_id,
        AgencyClock.ended_at.is_(None),
        or_(AgencyClock.organization_id.is_(None), AgencyClock.organization_id == referral.organization_id),
    )
    found = sorted(session.scalars(query), key=lambda one: (one.organization_id is not None, one.created_at))
    return clocks.merged(referral.priority, *(one.steps for one in found))


def listed(session: Session, org_id: uuid.UUID) -> list[Set]:
    """What is set now: the organisation's own first, then agencies by name."""
    query = (
        select(AgencyClock, Organization.name)
        .outerjoin(Organization, Organization.id == AgencyClock.organization_id)
        .where(AgencyClock.org_id == org_id, AgencyClock.ended_at.is_(None))
    )
    rows = [
        Set(one.id, one.organization_id, name or "", one.steps, one.created_at) for one, name in session.execute(query)
    ]
    return sorted(rows, key=lambda one: (one.organization_id is not None, one.agency.casefold()))


def agencies(session: Session, org_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str]]:
    """Agencies this organisation has ever sent to, by name: those a pace can be set for."""
    sent_to = select(Referral.organization_id).where(Referral.org_id == org_id).distinct()
    query = select(Organization.id, Organization.name).where(Organization.id.in_(sent_to)).order_by(Organization.name)
    return [(one, name) for one, name in session.execute(query)]


def save(session: Session, *, org_id: uuid.UUID, organization_id: uuid.UUID | None, days: Days, now: datetime) -> None:
    """Set a pace; the one before it ends. Raises BadInputError naming the step that is no number of days from 1 to 90,
    or comes before the step in front of it, and NotFoundError for an agency nobody was ever sent to.
    """
    session.scalars(
        select(Org.id).where(Org.id == org_id).with_for_update()
    ).one()  # two hands at once: one after the other
    if organization_id is not None and organization_id not in dict(agencies(session, org_id)):
        raise NotFoundError
    _check(days)
    _end(session, org_id, organization_id, now)
    steps: dict[str, dict[str, int]] = {}
    for (step, priority), count in days.items():
        steps.setdefault(step.value, {})[priority.value] = count
    who = actor_of(session).user_id
    row = AgencyClock(org_id=org_id, organization_id=organization_id, steps=steps, created_at=now, created_by=who)
    session.add(row)
    session.flush()
    audit.record(session, action="clock.set", subject_kind="agency_clock", subject_id=row.id, now=now)


def end(session: Session, clock_id: uuid.UUID, *, now: datetime) -> None:
    """Back to the usual pace; raises NotFoundError for a foreign one. Ended before: nothing happens."""
    row = session.scalars(select(AgencyClock).where(AgencyClock.id == clock_id)).one_or_none()
    if row is None:
        raise NotFoundError
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, actor_of(session).user_id
        audit.record(session, action="clock.end", subject_kind="agency_clock", subject_id=row.id, now=now)


def _end(session: Session, org_id: uuid.UUID, organization_id: uuid.UUID | None, now: datetime) -> None:
    same = (
        AgencyClock.organization_id.is_(None)
        if organization_id is None
        else AgencyClock.organization_id == organization_id
    )
    query = select(AgencyClock).where(AgencyClock.org_id == org_id, AgencyClock.ended_at.is_(None), same)
    for row in session.scalars(query):
        row.ended_at, row.ended_by = now, actor_of(session).user_id
    session.flush()


def _check(days: Days) -> None:
    if not days:
        raise BadInputError("steps", "missing")
    for (step, priority), count in days.items():
        if not 1 <= count <= clocks.MOST:
            raise BadInputError(field_of(step, priority), "days")
    for priority in Priority:
        last = 0
        for step in clocks.IN_ORDER[:-1]:  # the last one is counted in other days: `Pace.at` keeps it in its place
            count = days.get((step, priority), clocks.usual_days(step, priority))
            if count < last:
                raise BadInputError(field_of(step, priority), "order")
            last = count


def field_of(step: Step, priority: Priority) -> str:
    """The name of a step's box on the form."""
    return f"{step.value}_{priority.value}"

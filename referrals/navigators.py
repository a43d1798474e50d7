"""How each navigator's list stands, for who leads the team: counts, the oldest, the last sign of life. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select

from referrals import absences
from referrals.absences import Colleague
from resources_db.models.access import WebSession
from resources_db.models.people import Assignment, Patient
from resources_db.models.referrals import WorklistItem
from resources_db.models.tenants import Membership
from resources_db.vocab import Tier

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ListOf:
    """One navigator's list: how much is for today, how much is late, since when the oldest waits."""

    who: Colleague
    patients: int
    today: int
    late: int
    all: int
    oldest: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Counts:
    today: int = 0
    late: int = 0
    all: int = 0
    oldest: datetime | None = None


NOTHING = _Counts()


def lists(session: Session, org_id: uuid.UUID, *, begin: datetime, end: datetime, now: datetime) -> list[ListOf]:
    """Everybody who looks after patients, the most late first. `begin` and `end` are those of today at the site.

    Four queries, whatever the team's size; what sleeps is not counted, as on the lists themselves.
    """
    counts, led, seen = _items(session, begin, end, now), _led(session), _seen(session, org_id)
    found = []
    for who in absences.colleagues(session, org_id):
        one = counts.get(who.id, NOTHING)
        found.append(ListOf(who, led.get(who.id, 0), one.today, one.late, one.all, one.oldest, seen.get(who.id)))
    return sorted(found, key=lambda one: (-one.late, -one.today, one.who.name.casefold()))


def _items(session: Session, begin: datetime, end: datetime, now: datetime) -> Mapping[uuid.UUID | None, _Counts]:
    late, for_today = WorklistItem.due_at < begin, or_(WorklistItem.tier == Tier.TODAY, WorklistItem.due_at < end)
    query = (
        select(
            WorklistItem.owner_id,
            func.sum(case((for_today, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
            func.count(),
            func.min(WorklistItem.due_at),
        )
        .where(WorklistItem.done_at.is_(None))
        .where(or_(WorklistItem.snoozed_until.is_(None), WorklistItem.snoozed_until <= now))
        .group_by(WorklistItem.owner_id)
    )
    return {row[0]: _Counts(row[1], row[2], row[3], row[4]) for row in session.execute(query)}


def _led(session: Session) -> Mapping[uuid.UUID, int]:
    query = (
        select(Assignment.navigator_id, func.count())
        .join(Patient, Patient.id == Assignment.patient_id)
        .where(Assignment.ended_at.is_(None), Patient.closed_at.is_(None))
        .group_by(Assignment.navigator_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _seen(session: Session, org_id: uuid.UUID) -> Mapping[uuid.UUID, datetime]:
    """When each was last at work here, by their sessions."""
    query = (
        select(Membership.user_id, func.max(WebSession.seen_at))
        .join(WebSession, WebSession.membership_id == Membership.id)
        .where(Membership.org_id == org_id, Membership.ended_at.is_(None))
        .group_by(Membership.user_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}

"""Who is away and who covers: the cover sees the patients and the list, the lead stays the lead. Ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from referrals.errors import BadInputError, NotFoundError
from resources_db import audit
from resources_db.models.care import Absence
from resources_db.models.tenants import AppUser, Membership
from resources_db.tenancy import actor_of
from resources_db.vocab import Role

if TYPE_CHECKING:
    import uuid
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

CARERS = (Role.NAVIGATOR, Role.SUPERVISOR)
"""Who may lead patients and cover for others."""
SETS_FOR_OTHERS = frozenset({Role.SUPERVISOR, Role.CARE_ADMIN})
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the org who looks after patients."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Away:
    """One absence, in names."""

    id: uuid.UUID
    who: Colleague
    cover: Colleague
    from_on: date
    until_on: date


def covered_by(session: Session, user_id: uuid.UUID, on: date) -> tuple[Colleague, ...]:
    """The colleagues somebody covers for on a day, by name; most days nobody."""
    query = select(AppUser.id, AppUser.name).join(Absence, Absence.user_id == AppUser.id)
    query = query.where(Absence.cover_id == user_id, *_lasts(on)).order_by(AppUser.name).distinct()
    return tuple(Colleague(one, name) for one, name in session.execute(query))


def standing(session: Session, on: date) -> list[Away]:
    """Absences of the org that last or are still to come, the next one first."""
    who, cover = aliased(AppUser), aliased(AppUser)
    query = (
        select(Absence, who.name, cover.name)
        .join(who, who.id == Absence.user_id)
        .join(cover, cover.id == Absence.cover_id)
        .where(Absence.ended_at.is_(None), Absence.until_on >= on)
        .order_by(Absence.from_on, who.name)
    )
    return [
        Away(one.id, Colleague(one.user_id, name), Colleague(one.cover_id, other), one.from_on, one.until_on)
        for one, name, other in session.execute(query)
    ]


def colleagues(session: Session, org_id: uuid.UUID) -> list[Colleague]:
    """Those of the org who look after patients, by name."""
    query = select(AppUser.id, AppUser.name).join(Membership, Membership.user_id == AppUser.id)
    query = query.where(
        Membership.org_id == org_id,
        Membership.role.in_(CARERS),
        Membership.ended_at.is_(None),
        AppUser.active.is_(True),
    )
    return [Colleague(one, name) for one, name in session.execute(query.distinct().order_by(AppUser.name))]


def record(
    session: Session, *, user_id: uuid.UUID, cover_id: uuid.UUID, from_on: date, until_on: date, now: datetime
) -> Absence:
    """Somebody is away from the first day to the last. Raises BadInputError naming the field.

    One's own absence, or as a supervisor anybody's; else NotFoundError. A cover who is away then covers nobody.
    """
    actor = actor_of(session)
    assert actor.org_id is not None
    known = {one.id for one in colleagues(session, actor.org_id)}
    if user_id not in known or not _may_set(session, user_id):
        raise NotFoundError
    if cover_id not in known or cover_id == user_id:
        raise BadInputError("cover_id", "somebody_else")
    if not from_on <= until_on:
        raise BadInputError("until_on", "before_first")
    if (until_on - from_on).days > LONGEST_DAYS:
        raise BadInputError("until_on", "too_long")
    # The site's own clock decides what is past: an absence of last week covers nothing any more.
    if until_on < now.date():
        raise BadInputError("until_on", "past")
    _refuse_overlap(session, user_id, cover_id, from_on, until_on)
    absence = Absence(
        org_id=actor.org_id,
        user_id=user_id,
        cover_id=cover_id,
        from_on=from_on,
        until_on=until_on,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(absence)
    session.flush()
    audit.record(session, action="absence.record", subject_kind="absence", subject_id=absence.id, now=now)
    return absence


def end(session: Session, absence_id: uuid.UUID, *, now: datetime) -> Absence:
    """Back earlier, or entered by mistake. Ended already: nothing happens."""
    return _set_end(session, absence_id, now, now=now)


def undo_end(session: Session, absence_id: uuid.UUID, *, now: datetime) -> Absence:
    """It was no mistake after all."""
    return _set_end(session, absence_id, None, now=now)


def _set_end(session: Session, absence_id: uuid.UUID, ended_at: datetime | None, *, now: datetime) -> Absence:
    absence = session.scalars(select(Absence).where(Absence.id == absence_id)).one_or_none()
    if absence is None or not _may_set(session, absence.user_id):
        raise NotFoundError
    absence.ended_at = ended_at
    action = "absence.end" if ended_at else "absence.undo"
    audit.record(session, action=action, subject_kind="absence", subject_id=absence.id, now=now)
    return absence


def _may_set(session: Session, user_id: uuid.UUID) -> bool:
    actor = actor_of(session)
    return actor.user_id == user_id or actor.role in SETS_FOR_OTHERS


def _lasts(on: date) -> tuple[ColumnElement[bool], ...]:
    return (Absence.from_on <= on, Absence.until_on >= on, Absence.ended_at.is_(None))


def _refuse_overlap(session: Session, user_id: uuid.UUID, cover_id: uuid.UUID, from_on: date, until_on: date) -> None:
    then = (Absence.from_on <= until_on, Absence.until_on >= from_on, Absence.ended_at.is_(None))
    query = select(Absence.user_id).where(or_(Absence.user_id == user_id, Absence.user_id == cover_id), *then)
    away = set(session.scalars(query))
    if user_id in away:
        raise BadInputError("from_on", "away_already")
    if cover_id in away:
        raise BadInputError("cover_id", "away_too")

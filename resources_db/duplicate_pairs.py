"""The queue of pairs that may be one: waiting ones, telling them apart, putting them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from resources_db import audit
from resources_db.duplicate_facts import MODELS
from resources_db.duplicates import KINDS, LIKELY, LOCATION
from resources_db.models.directory import Location, Organization
from resources_db.models.upkeep import DuplicatePair
from resources_db.tenancy import actor_of
from resources_db.vocab import PairState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def waiting(
    session: Session, *, kind: str = "", band: str = "", limit: int = 50, offset: int = 0
) -> list[DuplicatePair]:
    """Open pairs, the surest first."""
    found = _open(kind, band).order_by(
        case((DuplicatePair.band == LIKELY, 0), else_=1), DuplicatePair.score.desc(), DuplicatePair.id
    )
    return list(session.scalars(found.limit(limit).offset(offset)))


def counts(session: Session) -> Mapping[tuple[str, str], int]:
    """How many pairs wait, by kind and band."""
    query = select(DuplicatePair.kind, DuplicatePair.band, func.count()).where(DuplicatePair.state == PairState.OPEN)
    return {
        (kind, band): number
        for kind, band, number in session.execute(query.group_by(DuplicatePair.kind, DuplicatePair.band))
    }


def after(session: Session, pair: DuplicatePair) -> DuplicatePair | None:
    """The next open pair of the queue, from the start again at its end; None when this is the last one."""
    rows = waiting(session, limit=500)
    ids = [one.id for one in rows]
    at = ids.index(pair.id) + 1 if pair.id in ids else 0
    rest = [*rows[at:], *rows[:at]]
    return next((one for one in rest if one.id != pair.id), None)


def tell_apart(session: Session, pair_ids: Iterable[uuid.UUID], *, now: datetime) -> list[uuid.UUID]:
    """These are not the same, until a name or an address changes. Gives those that were open."""
    return _set(session, pair_ids, PairState.OPEN, PairState.NOT_SAME, "duplicate.not_same", now)


def reopen(session: Session, pair_ids: Iterable[uuid.UUID], *, now: datetime) -> list[uuid.UUID]:
    """Back into the queue, where they were told apart by mistake."""
    return _set(session, pair_ids, PairState.NOT_SAME, PairState.OPEN, "duplicate.reopened", now)


def names(session: Session, pairs: Sequence[DuplicatePair]) -> Mapping[uuid.UUID, str]:
    """The names of all records of these pairs."""
    found: dict[uuid.UUID, str] = {}
    for kind in KINDS:
        ids = {one for pair in pairs if pair.kind == kind for one in (pair.first_id, pair.second_id)}
        model = MODELS[kind]
        if ids:
            found |= dict(session.execute(select(model.id, model.name).where(model.id.in_(ids))).all())
    return found | _places(session, [pair for pair in pairs if pair.kind == LOCATION])


def _places(session: Session, pairs: Sequence[DuplicatePair]) -> dict[uuid.UUID, str]:
    """A place with whose it is: its own name is often just the street."""
    ids = {one for pair in pairs for one in (pair.first_id, pair.second_id)}
    query = select(Location.id, Location.name, Organization.name).outerjoin(
        Organization, Organization.id == Location.organization_id
    )
    rows = session.execute(query.where(Location.id.in_(ids))).all() if ids else []
    return {number: ", ".join(dict.fromkeys(filter(None, (name, house)))) for number, name, house in rows}


def _open(kind: str, band: str) -> Select[DuplicatePair]:
    found = select(DuplicatePair).where(DuplicatePair.state == PairState.OPEN)
    found = found.where(DuplicatePair.kind == kind) if kind else found
    return found.where(DuplicatePair.band == band) if band else found


def _set(
    session: Session, pair_ids: Iterable[uuid.UUID], before: PairState, state: PairState, action: str, now: datetime
) -> list[uuid.UUID]:
    rows = session.scalars(
        select(DuplicatePair)
        .where(DuplicatePair.id.in_(set(pair_ids)), DuplicatePair.state == before)
        .with_for_update()
    ).all()
    for row in rows:
        row.state = state
        row.decided_at, row.decided_by = (
            (now, actor_of(session).user_id) if state is PairState.NOT_SAME else (None, None)
        )
        audit.record(session, action=action, subject_kind="duplicate_pair", subject_id=row.id, now=now)
    session.flush()
    return [row.id for row in rows]

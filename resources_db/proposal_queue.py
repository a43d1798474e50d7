"""Reads proposals: what waits, what one submitter proposed before, what went live by policy."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from resources_db.listing_fields import FIELDS
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange, ListingChangeField
from resources_db.proposals import ACCEPTED, REJECTED
from resources_db.vocab import ChangeOrigin, ChangeState, FieldGroup


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which waiting proposals: of these origins, with an open field of this group; empty = any."""

    origins: frozenset[ChangeOrigin] = frozenset()
    group: FieldGroup | None = None


ALL = Wanted()


def waiting(session: Session, wanted: Wanted = ALL, *, most: int | None = None) -> list[ListingChange]:
    """Open proposals, the oldest first."""
    stmt = select(ListingChange).where(*_conditions(wanted)).options(selectinload(ListingChange.fields))
    return list(session.scalars(stmt.order_by(ListingChange.created_at, ListingChange.id).limit(most)))


def count(session: Session, wanted: Wanted = ALL) -> int:
    """How many wait."""
    return session.scalars(select(func.count(ListingChange.id)).where(*_conditions(wanted))).one()


def some(session: Session, ids: Iterable[uuid.UUID]) -> list[ListingChange]:
    """Those of these that still wait, the oldest first."""
    stmt = select(ListingChange).where(ListingChange.id.in_(set(ids)), ListingChange.state == ChangeState.OPEN)
    stmt = stmt.options(selectinload(ListingChange.fields))
    return list(session.scalars(stmt.order_by(ListingChange.created_at, ListingChange.id)))


def by_policy(session: Session, *, since: datetime, most: int) -> list[ListingChange]:
    """What went live without a person's decision, the newest first."""
    stmt = select(ListingChange).where(ListingChange.by_policy.is_(True), ListingChange.decided_at >= since)
    stmt = stmt.options(selectinload(ListingChange.fields))
    return list(session.scalars(stmt.order_by(ListingChange.decided_at.desc(), ListingChange.id).limit(most)))


def count_by_policy(session: Session, *, since: datetime) -> int:
    """How many changes that was."""
    stmt = select(func.count(ListingChange.id))
    return session.scalars(stmt.where(ListingChange.by_policy.is_(True), ListingChange.decided_at >= since)).one()


def of_listings(
    session: Session, keys: Collection[ListingKey], origins: frozenset[ChangeOrigin], *, most: int = 10
) -> list[ListingChange]:
    """What was proposed about these listings by these origins, the newest first: they see what was taken."""
    stmt = select(ListingChange).where(
        ListingChange.service_id.in_({key.service_id for key in keys}),
        ListingChange.origin.in_(origins),
        ListingChange.state != ChangeState.SUPERSEDED,
    )
    stmt = stmt.options(selectinload(ListingChange.fields)).order_by(ListingChange.created_at.desc(), ListingChange.id)
    found = [one for one in session.scalars(stmt) if ListingKey(one.service_id, one.location_id) in keys]
    return found[:most]


def track_record(session: Session, change: ListingChange) -> tuple[int, int]:
    """Of the submitter's earlier fields about this service, how many were taken and how many were decided."""
    if change.submitter_id is None and not change.submitter_label:
        return 0, 0
    same = (
        ListingChange.submitter_id == change.submitter_id,
        ListingChange.submitter_label == change.submitter_label,
        ListingChange.service_id == change.service_id,
        ListingChange.undone_at.is_(None),
        ListingChangeField.decision.in_((ACCEPTED, REJECTED)),
    )
    stmt = select(ListingChangeField.decision).join(ListingChange, ListingChange.id == ListingChangeField.change_id)
    found = session.scalars(stmt.where(*same)).all()
    return sum(one == ACCEPTED for one in found), len(found)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [ListingChange.state == ChangeState.OPEN]
    if wanted.origins:
        conditions.append(ListingChange.origin.in_(wanted.origins))
    if wanted.group is not None:
        names = [name for name, field in FIELDS.items() if field.group is wanted.group]
        has = select(ListingChangeField.id).where(
            ListingChangeField.change_id == ListingChange.id,
            ListingChangeField.field.in_(names),
            ListingChangeField.decision.is_(None),
        )
        conditions.append(has.exists())
    return conditions

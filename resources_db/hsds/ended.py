"""Records that were published once: tombstones, and the record that took the place of a merged one."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from resources_db import redirects
from resources_db.hsds import published
from resources_db.hsds.fields import OBJECTS, TOP_LEVEL
from resources_db.hsds.values import show_datetime
from resources_db.models.curation import Tombstone
from resources_db.models.upkeep import RecordRedirect

Stone = dict[str, object]


def page(session: Session, since: datetime | None, number: int, per_page: int) -> tuple[int, list[Stone]]:
    """How many there are, and one page of them, the oldest first; what is published again is none."""
    stmt = _stones()
    if since is not None:
        stmt = stmt.where(Tombstone.deleted_at >= since)
    total = session.scalar(select(func.count()).select_from(stmt.order_by(None).subquery())) or 0
    rows = session.execute(stmt.limit(per_page).offset((number - 1) * per_page))
    return total, [_stone(stone, survivor) for stone, survivor in rows]


def of(session: Session, record_id: uuid.UUID, kind: str) -> Stone | None:
    """The tombstone of one record that is published no longer."""
    row = session.execute(_stones().where(Tombstone.record_id == record_id, Tombstone.kind == kind)).first()
    return _stone(*row) if row else None


def moved_to(session: Session, record_id: uuid.UUID, kind: str) -> uuid.UUID | None:
    """The survivor of a merge; records of another kind lead nowhere from here."""
    row = session.get(RecordRedirect, record_id)
    return redirects.leads_to(session, record_id) if row and row.kind == kind else None


def _stones() -> Select[Tombstone, uuid.UUID | None]:
    return (
        select(Tombstone, RecordRedirect.new_id)
        .outerjoin(RecordRedirect, RecordRedirect.old_id == Tombstone.record_id)
        .where(~or_(*(_lives(kind) for kind in TOP_LEVEL)))
        .order_by(Tombstone.deleted_at, Tombstone.record_id)
    )


def _lives(kind: str) -> ColumnElement[bool]:
    table = OBJECTS[kind].model.__table__.alias()
    return select(1).where(table.c.id == Tombstone.record_id, *published.whole(OBJECTS[kind], table)).exists()


def _stone(row: Tombstone, survivor: uuid.UUID | None) -> Stone:
    told: Stone = {"id": str(row.record_id), "kind": row.kind, "deleted_at": show_datetime(row.deleted_at)}
    took_over = survivor or row.replaced_by
    return {**told, "replaced_by": str(took_over)} if took_over else told

"""Writes a kept plan into the tables, in the caller's one transaction, and tells search which services changed.

Rows go in by the thousand and no object is held: the time under SQLite's write lock is what matters here.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from resources_db.base import Base
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers import aftermath, notes, sealed, steps
from resources_db.importers.columns import empty_of, stored_row
from resources_db.importers.planning import Progress
from resources_db.importers.steps import Step
from resources_db.importers.touched import Touched
from resources_db.models.curation import ImportRun, Tombstone
from resources_db.vocab import ImportAction

CREATE, UPDATE, WITHDRAW = ImportAction.CREATE, ImportAction.UPDATE, ImportAction.WITHDRAW


def apply(session: Session, run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Create and change in the order of the standard, withdraw in the opposite one; then what follows from it."""
    touched = Touched(session)
    done = 0
    for kind in OBJECTS.values():
        for part in steps.of(session, run.id, kind.name, CREATE):
            insert_rows(session, kind.model, [_row(kind.model, step, run.source, now) for step in part])
            touched.by(kind, part)
            progress("writing", done := done + len(part), None)
        for part in steps.of(session, run.id, kind.name, UPDATE):
            _update(session, kind, part, now)
            touched.by(kind, part)
            progress("writing", done := done + len(part), None)
    for kind in reversed(list(OBJECTS.values())):
        for part in steps.of(session, run.id, kind.name, WITHDRAW):
            touched.by(kind, part)
            _withdraw(session, kind, part, now)
    sealed.write(session, run, now=now)
    notes.write(session, run, now=now)
    touched.tell(run, now=now)
    aftermath.follow(session, run, now=now)
    sealed.enforce(session, run, now=now)


def _row(model: type[Base], step: Step, source: str, now: datetime) -> dict[str, object]:
    """A complete row, so that all rows of a kind go in with one statement."""
    row = {**empty_of(model), **stored_row(model, step.after), "id": step.record_id, "source": source}
    return row if "edited_at" not in row else {**row, "edited_at": now}


def insert_rows(session: Session, model: type[Base], rows: Sequence[dict[str, object]]) -> None:
    """Insert past the mapper: objects would cost more time than the database does."""
    if rows:
        session.connection().execute(insert(model), rows)


def _update(session: Session, kind: Object, part: Sequence[Step], now: datetime) -> None:
    moved = ("edited_at", "version") if kind.top_level else ()
    rows = []
    for step in part:
        row = stored_row(kind.model, step.after)
        if moved:
            row |= {"edited_at": now, "version": step.version}
        rows.append((step.record_id, row))
    set_rows(session, kind.model, rows)
    revived = [step.record_id for step in part if "deleted_at" in step.after]
    if revived:
        session.execute(delete(Tombstone).where(Tombstone.record_id.in_(revived)))


def set_rows(session: Session, model: type[Base], rows: Sequence[tuple[uuid.UUID, dict[str, object]]]) -> None:
    """Set some columns of some rows; one statement for all rows with the same columns."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    for row_id, values in rows:
        new_values = {f"new_{name}": value for name, value in values.items()}
        alike[tuple(sorted(values))].append({"row_id": row_id, **new_values})
    table = model.__table__
    assert isinstance(table, Table)
    for names, found in alike.items():
        if names:
            stmt = update(table).where(table.c.id == bindparam("row_id", type_=table.c.id.type))
            new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
            session.connection().execute(stmt.values(new), found)


def _withdraw(session: Session, kind: Object, part: Sequence[Step], now: datetime) -> None:
    """Top-level records stay as withdrawn, with a tombstone; parts go, unless somebody else still points at them."""
    ids = [step.record_id for step in part]
    if kind.top_level:
        bury(session, kind, ids, now)
    else:
        remove(session, kind, ids)


def bury(session: Session, kind: Object, ids: Sequence[uuid.UUID], now: datetime) -> None:
    """Withdraw top-level records and leave a tombstone for the readers of our API."""
    session.execute(update(kind.model).where(kind.model.id.in_(ids)).values(deleted_at=now))
    session.execute(delete(Tombstone).where(Tombstone.record_id.in_(ids)))
    if ids:
        session.execute(insert(Tombstone), [{"record_id": one, "kind": kind.name, "deleted_at": now} for one in ids])


def remove(session: Session, kind: Object, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Delete parts; gives those that had to stay, because a record that stays points at them."""
    used: set[uuid.UUID] = set()
    for other in OBJECTS.values():
        for ref in other.references:
            if ref.target == kind.name:
                column = other.model.__table__.c[ref.column]
                used |= set(session.scalars(select(column).where(column.in_(ids)).distinct()))
    session.execute(delete(kind.model).where(kind.model.id.in_(set(ids) - used)))
    return used

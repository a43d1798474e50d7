"""The story of a listing, read from all that remembers it: edits, imports, words about room, merges."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db import history, publishing
from resources_db.listing_key import ListingKey
from resources_db.models.curation import CapacityStatement, ImportChange, ImportRun
from resources_db.models.upkeep import RecordHistory, RecordMerge
from resources_db.vocab import ImportAction, ImportState

_UNTOLD = frozenset({"version", "edited_at", "last_modified", "looked_at", "id", "extra"})
EDIT, CONFIRM, ROOM, MERGE, UNMERGE = "edit", "confirm", "room", "merge", "unmerge"
MADE, ENDED, UNDONE_IMPORT = "made", "ended", "import_undone"
_MADE_BY_IMPORT = {ImportAction.CREATE: MADE, ImportAction.WITHDRAW: ENDED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `role` is agency, directory team, import: NAME...; never a person."""

    at: datetime
    what: str
    role: str
    field: str = ""
    old: str = ""
    new: str = ""
    actor_id: uuid.UUID | None = None
    row_id: uuid.UUID | None = None
    """The row that an undo names, where one is possible."""
    change_id: uuid.UUID | None = None
    undoes: bool = False
    undone: bool = False


def of_listing(session: Session, key: ListingKey, *, most: int) -> list[Entry]:
    """What happened to a listing, the newest first: of the service everywhere, and of this place."""
    found = [*_rows(session, key, most), *_rooms(session, key, most), *_imports(session, key, most)]
    found += _merges(session, key)
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _rows(session: Session, key: ListingKey, most: int) -> Iterator[Entry]:
    stmt = select(RecordHistory).where(RecordHistory.service_id == key.service_id)
    if key.location_id is not None:
        here = or_(RecordHistory.location_id.is_(None), RecordHistory.location_id == key.location_id)
        stmt = stmt.where(here)
    rows = session.scalars(stmt.order_by(RecordHistory.seq.desc()).limit(most)).all()
    undone = {row.undoes for row in rows if row.undoes is not None}
    for row in rows:
        if row.run_id is not None:
            continue  # told by the import itself
        can = publishing.is_field(row) and row.id not in undone
        yield Entry(
            at=row.at,
            what=CONFIRM if row.action == history.CONFIRM else EDIT,
            role=row.role,
            field=row.field,
            old=row.old,
            new=row.new,
            actor_id=row.actor_id,
            row_id=row.id if can else None,
            change_id=row.change_id,
            undoes=row.undoes is not None,
            undone=row.id in undone,
        )


def _rooms(session: Session, key: ListingKey, most: int) -> Iterator[Entry]:
    stmt = select(CapacityStatement).where(
        CapacityStatement.service_id == key.service_id,
        or_(CapacityStatement.location_id.is_(None), CapacityStatement.location_id == key.location_id),
    )
    for row in session.scalars(stmt.order_by(CapacityStatement.said_at.desc()).limit(most)):
        until = f" until {row.until.isoformat()}" if row.until else ""
        weeks = f" {row.weeks} weeks" if row.weeks else ""
        yield Entry(row.said_at, ROOM, row.said_by, "room", new=f"{row.state.value}{until}{weeks}")


def _imports(session: Session, key: ListingKey, most: int) -> Iterator[Entry]:
    """Of the service and its place, column by column; the places of an import that was taken back say so."""
    ids = [one for one in (key.service_id, key.location_id) if one is not None]
    stmt = (
        select(ImportChange, ImportRun)
        .join(ImportRun, ImportRun.id == ImportChange.run_id)
        .where(
            ImportChange.record_id.in_(ids),
            ImportRun.state.in_((ImportState.APPLIED, ImportState.ROLLED_BACK)),
            ImportChange.action.in_((ImportAction.CREATE, ImportAction.UPDATE, ImportAction.WITHDRAW)),
        )
        .order_by(ImportRun.started_at.desc(), ImportChange.id)
        .limit(most)
    )
    for change, run in session.execute(stmt):
        if change.record_id == key.service_id or change.action is ImportAction.UPDATE:
            yield from _of_import(change, run)


def _of_import(change: ImportChange, run: ImportRun) -> Iterator[Entry]:
    role, at = f"import: {run.source}", run.applied_at or run.started_at
    undone = run.state is ImportState.ROLLED_BACK
    if change.action in _MADE_BY_IMPORT:
        yield Entry(at, _MADE_BY_IMPORT[change.action], role, actor_id=run.actor_id, undone=undone)
        return
    before, after = _plain(change.before), _plain(change.after)
    for name in sorted((before.keys() | after.keys()) - _UNTOLD):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new and name in after:
            yield Entry(at, EDIT, role, name, old, new, actor_id=run.actor_id, undone=undone)


def _plain(values: Mapping[str, object] | None) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in (values or {}).items()}


def _merges(session: Session, key: ListingKey) -> Iterator[Entry]:
    ids = [one for one in (key.service_id, key.location_id) if one is not None]
    for row in session.scalars(select(RecordMerge).where(RecordMerge.survivor_id.in_(ids))):
        yield Entry(row.at, MERGE, history.TEAM, new=str(row.gone_id), actor_id=row.by)
        if row.undone_at is not None:
            yield Entry(row.undone_at, UNMERGE, history.TEAM, new=str(row.gone_id), actor_id=row.undone_by)

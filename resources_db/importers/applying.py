"""Writes a plan into the tables, in the caller's transaction, and tells search which services changed."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from resources_db import search_log
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.hsds.values import to_column
from resources_db.importers.compare import Change
from resources_db.models import directory as d
from resources_db.models.curation import Tombstone
from resources_db.vocab import ImportAction

_AT_ONCE = 5_000


def apply(session: Session, changes: Sequence[Change], source: str, *, now: datetime) -> set[uuid.UUID]:
    """Do what the plan says; gives the ids of the services that changed."""
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_kind[change.kind].append(change)
    for kind in OBJECTS.values():
        _create(session, kind, [c for c in by_kind[kind.name] if c.action == ImportAction.CREATE], source, now)
        for change in by_kind[kind.name]:
            if change.action == ImportAction.UPDATE:
                _update(kind, change, now)
        session.flush()  # parts point at records made before them
    for kind in reversed(list(OBJECTS.values())):
        _withdraw(session, kind, [c for c in by_kind[kind.name] if c.action == ImportAction.WITHDRAW], now)
    touched = _services(session, [c for c in changes if c.action in _CHANGING])
    _bump(session, touched, now)
    search_log.touch(session, touched, now=now)
    return touched


_CHANGING = (ImportAction.CREATE, ImportAction.UPDATE, ImportAction.WITHDRAW)


def _create(session: Session, kind: Object, changes: Sequence[Change], source: str, now: datetime) -> None:
    rows = [_row(kind, change, at, source, now) for at, change in enumerate(changes)]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(kind.model), rows[start : start + _AT_ONCE])


def _row(kind: Object, change: Change, position: int, source: str, now: datetime) -> dict[str, object]:
    """A complete row, so that all rows of a kind go in with one statement."""
    row: dict[str, object] = {}
    for column in kind.model.__table__.columns:
        default = column.default
        row[column.name] = default.arg if default is not None and default.is_scalar else None
        if default is not None and default.is_callable:
            row[column.name] = [] if column.name in _LISTS else {}
    row.update({name: _stored(kind, name, value) for name, value in change.after.items() if value is not None})
    linked = change.linked
    row.update(id=change.id, source=source, external_id=linked.checked.external_id if linked else "")
    row["extra"] = dict(linked.checked.extra) if linked else {}
    if kind.top_level:
        row["edited_at"] = now
    else:
        row["position"] = position
    return row


_LISTS = frozenset({"needs", "also_serves", "zip_codes", "counties", "states"})


def _stored(kind: Object, column: str, value: object) -> object:
    field = next((each for each in kind.fields if each.column == column), None)
    return to_column(field.type, value) if field and isinstance(value, str) else value


def _update(kind: Object, change: Change, now: datetime) -> None:
    row = change.linked.row if change.linked else None
    if row is None or change.linked is None:
        return
    columns = kind.model.__table__.columns
    for name, value in change.after.items():
        if name == "extra":
            row.extra = {**row.extra, **change.linked.checked.extra}
        elif value is None:
            setattr(row, name, None if columns[name].nullable else _empty(name))
        else:
            setattr(row, name, _stored(kind, name, value))
    if kind.top_level:
        record = cast("d.Service", row)  # any top-level record: all have these columns
        record.version += 1
        record.edited_at = now


def _empty(column: str) -> object:
    return [] if column in _LISTS else ""


def _withdraw(session: Session, kind: Object, changes: Sequence[Change], now: datetime) -> None:
    """Top-level records stay as withdrawn, with a tombstone; parts go."""
    ids = [change.id for change in changes]
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        if kind.top_level:
            session.execute(update(kind.model).where(kind.model.id.in_(part)).values(deleted_at=now))
            for record_id in part:
                session.merge(Tombstone(record_id=record_id, kind=kind.name, deleted_at=now))
        else:
            session.execute(delete(kind.model).where(kind.model.id.in_(part)))


def _services(session: Session, changes: Iterable[Change]) -> set[uuid.UUID]:
    """Every service whose record, place, organization or part changed."""
    held: dict[str, set[uuid.UUID]] = defaultdict(set)
    for change in changes:
        kind = OBJECTS[change.kind]
        if kind.name != "organization" or change.action != ImportAction.CREATE:
            held[kind.name].add(change.id)
        values = {**change.before, **(change.linked.values if change.linked else {})}
        for ref in kind.references:
            owner = values.get(ref.column)
            if owner and (not kind.top_level or (kind.name, ref.target) == ("service_at_location", "service")):
                held[ref.target].add(uuid.UUID(str(owner)))
    found = held["service"] | _ids(session, d.ServiceAtLocation, "id", held["service_at_location"])
    found |= _ids(session, d.ServiceAtLocation, "location_id", held["location"])
    found |= _ids(session, d.Service, "organization_id", held["organization"], give="id")
    return _ids(session, d.Service, "id", found, give="id")


def _ids(
    session: Session,
    model: type[d.Service] | type[d.ServiceAtLocation],
    column: str,
    among: set[uuid.UUID],
    give: str = "service_id",
) -> set[uuid.UUID]:
    columns, every = model.__table__.c, list(among)
    found: set[uuid.UUID] = set()
    for start in range(0, len(every), _AT_ONCE):
        stmt = select(columns[give]).where(columns[column].in_(every[start : start + _AT_ONCE]))
        found |= set(session.scalars(stmt))
    return found


def _bump(session: Session, services: set[uuid.UUID], now: datetime) -> None:
    """A change of any part is a change of its service."""
    every = list(services)
    for start in range(0, len(every), _AT_ONCE):
        part = every[start : start + _AT_ONCE]
        session.execute(update(d.Service).where(d.Service.id.in_(part)).values(edited_at=now))

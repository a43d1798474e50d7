"""The rows behind a field of a listing, kept as JSON and put back exactly: the same ids, the same columns."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from resources_db.base import Base, JsonDict
from resources_db.models import directory as d

MODELS: dict[str, type[Base]] = {
    model.__tablename__: model
    for model in (d.Accessibility, d.Address, d.Language, d.Phone, d.RequiredDocument, d.Schedule)
}
PIN = ("latitude", "longitude", "geocode_quality", "geocode_source")
Rows = Sequence[Base]


@dataclass(frozen=True, slots=True)
class _Kept:
    table: str
    values: JsonDict


def keep(rows: Rows) -> list[object]:
    """The rows as JSON can hold them."""
    return [{"table": row.__tablename__, "values": _values(row)} for row in rows]


def put_back(session: Session, now_there: Rows, kept: object) -> None:
    """Instead of the rows that are there now, those that were kept; of a place its pin only."""
    rows = list(_read(kept))
    places = {str(one.values["id"]): one.values for one in rows if one.table == d.Location.__tablename__}
    for row in now_there:
        if isinstance(row, d.Location):
            _pin(row, places.get(str(row.id), {}))
        else:
            session.delete(row)
    session.flush()  # the old ids must be free before they come back
    session.add_all(_row(one) for one in rows if one.table in MODELS)
    session.flush()


def _read(kept: object) -> Iterator[_Kept]:
    for one in kept if isinstance(kept, list) else ():
        yield _Kept(one["table"], one["values"])


def _pin(place: d.Location, values: JsonDict) -> None:
    columns = inspect(d.Location).columns
    for name in PIN if values else ():
        setattr(place, name, _typed(columns[name].type.python_type, values[name]))


def _values(row: Base) -> JsonDict:
    names = ("id", *PIN) if isinstance(row, d.Location) else [one.key for one in inspect(type(row)).column_attrs]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _row(kept: _Kept) -> Base:
    model = MODELS[kept.table]
    columns = inspect(model).columns
    return model(**{name: _typed(columns[name].type.python_type, value) for name, value in kept.values.items()})


def _typed(kind: type, value: object) -> object:
    """A kept value as its column takes it."""
    if value is None:
        return None
    if kind is uuid.UUID:
        return uuid.UUID(str(value))
    if kind in (date, datetime):
        return kind.fromisoformat(str(value))
    return kind(value) if issubclass(kind, Enum) else value

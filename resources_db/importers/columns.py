"""Values of the plan: from a column to JSON and back, exactly. (hsds/values.py knows the values of the standard.)"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache

from sqlalchemy import JSON, ColumnElement, Enum, Uuid
from sqlalchemy import Date as SqlDate

from resources_db.base import Base, UtcDateTime
from resources_db.hsds.values import show_datetime

_EMPTY: Mapping[type, object] = {str: "", bool: False}


def kept_form(value: object) -> object:
    """A stored value as JSON can hold it."""
    if isinstance(value, datetime):
        return show_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return str(value) if isinstance(value, str) else value


def stored_row(model: type[Base], values: Mapping[str, object]) -> dict[str, object]:
    """What the columns take for kept values; None where it may not be null is the column's empty value."""
    makers = _makers(model)
    return {name: makers[name](value) for name, value in values.items()}


@cache
def _makers(model: type[Base]) -> Mapping[str, Callable[[object], object]]:
    return {column.name: _maker(model, column) for column in model.__table__.columns}


def _maker(model: type[Base], column: ColumnElement[object]) -> Callable[[object], object]:
    name, kind = str(column.name), column.type
    empty = None if model.__table__.c[name].nullable else empty_of(model)[name]
    read: Callable[[str], object] = str
    if isinstance(kind, UtcDateTime):
        read = datetime.fromisoformat
    elif isinstance(kind, SqlDate):
        read = date.fromisoformat
    elif isinstance(kind, Uuid):
        read = uuid.UUID
    elif isinstance(kind, Enum) and kind.enum_class is not None:
        read = kind.enum_class

    def make(value: object) -> object:
        if isinstance(value, str):
            return read(value)
        return empty if value is None else value

    return make


@cache
def empty_of(model: type[Base]) -> Mapping[str, object]:
    """A complete row of a new record that says nothing, so that all rows of a kind go in with one statement."""
    row: dict[str, object] = {}
    for column in model.__table__.columns:
        default = column.default
        if default is not None and default.is_scalar:
            row[column.name] = default.arg
        elif default is not None and default.is_callable and isinstance(column.type, JSON):
            row[column.name] = default.arg(None)
        else:
            row[column.name] = None if column.nullable else _EMPTY.get(column.type.python_type)
    return row

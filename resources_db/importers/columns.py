"""Values of the plan: from a column to JSON and back, exactly. (hsds/values.py knows the values of the standard.)"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from sqlalchemy import JSON, Enum, Uuid
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


def stored_form(model: type[Base], name: str, value: object) -> object:
    """What the column takes for a kept value; None where it may not be null is its empty value."""
    column = model.__table__.c[name]
    if value is None:
        return None if column.nullable else empty_of(model)[name]
    if not isinstance(value, str):
        return value
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, SqlDate):
        return date.fromisoformat(value)
    if isinstance(kind, Uuid):
        return uuid.UUID(value)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value


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

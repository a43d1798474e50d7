"""Changes of single columns that can be taken back: each is noted with what stood there before.

Works below the tenant wall on purpose: a merge is made for the whole directory, whoever's rows hang on it.
"""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, Table, func, select, update

from resources_db.base import Base, UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session


class Journal:
    """The changes of one merge. `entries` are [table, row, column, before, after], as JSON can hold them."""

    def __init__(self, session: Session) -> None:
        session.flush()
        self._connection = session.connection()
        self.entries: list[object] = []

    def count(self, table: str, column: str, owner: uuid.UUID) -> int:
        """How many rows hang on a record."""
        held = _table(table)
        return self._connection.scalar(select(func.count()).select_from(held).where(held.c[column] == owner)) or 0

    def value(self, table: str, row: uuid.UUID, column: str) -> object:
        """What stands in one column of one row."""
        held = _table(table)
        return self._connection.scalar(select(held.c[column]).where(_key(held) == row))

    def rows(self, table: str, column: str, owner: uuid.UUID) -> list[uuid.UUID]:
        """The ids of the rows that hang on a record."""
        held = _table(table)
        return list(self._connection.scalars(select(_key(held)).where(held.c[column] == owner).order_by(_key(held))))

    def rows_not_twice(
        self, table: str, column: str, owner: uuid.UUID, other: uuid.UUID, same: Sequence[str]
    ) -> list[uuid.UUID]:
        """The rows of `owner` that `other` has no like of, by the columns of `same`."""
        if not same:
            return self.rows(table, column, owner)
        held = _table(table)
        said = select(_key(held), *(held.c[name] for name in same))
        has = {tuple(row[1:]) for row in self._connection.execute(said.where(held.c[column] == other))}
        mine = self._connection.execute(said.where(held.c[column] == owner).order_by(_key(held)))
        return [row[0] for row in mine if tuple(row[1:]) not in has]

    def point(self, table: str, column: str, rows: Iterable[uuid.UUID], to: uuid.UUID) -> None:
        """Hang these rows on another record."""
        for row in rows:
            self.set(table, row, **{column: to})

    def set(self, table: str, row: uuid.UUID, **values: object) -> None:
        """Change columns of one row; what stays the same is not noted."""
        if not values:
            return
        held = _table(table)
        before = self._connection.execute(select(*(held.c[name] for name in values)).where(_key(held) == row)).one()
        changed = {name: value for (name, value), old in zip(values.items(), before, strict=True) if value != old}
        if not changed:
            return
        self._connection.execute(update(held).where(_key(held) == row).values(**changed))
        old_values = dict(zip(values, before, strict=True))
        self.entries += [
            [table, str(row), name, plain(old_values[name]), plain(value)] for name, value in changed.items()
        ]


def take_back(session: Session, entries: Sequence[object]) -> None:
    """Put back what stood there, the last change first; what was changed since stays, rows that went stay away."""
    session.flush()
    connection = session.connection()
    for entry in reversed(entries):
        assert isinstance(entry, list)
        table, row, name, before, after = entry
        held = _table(str(table))
        column = held.c[str(name)]
        mine = _key(held) == uuid.UUID(str(row))
        now = connection.execute(select(column).where(mine)).one_or_none()
        if now is not None and plain(now[0]) == after:
            connection.execute(update(held).where(mine).values({column.name: _stored(column, before)}))
    session.expire_all()


def plain(value: object) -> object:
    """A value as JSON holds it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _stored(column: Column[object], value: object) -> object:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(str(value))
    kind = column.type.python_type
    if kind is uuid.UUID or issubclass(kind, enum.Enum):
        return kind(value)
    return date.fromisoformat(str(value)) if kind is date else value


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _key(table: Table) -> Column[uuid.UUID]:
    return next(iter(table.primary_key.columns))

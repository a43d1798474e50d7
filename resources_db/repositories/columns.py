"""Reads narrow columns of very many rows for counting. It sets the tenant filter itself: see `resources_db.tenancy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Alias, String, Table, type_coerce
from sqlalchemy.sql import visitors

from resources_db.base import Base, TenantRow
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, FromClause, Row, Select
    from sqlalchemy.orm import Session

CHUNK = 500
"""Rows at a time: fewer than set off Python's garbage collector. All at once takes twice as long, and the memory."""


def rows(session: Session, query: Select[*tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """The rows of a Core query, of the actor's org only where the actor has one; never as objects."""
    for chunk in _chunks(session, query):
        yield from map(tuple, chunk)


def columns(session: Session, query: Select[*tuple[object, ...]]) -> list[list[object]]:
    """The same, column by column."""
    found: list[list[object]] = [[] for _ in query.selected_columns]
    for chunk in _chunks(session, query):
        for column, values in zip(found, zip(*chunk, strict=True), strict=True):
            column.extend(values)
    return found


def numbers(column: Sequence[object]) -> NDArray[np.float64]:
    """A column as numbers; NaN where there is none."""
    return np.array(column, dtype=np.float64)


def words(column: Sequence[object], known: Sequence[str]) -> NDArray[np.int32]:
    """A column of stored words as their places in the list of all of them; no word is the empty one."""
    place: dict[object, int] = {str(word): number for number, word in enumerate(known)}
    place[None] = place.get("", -1)
    return np.fromiter((place[value] for value in column), np.int32, len(column))


def _chunks(session: Session, query: Select[*tuple[object, ...]]) -> Iterator[Sequence[Row[*tuple[object, ...]]]]:
    if session.autoflush:
        session.flush()  # as a query of objects would: what was just written is read
    org_id = actor_of(session).org_id
    if org_id is not None:
        for table in _tenants(query):
            query = query.where(table.c.org_id == org_id)
    return session.connection().execute(query).partitions(CHUNK)


def raw(column: ColumnElement[object]) -> ColumnElement[object]:
    """A column as the driver gives it: an id is only compared with ids that were read the same way."""
    return type_coerce(column, String)


def _tenants(query: Select[*tuple[object, ...]]) -> Iterator[FromClause]:
    names = {row.__tablename__ for row in TenantRow.__subclasses__() if issubclass(row, Base)}
    for whole in query.get_final_froms():
        parts = [part for part in visitors.iterate(whole) if isinstance(part, Alias | Table)]
        inside = {part.element for part in parts if isinstance(part, Alias)}
        for part in parts:
            named = part.element if isinstance(part, Alias) else part
            if part not in inside and isinstance(named, Table) and named.name in names:
                yield part

"""What may leave the house: the row's own flags, and that whatever holds it may leave too. For all ways out."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, FromClause, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS, WITHOUT_ATTRIBUTES, Field, Object, StoredRow
from resources_db.vocab import Confidentiality, Visibility

Id = uuid.UUID
STAND_ALONE = frozenset({"unit", "taxonomy", "taxonomy_term", "meta_table_description"})
_SAID_OF: Mapping[str, tuple[str, str]] = {
    "attribute": ("link_id", "link_entity"),
    "metadata": ("resource_id", "resource_type"),
}


def own(kind: Object, table: FromClause) -> list[ColumnElement[bool]]:
    """The flags of the row itself: hidden places are left out as a whole; private phones and contacts too."""
    c = table.c
    if kind.top_level:
        shown = [c.visibility == Visibility.PUBLIC, c.deleted_at.is_(None)]
        return [*shown, c.confidentiality != Confidentiality.HIDDEN] if kind.name == "location" else shown
    return [c.private.is_(False)] if "private" in c else []


def whole(kind: Object, table: FromClause) -> list[ColumnElement[bool]]:
    """As SQL, for records at the top: their own flags, and that what they cannot be without may leave."""
    must = [ref for ref in kind.references if kind.must_have(ref) and ref.target not in STAND_ALONE]
    return [*own(kind, table), *(points_at(ref, table) for ref in must)]


def points_at(ref: Field, table: FromClause) -> ColumnElement[bool]:
    """Does the reference lead to a record that may leave?"""
    return _exists(OBJECTS[ref.target], "id", table.c[ref.column])


def held_by(kind: Object, via: str, owner: ColumnElement[Id]) -> ColumnElement[bool]:
    """Is there a record of this kind that may leave and points at `owner` by the column `via`?"""
    return _exists(kind, via, owner)


def _exists(kind: Object, column: str, value: ColumnElement[Id]) -> ColumnElement[bool]:
    inner = kind.model.__table__.alias()
    return select(1).where(inner.c[column] == value, *whole(kind, inner)).exists()


@dataclass(frozen=True, slots=True)
class Around:
    """Which of the records that a batch points at may leave, by the column that points."""

    leads: Mapping[str, Collection[Id]] = field(default_factory=dict)
    kinds: Mapping[Id, str] = field(default_factory=dict)
    """Of attributes and metadata: which object the record is that they speak of."""

    def named(self, kind: Object, row: object) -> dict[str, str]:
        """The object an attribute or metadata is of, under the name of its member."""
        if kind.name not in _SAID_OF:
            return {}
        column, name = _SAID_OF[kind.name]
        return {name: self.kinds[getattr(row, column)]}

    def lost(self, kind: Object, row: object) -> list[str]:
        """Names of the references that lead to nothing a reader may see."""
        return [ref.name for ref in kind.references if getattr(row, ref.column) not in self.leads.get(ref.column, ())]

    def keeps(self, kind: Object, row: object) -> bool:
        """May this row leave, when its own flags let it?"""
        if kind.name in _SAID_OF:
            column = _SAID_OF[kind.name][0]
            return getattr(row, column) in self.leads[column]
        lost = self.lost(kind, row)
        if any(ref.name in lost for ref in kind.references if kind.must_have(ref)):
            return False
        alone = kind.top_level or kind.name in STAND_ALONE
        return alone or len(lost) < len(kind.references)


def around(session: Session, kind: Object, rows: Sequence[object]) -> Around:
    """What these rows point at, looked up with a few statements however many rows there are."""
    leads: dict[str, Collection[Id]] = {}
    for ref in kind.references:
        leads[ref.column] = leaving(session, OBJECTS[ref.target], _values(rows, ref.column))
    kinds = _spoken_of(session, kind, rows) if kind.name in _SAID_OF else {}
    if kind.name in _SAID_OF:
        leads[_SAID_OF[kind.name][0]] = kinds.keys()
    return Around(leads, kinds)


def leaving(session: Session, kind: Object, ids: Collection[Id]) -> set[Id]:
    """Those of the ids that may leave."""
    if not ids:
        return set()
    table = kind.model.__table__
    columns = [table.c.id, *(table.c[ref.column] for ref in kind.references)]
    if kind.name in _SAID_OF:
        columns += [table.c[name] for name in _SAID_OF[kind.name]]
    rows = session.execute(select(*columns).where(table.c.id.in_(ids), *own(kind, table))).all()
    found = around(session, kind, rows)
    return {row.id for row in rows if found.keeps(kind, row)}


def _spoken_of(session: Session, kind: Object, rows: Sequence[object]) -> dict[Id, str]:
    """Attributes and metadata may be of any record, mostly of the object they name."""
    column, named = _SAID_OF[kind.name]
    found: dict[Id, str] = {}
    for name in dict.fromkeys(getattr(row, named) for row in rows):
        if name in OBJECTS:
            wanted = {getattr(row, column) for row in rows if getattr(row, named) == name}
            found |= dict.fromkeys(leaving(session, OBJECTS[name], wanted), name)
    without = WITHOUT_ATTRIBUTES if kind.name == "attribute" else {"metadata"}
    for each in OBJECTS.values():
        missing = _values(rows, column) - found.keys()
        if each.name not in without and missing:
            found |= dict.fromkeys(leaving(session, each, missing), each.name)
    if kind.name == "metadata":
        for one in protected(session, found.keys()):
            del found[one]
    return found


def protected(session: Session, ids: Collection[Id]) -> set[Id]:
    """Those of the ids that are places not open to all, or addresses of such: what was written of them is not told."""
    place, address = (OBJECTS[name].model.__table__ for name in ("location", "address"))
    closed = place.c.confidentiality != Confidentiality.PUBLIC
    of_address = select(address.c.id).join(place, place.c.id == address.c.location_id)
    return {
        *session.scalars(select(place.c.id).where(place.c.id.in_(ids), closed)),
        *session.scalars(of_address.where(address.c.id.in_(ids), closed)),
    }


def zones(session: Session, schedules: Iterable[StoredRow], found: Around) -> dict[Id, str]:
    """The time zone of the place each hours row is of: of its link's place, else of its own."""
    link, place = (OBJECTS[name].model.__table__ for name in ("service_at_location", "location"))
    at: dict[Id, Id] = {}
    for row in schedules:
        for column in ("location_id", "service_at_location_id"):
            if getattr(row, column) in found.leads[column]:
                at[row.id] = getattr(row, column)
    linked = select(link.c.id, link.c.location_id).where(link.c.id.in_(set(at.values())))
    places: dict[Id, Id] = {row.id: row.location_id for row in session.execute(linked)}
    at = {row_id: places.get(one, one) for row_id, one in at.items()}
    known = select(place.c.id, place.c.timezone).where(place.c.id.in_(set(at.values())))
    named: dict[Id, str] = {row.id: row.timezone for row in session.execute(known)}
    return {row_id: named.get(one, "") for row_id, one in at.items()}


def _values(rows: Iterable[object], column: str) -> set[Id]:
    return {found for row in rows if (found := getattr(row, column)) is not None}

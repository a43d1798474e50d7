"""What may leave the house, as SQL: the row's own flags, and that whatever holds it may leave too. For all ways out."""

import uuid

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, and_, func, or_, select

from resources_db.hsds.fields import OBJECTS, WITHOUT_ATTRIBUTES, Field, Object
from resources_db.vocab import Confidentiality, Visibility

STAND_ALONE = frozenset({"unit", "taxonomy", "taxonomy_term", "meta_table_description"})
_SAID_OF: dict[str, str] = {"attribute": "link_id", "metadata": "resource_id"}


def own(kind: Object, table: FromClause) -> list[ColumnElement[bool]]:
    """The flags of the row itself: hidden places are left out as a whole; private phones and contacts too."""
    c = table.c
    if kind.top_level:
        shown = [c.visibility == Visibility.PUBLIC, c.deleted_at.is_(None)]
        return [*shown, c.confidentiality != Confidentiality.HIDDEN] if kind.name == "location" else shown
    return [c.private.is_(False)] if "private" in c else []


def whole(kind: Object, table: FromClause) -> list[ColumnElement[bool]]:
    """Its own flags, everything it cannot be without, and for a part at least one record that holds it."""
    wanted = own(kind, table)
    must = [ref for ref in kind.references if kind.must_have(ref)]
    wanted += [points_at(ref, table) for ref in must if ref.target not in STAND_ALONE]
    if kind.name in _SAID_OF:
        wanted.append(_said_of(kind, table))
    elif not (kind.top_level or kind.name in STAND_ALONE or must):
        wanted.append(or_(*(points_at(ref, table) for ref in kind.references)))
    return wanted


def points_at(ref: Field, table: FromClause) -> ColumnElement[bool]:
    """Does the reference lead to a record that may leave?"""
    return _exists(OBJECTS[ref.target], table.c[ref.column])


def held_by(kind: Object, via: str, owner: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Is there a record of this kind that may leave and points at `owner` by the column `via`?"""
    inner = kind.model.__table__.alias()
    return select(1).where(inner.c[via] == owner, *whole(kind, inner)).exists()


def timezone_of(schedule: FromClause) -> ColumnElement[str]:
    """The zone of the place a schedule row is of: of its link's place, else of its own."""
    link, place = (OBJECTS[name].model.__table__ for name in ("service_at_location", "location"))
    linked, placed, at = link.alias(), place.alias(), place.alias()
    by_link = select(placed.c.timezone).join(linked, linked.c.location_id == placed.c.id)
    through: ScalarSelect[str] = by_link.where(
        linked.c.id == schedule.c.service_at_location_id, *whole(OBJECTS["service_at_location"], linked)
    ).scalar_subquery()
    directly = select(at.c.timezone).where(at.c.id == schedule.c.location_id, *own(OBJECTS["location"], at))
    return func.coalesce(through, directly.scalar_subquery(), "")


def _exists(kind: Object, column: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    inner = kind.model.__table__.alias()
    return select(1).where(inner.c.id == column, *whole(kind, inner)).exists()


def _said_of(kind: Object, table: FromClause) -> ColumnElement[bool]:
    """Attributes and metadata may be of any record; what is said of a protected place never leaves."""
    without = WITHOUT_ATTRIBUTES if kind.name == "attribute" else {"metadata"}
    column = table.c[_SAID_OF[kind.name]]
    found = [_exists(each, column) for each in OBJECTS.values() if each.name not in without]
    return or_(*found) if kind.name == "attribute" else and_(or_(*found), ~_of_protected(column))


def _of_protected(column: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    place, address = (OBJECTS[name].model.__table__ for name in ("location", "address"))
    protected, owned, at = place.alias(), place.alias(), address.alias()
    is_place = select(1).where(protected.c.id == column, protected.c.confidentiality != Confidentiality.PUBLIC)
    is_address = (
        select(1)
        .join_from(at, owned, owned.c.id == at.c.location_id)
        .where(at.c.id == column, owned.c.confidentiality != Confidentiality.PUBLIC)
    )
    return or_(is_place.exists(), is_address.exists())


__all__ = ["held_by", "own", "points_at", "timezone_of", "whole"]

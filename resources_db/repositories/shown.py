"""How many listings anybody may find, counted by the database itself; some of them; those of a need.

The rule is that of listings.load and of search: public, not withdrawn, and the service is running.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, case, cast, exists, func, or_, select

from resources_db.models.directory import Location, Organization, Service, ServiceAtLocation
from resources_db.repositories import listings
from resources_db.vocab import ServiceStatus, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from resources_db.repositories.listing import Listing

_RUNNING = and_(
    Service.deleted_at.is_(None),
    Service.visibility == Visibility.PUBLIC,
    Service.status == ServiceStatus.ACTIVE,
    Organization.visibility == Visibility.PUBLIC,
    Organization.deleted_at.is_(None),
)


def count(session: Session) -> int:
    """Listings that search has to know."""
    return _at_places(session) + _without_place(session)


def _at_places(session: Session) -> int:
    found = (
        select(func.count())
        .select_from(ServiceAtLocation)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(
            _RUNNING,
            ServiceAtLocation.deleted_at.is_(None),
            ServiceAtLocation.visibility == Visibility.PUBLIC,
            Location.visibility == Visibility.PUBLIC,
            Location.deleted_at.is_(None),
        )
    )
    return session.scalar(found) or 0


def _without_place(session: Session) -> int:
    placed = exists().where(ServiceAtLocation.service_id == Service.id, ServiceAtLocation.deleted_at.is_(None))
    found = (
        select(func.count())
        .select_from(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(_RUNNING, ~placed)
    )
    return session.scalar(found) or 0


def some(session: Session, most: int, *, seed: int) -> list[Listing]:
    """Listings of services spread over the whole directory; another `seed` gives others."""
    services = session.scalar(select(func.count()).select_from(Service).where(Service.deleted_at.is_(None))) or 0
    step = max(services // most, 1)
    ids = select(Service.id, func.row_number().over(order_by=Service.id).label("place")).where(
        Service.deleted_at.is_(None)
    )
    numbered = ids.subquery()
    chosen = select(numbered.c.id).where(numbered.c.place % step == seed % step).limit(most)
    return listings.of_services(session, session.scalars(chosen))


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees around a place; a box over the date line is not one, and is left out by the caller."""

    south: float
    west: float
    north: float
    east: float


def narrowed(
    session: Session, *, needs: Sequence[str], words: Sequence[str], box: Box | None, most: int
) -> list[uuid.UUID]:
    """Services by need (else by a word of their name), a plain question to SQL. Those that have all the words in their
    name come first, whatever need the words may mean too; then those inside the box.
    """
    inside = _inside(box) if box else None
    wanted = select(Service.id).join(Organization, Organization.id == Service.organization_id).where(_RUNNING)
    in_name = [Service.name.icontains(word, autoescape=True) for word in words]
    if needs:
        kept = (cast(column, String) for column in (Service.needs, Service.also_serves))
        serving = [text.contains(f'"{need}"') for text in kept for need in needs]
        wanted = wanted.where(or_(*serving, and_(*in_name)) if in_name else or_(*serving))
    elif words:
        wanted = wanted.where(or_(*in_name))
    if in_name:
        wanted = wanted.order_by(case((and_(*in_name), 0), else_=1))
    if inside is not None:
        wanted = wanted.order_by(case((inside, 0), else_=1))
    return list(session.scalars(wanted.order_by(Service.id).limit(most)))


def _inside(box: Box) -> ColumnElement[bool]:
    return exists().where(
        ServiceAtLocation.service_id == Service.id,
        Location.id == ServiceAtLocation.location_id,
        Location.latitude.between(box.south, box.north),
        Location.longitude.between(box.west, box.east),
    )

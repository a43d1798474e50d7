"""Services at places for a ZIP: those whose area covers it, or those within a distance of its middle."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from resources_db.models.directory import Address, Location, ServiceArea, ServiceAtLocation
from resources_db.places import ZipArea, zip_area
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_EARTH_M = 6_371_000
_METRES_A_DEGREE = 111_000


class UnknownZipError(ValueError):
    """The ZIP is not in the gazetteer, so no distance can be told."""


def links_near(session: Session, postcode: str, proximity: float | None) -> set[uuid.UUID]:
    """Ids of services at places. `proximity` in metres from the middle of the ZIP; without it, coverage decides."""
    if proximity is None:
        return _covering(session, postcode)
    area = zip_area(postcode)
    if area is None or area.latitude is None or area.longitude is None:
        raise UnknownZipError(postcode)
    places = _within(session, area, proximity)
    return set(session.scalars(select(ServiceAtLocation.id).where(ServiceAtLocation.location_id.in_(places))))


def _within(session: Session, area: ZipArea, metres: float) -> set[uuid.UUID]:
    latitude, longitude = area.latitude or 0.0, area.longitude or 0.0
    tall = metres / _METRES_A_DEGREE
    wide = tall / max(math.cos(math.radians(latitude)), 0.01)
    stmt = select(Location.id, Location.latitude, Location.longitude).where(
        Location.confidentiality == Confidentiality.PUBLIC,
        Location.latitude.between(latitude - tall, latitude + tall),
        Location.longitude.between(longitude - wide, longitude + wide),
    )
    return {
        row_id
        for row_id, north, east in session.execute(stmt)
        if _metres(latitude, longitude, north or 0.0, east or 0.0) <= metres
    }


def _metres(north: float, east: float, other_north: float, other_east: float) -> float:
    a, b = math.radians(north), math.radians(other_north)
    half_north, half_east = (b - a) / 2, math.radians(other_east - east) / 2
    chord = math.sin(half_north) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_east) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(chord))


def _covering(session: Session, postcode: str) -> set[uuid.UUID]:
    """By area of the link, else of the service; without any area by an address in the same ZIP."""
    areas: dict[uuid.UUID, list[ServiceArea]] = defaultdict(list)
    for row in session.scalars(select(ServiceArea)):
        for owner in (row.service_at_location_id, row.service_id):
            if owner:
                areas[owner].append(row)
    same_zip = or_(Address.postal_code == postcode, Address.postal_code.startswith(f"{postcode}-"))
    in_zip = set(session.scalars(select(Address.location_id).where(same_zip)))
    rows = session.execute(select(ServiceAtLocation.id, ServiceAtLocation.service_id, ServiceAtLocation.location_id))
    found = set()
    for link_id, service_id, location_id in rows:
        held = areas.get(link_id) or areas.get(service_id)
        if any(_covers(area, postcode) for area in held) if held else location_id in in_zip:
            found.add(link_id)
    return found


def _covers(area: ServiceArea, postcode: str) -> bool:
    known = zip_area(postcode)
    return area.nationwide or postcode in area.zip_codes or (known is not None and known.state in area.states)

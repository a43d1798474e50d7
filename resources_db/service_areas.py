"""Writes the area a listing serves: of its service everywhere, or of this place only, which wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db import history, search_log
from resources_db.base import new_id
from resources_db.history import About
from resources_db.models.directory import Service, ServiceArea, ServiceAtLocation

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.listing_key import ListingKey


@dataclass(frozen=True, slots=True)
class AreaWords:
    """One area as it is kept. `shape` is GeoJSON; `text` alone is neither a match nor an exclusion."""

    zip_codes: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    nationwide: bool = False
    shape: str = ""
    text: str = ""

    @property
    def says_nothing(self) -> bool:
        return not (self.zip_codes or self.counties or self.states or self.nationwide or self.shape or self.text)

    def told(self) -> str:
        """In one line, for the history; a shape is only named."""
        parts = [", ".join(self.zip_codes), ", ".join(self.counties), ", ".join(self.states)]
        parts += ["nationwide" if self.nationwide else "", "shape" if self.shape else "", self.text]
        return "; ".join(filter(None, parts))


class AreaConflictError(RuntimeError):
    """Somebody changed the service since the page was made."""


def of(session: Session, key: ListingKey, *, here: bool) -> AreaWords:
    """What is kept now, of this place only or of the service; several areas come as one."""
    rows = _rows(session, key, here=here)
    return AreaWords(
        tuple(dict.fromkeys(code for row in rows for code in row.zip_codes)),
        tuple(dict.fromkeys(name for row in rows for name in row.counties)),
        tuple(dict.fromkeys(name for row in rows for name in row.states)),
        any(row.nationwide for row in rows),
        next((row.extent for row in rows if row.extent_type == "geojson"), ""),
        "\n".join(dict.fromkeys(filter(None, map(_text, rows)))),
    )


def replace(
    session: Session, key: ListingKey, area: AreaWords, *, here: bool, seen_version: int, now: datetime
) -> None:
    """Keep this area instead of what stood there. An empty one takes the area away. Raises AreaConflictError."""
    service = session.get_one(Service, key.service_id, with_for_update=True)
    if service.version != seen_version:
        raise AreaConflictError(str(key))
    before = of(session, key, here=here)
    for row in _rows(session, key, here=here):
        session.delete(row)
    session.flush()
    if not area.says_nothing:
        session.add(_row(session, key, area, here=here))
    service.version, service.edited_at, service.last_modified = service.version + 1, now, now
    about = About("service", key.service_id, history.TEAM, key.service_id, key.location_id if here else None)
    history.record(session, about, [("service_area", before.told(), area.told())], now=now)
    search_log.touch(session, [key.service_id], now=now)


def _row(session: Session, key: ListingKey, area: AreaWords, *, here: bool) -> ServiceArea:
    return ServiceArea(
        id=new_id(),
        **_owner(session, key, here=here),
        description=area.text,
        extent=area.shape,
        extent_type="geojson" if area.shape else "",
        zip_codes=list(area.zip_codes),
        counties=list(area.counties),
        states=list(area.states),
        nationwide=area.nationwide,
    )


def _owner(session: Session, key: ListingKey, *, here: bool) -> dict[str, uuid.UUID | None]:
    if not here:
        return {"service_id": key.service_id}
    stmt = select(ServiceAtLocation.id).where(
        ServiceAtLocation.service_id == key.service_id,
        ServiceAtLocation.location_id == key.location_id,
        ServiceAtLocation.deleted_at.is_(None),
    )
    return {"service_at_location_id": session.scalars(stmt).first()}


def _rows(session: Session, key: ListingKey, *, here: bool) -> Sequence[ServiceArea]:
    name, owner = next(iter(_owner(session, key, here=here).items()))
    if owner is None:
        return []
    stmt = select(ServiceArea).where(getattr(ServiceArea, name) == owner)
    return session.scalars(stmt.order_by(ServiceArea.position, ServiceArea.id)).all()


def _text(row: ServiceArea) -> str:
    return row.description or row.name or (row.extent if row.extent_type in ("", "text") else "")

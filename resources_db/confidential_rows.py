"""The rows of a location as its sealed place holds them: read before sealing, written back when more is told."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from resources_db import places
from resources_db.base import new_id
from resources_db.models import directory as d
from resources_db.repositories.confidential import HiddenPlace
from resources_db.vocab import LocationType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

WORDS: Final = ("name", "alternate_name", "description", "transportation", "url")
"""What a location says of itself in free words: sealed with its address."""
IDENTIFIERS: Final = ("external_identifier", "external_identifier_type")
ZIP3: Final = 3
_OF_ADDRESS = (
    "attention", "address_1", "address_2", "city", "region", "state_province", "postal_code", "country",
    "address_type", "source", "external_id",
)  # fmt: skip
_KEPT_OF_AREA = frozenset({"id", "city", "state_province", "country", "address_type", "source", "external_id"})


def addresses(session: Session, location_id: uuid.UUID) -> Sequence[d.Address]:
    """The public address rows of a location, in their order."""
    stmt = select(d.Address).where(d.Address.location_id == location_id)
    return session.scalars(stmt.order_by(d.Address.position, d.Address.id)).all()


def read(place: d.Location, rows: Sequence[d.Address]) -> HiddenPlace:
    """What stands in public of a location, as it is sealed."""
    told = tuple(
        {"id": str(row.id), **{name: str(getattr(row, name)) for name in _OF_ADDRESS if getattr(row, name)}}
        for row in rows
    )
    words = {name: getattr(place, name) for name in (*WORDS, *IDENTIFIERS) if getattr(place, name)}
    return HiddenPlace(told, place.latitude, place.longitude, words)


def area(address: Mapping[str, str]) -> Mapping[str, str]:
    """An address of which only the area is told: the city and three digits of the ZIP."""
    kept = {name: text for name, text in address.items() if name in _KEPT_OF_AREA}
    return {**kept, "postal_code": address.get("postal_code", "")[:ZIP3]}


def write(session: Session, location_id: uuid.UUID, told: Sequence[Mapping[str, str]]) -> None:
    """Put addresses into the public table, under the ids they had."""
    for at, address in enumerate(told):
        known = {name: text for name, text in address.items() if name in _OF_ADDRESS and name != "address_type"}
        kind = LocationType(address.get("address_type") or LocationType.PHYSICAL)
        own = uuid.UUID(address["id"]) if "id" in address else new_id()
        session.add(d.Address(id=own, location_id=location_id, position=at, address_type=kind, **known))


def pin(place: d.Location, true: HiddenPlace) -> None:
    """The point of a place that is public again, judged anew."""
    first = next(iter(true.addresses), {})
    state, code = first.get("state_province", ""), first.get("postal_code", "")
    point = places.judge(true.latitude, true.longitude, state=state, postal_code=code)
    place.latitude, place.longitude, place.geocode_quality = point.latitude, point.longitude, point.quality

"""Takes the place out of records that must not show it, before anything is compared or stored in public tables."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from resources_db import confidentiality
from resources_db.hsds.values import Plain
from resources_db.importers.linking import Linked
from resources_db.importers.records import Where
from resources_db.repositories import confidential
from resources_db.repositories.confidential import HiddenPlace
from resources_db.vocab import Confidentiality

_ORDER = list(Confidentiality)
_KEPT_OF_AREA = frozenset({"location_id", "city", "state_province", "country", "address_type"})
_POINT = ("latitude", "longitude", "external_identifier", "external_identifier_type")
_ZIP3 = 3


@dataclass(slots=True)
class Hiding:
    """What to seal, and the addresses that may not stand in the public table."""

    places: dict[uuid.UUID, HiddenPlace] = field(default_factory=dict)
    dropped: list[Linked] = field(default_factory=list)
    turned: set[uuid.UUID] = field(default_factory=set)
    """Places that told more until now: what was written of them has to go as well."""
    lines: set[Where] = field(default_factory=set)
    """Where the file speaks of them: a report quotes nothing from there."""


def hide(session: Session, linked: list[Linked]) -> Hiding:
    """Strip confidential places in `linked`; an import never makes a place less confidential than it is."""
    found = Hiding()
    places = [one for one in linked if one.kind == "location"]
    agreed = confidentiality.decided(session, (one.id for one in places if one.row is not None))
    levels = {one.id: _level(one, agreed) for one in places}
    addresses: dict[uuid.UUID, list[Linked]] = defaultdict(list)
    for one in linked:
        if one.kind == "address" and (owner := one.values.get("location_id")):
            addresses[uuid.UUID(str(owner))].append(one)
    for one in linked:
        level = levels.get(one.id, Confidentiality.PUBLIC) if one.kind == "location" else Confidentiality.PUBLIC
        if level == Confidentiality.PUBLIC:
            continue
        if one.row is not None and level != getattr(one.row, "confidentiality", level):
            found.turned.add(one.id)
        one.values["confidentiality"] = level.value
        place = _sealed(one, addresses[one.id])
        if not place.says_nothing and place != confidential.stored(session, one.id):
            found.places[one.id] = place
        _strip(one, addresses[one.id], level, found)
    gone = {one.id for one in found.dropped}
    linked[:] = [one for one in linked if one.id not in gone]
    return found


def _level(place: Linked, agreed: Mapping[uuid.UUID, Confidentiality]) -> Confidentiality:
    """The stricter of what the file says and what we know; what two people agreed on stands."""
    said = Confidentiality(str(place.values.get("confidentiality") or Confidentiality.PUBLIC.value))
    known = getattr(place.row, "confidentiality", Confidentiality.PUBLIC)
    agreed_on = agreed.get(place.id)
    if agreed_on is not None and agreed_on is known:
        place.values["confidentiality"] = agreed_on.value
        return agreed_on
    return max(said, known, key=_ORDER.index)


def _sealed(place: Linked, addresses: list[Linked]) -> HiddenPlace:
    latitude, longitude = (place.values.get(name) for name in ("latitude", "longitude"))
    words = (*confidentiality.WORDS, *confidentiality.IDENTIFIERS)
    return HiddenPlace(
        tuple(_address(one) for one in addresses),
        float(latitude) if isinstance(latitude, int | float) else None,
        float(longitude) if isinstance(longitude, int | float) else None,
        {name: str(text) for name in words if (text := place.values.get(name))},
    )


def _address(one: Linked) -> dict[str, str]:
    said = {name: str(value) for name, value in one.values.items() if name != "location_id" and value is not None}
    return {"id": str(one.id), "external_id": one.checked.external_id, **said}


def _strip(place: Linked, addresses: list[Linked], level: Confidentiality, found: Hiding) -> None:
    place.values.update(dict.fromkeys((*_POINT, *confidentiality.WORDS, "geocode_source")))
    place.values["geocode_quality"] = "none"
    found.lines.add(place.checked.where)
    place.checked.extra.clear()
    for one in addresses:
        found.lines.add(one.checked.where)
        one.checked.extra.clear()
        if level == Confidentiality.HIDDEN:
            found.dropped.append(one)
            continue
        code: Plain = str(one.values.get("postal_code") or "")[:_ZIP3] or None
        kept = {name: value for name, value in one.values.items() if name in _KEPT_OF_AREA}
        one.values = {**dict.fromkeys(one.values), **kept, "postal_code": code}

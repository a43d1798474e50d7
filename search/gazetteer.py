"""Places of the United States from packaged data: ZIP codes and the cities made of them. No network, no geopy.

A ZIP is an area, not a point: what is found here is always "about".
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

import zipcodes
from rapidfuzz import process
from rapidfuzz.distance import OSA

from resources_db import places
from search.lexicon import place_nicknames
from search.words import split

STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP".split()
)
_LAST = "\U0010ffff"
_ZIP_SHAPE = re.compile(r"(\d{3,5})(?:\.0+)?(?:[-\s]?(\d{4}))?")


@dataclass(frozen=True, slots=True)
class ZipPlace:
    code: str
    city: str
    state: str
    county: str
    zone: str
    latitude: float
    longitude: float
    po_box: bool
    military: bool


@dataclass(frozen=True, slots=True)
class City:
    """A city as the middle of its ZIP codes; more ZIP codes, bigger city."""

    name: str
    state: str
    latitude: float
    longitude: float
    zips: tuple[str, ...]
    county: str
    zone: str


def mend_zip(text: str) -> str | None:
    """Five digits out of what people and spreadsheets write ("45202-1234", "15131.0", "0501", full-width digits)."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("–", "-")
    found = _ZIP_SHAPE.fullmatch(plain)
    if not found or (found[2] and len(found[1]) < 5 and "-" not in plain):
        return None
    return found[1].zfill(5)


@lru_cache(maxsize=8_192)
def zip_place(code: str) -> ZipPlace | None:
    """The ZIP with these five digits, or None."""
    if len(code) != 5 or not code.isascii() or not code.isdigit():
        return None
    rows = cast("list[Mapping[str, object]]", zipcodes.matching(code))
    return _zip_place(rows[0]) if rows else None


def zone_of_zip(code: str) -> tuple[str, ...]:
    """Time zones in use at a ZIP: one, or none when the ZIP is not known."""
    place = zip_place(mend_zip(code) or "")
    return (place.zone,) if place and place.zone else ()


def similar_zips(code: str, most: int = 3) -> tuple[str, ...]:
    """Known ZIPs that begin alike, the nearest numbers first."""
    for length in (4, 3):
        rows = cast("list[Mapping[str, str]]", zipcodes.similar_to(code[:length])) if len(code) >= length else []
        codes = sorted(
            (row["zip_code"] for row in rows), key=lambda known: (abs(int(known) - int(code.ljust(5, "0"))), known)
        )
        if codes:
            return tuple(codes[:most])
    return ()


def cities(name: str) -> tuple[City, ...]:
    """Cities of this name, biggest first; nicknames ("philly") included."""
    folded = " ".join(split(name))
    nickname = place_nicknames().get(folded)
    if nickname:
        city, state = nickname.split(", ")
        return tuple(found for found in _cities().get(" ".join(split(city)), ()) if found.state == state)
    return _cities().get(folded, ())


def cities_beginning(begins: str) -> tuple[City, ...]:
    """Cities whose folded name begins so."""
    names = _names()
    held = names[bisect_left(names, begins) : bisect_left(names, begins + _LAST)]
    return tuple(city for name in held for city in _cities()[name])


def zips_beginning(digits: str) -> tuple[ZipPlace, ...]:
    """ZIPs where people live that begin with these digits."""
    codes = _codes()
    held = codes[bisect_left(codes, digits) : bisect_left(codes, digits + _LAST)]
    return tuple(place for code in held if (place := zip_place(code)) is not None)


def state_code(text: str) -> str | None:
    """The two letters of a state from its letters or its name."""
    letters = places.state_code(text.replace(".", ""))
    return letters if letters in STATES else None


def warm() -> None:
    """Load the city table now (about a second), so that the first question need not wait."""
    _names()
    _codes()


def _zip_place(row: Mapping[str, object]) -> ZipPlace:
    zone = str(row["timezone"])
    return ZipPlace(
        code=str(row["zip_code"]),
        city=str(row["city"]),
        state=str(row["state"]),
        county=str(row["county"]),
        zone=zone if "/" in zone else "",
        latitude=float(str(row["lat"])),
        longitude=float(str(row["long"])),
        po_box=row["zip_code_type"] == "PO BOX",
        military=row["zip_code_type"] == "MILITARY",
    )


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(_cities()))


@cache
def _codes() -> tuple[str, ...]:
    return tuple(sorted(code for same in _cities().values() for city in same for code in city.zips))


@cache
def _cities() -> Mapping[str, tuple[City, ...]]:
    grouped: dict[tuple[str, str], list[ZipPlace]] = defaultdict(list)
    for row in cast("list[Mapping[str, object]]", zipcodes.list_all()):
        if row["zip_code_type"] != "MILITARY" and row["active"]:
            found = _zip_place(row)
            grouped[found.city, found.state].append(found)
    named: dict[str, list[City]] = defaultdict(list)
    for (name, state), members in grouped.items():
        named[" ".join(split(name))].append(_city(name, state, members))
    return {name: tuple(sorted(same, key=lambda c: (-len(c.zips), c.state))) for name, same in named.items()}


def _city(name: str, state: str, members: list[ZipPlace]) -> City:
    # PO boxes sit at post offices and would pull the middle of a city away from where people live
    lived = [place for place in members if not place.po_box] or members
    return City(
        name=name,
        state=state,
        latitude=sum(place.latitude for place in lived) / len(lived),
        longitude=sum(place.longitude for place in lived) / len(lived),
        zips=tuple(place.code for place in lived),
        county=lived[0].county,
        zone=lived[0].zone,
    )


def similar_cities(name: str, most: int = 3) -> tuple[City, ...]:
    """Cities with nearly this name, for "did you mean"."""
    folded = " ".join(split(name))
    near = process.extract(folded, _cities().keys(), scorer=OSA.distance, score_cutoff=2, limit=most * 3)
    named = sorted(near, key=lambda found: (found[1], -len(_cities()[found[0]][0].zips)))
    return tuple(_cities()[found[0]][0] for found in named[:most])

"""Mends and judges places of a directory: ZIPs, states, coordinates, words that say "do not publish". Pure, offline.

Finding coordinates for an address is search's work.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import zipcodes

from resources_db.vocab import GeocodeQuality

_MARGIN_DEGREES = 0.35  # about 30 km: places just over a state line are right
_ZIP = re.compile(r"(\d{5})(?:[- ]?(\d{4}))?$")
_SHORT_ZIP = re.compile(r"\d{3,4}$")
_CONFIDENTIAL = re.compile(
    r"\bconfidential\b|undisclosed|\bwithheld\b|call for (?:the )?(?:location|address)|address not published|"
    r"location not (?:published|disclosed)|address (?:is )?private",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(-?\d{1,2}\.\d{3,})\s*[,;]\s*(-?\d{1,3}\.\d{3,})")
_STATES = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|VI Virgin Islands|GU Guam|AS American Samoa|"
    "MP Northern Mariana Islands"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A judged coordinate; without one `problem` says why."""

    latitude: float | None
    longitude: float | None
    quality: GeocodeQuality
    problem: str = ""


NOWHERE = Point(None, None, GeocodeQuality.NONE)


@dataclass(frozen=True, slots=True)
class ZipArea:
    code: str
    state: str
    county: str
    timezone: str
    latitude: float | None
    longitude: float | None


@cache
def _state_names() -> Mapping[str, str]:
    pairs = (entry.split(" ", 1) for entry in _STATES.split("|"))
    return MappingProxyType({key: code for code, name in pairs for key in (code.casefold(), name.casefold())})


@cache
def _zips() -> Mapping[str, ZipArea]:
    found = {}
    for row in zipcodes.list_all():
        latitude, longitude = (float(row[name]) if row[name] else None for name in ("lat", "long"))
        found[row["zip_code"]] = ZipArea(
            row["zip_code"], row["state"], row["county"] or "", row["timezone"] or "", latitude, longitude
        )
    return MappingProxyType(found)


@cache
def _bounds() -> Mapping[str, tuple[float, float, float, float]]:
    """South, north, west, east of each state, from its ZIPs."""
    boxes: dict[str, list[ZipArea]] = {}
    for area in _zips().values():
        if area.latitude and area.longitude:
            boxes.setdefault(area.state, []).append(area)
    return MappingProxyType({state: _box(areas) for state, areas in boxes.items()})


def _box(areas: list[ZipArea]) -> tuple[float, float, float, float]:
    # A handful of ZIPs of the gazetteer lie in a wrong state: leave out the outermost one in 500 on each side.
    latitudes = sorted(area.latitude for area in areas if area.latitude is not None)
    longitudes = sorted(area.longitude for area in areas if area.longitude is not None)
    cut = len(areas) // 500
    return latitudes[cut], latitudes[-1 - cut], longitudes[cut], longitudes[-1 - cut]


def mend_zip(text: str) -> str | None:
    """Five digits, or ZIP+4, from `15131.0`, `501`, ` 45202 `; None when it is no US ZIP."""
    plain = text.strip().removesuffix(".0")
    if _SHORT_ZIP.match(plain):
        plain = plain.zfill(5)  # a spreadsheet ate the leading zero
    found = _ZIP.match(plain)
    if not found or found[1] == "00000":
        return None
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def state_code(text: str) -> str:
    """The two letters of a US state or territory; any other text comes back trimmed."""
    return _state_names().get(text.strip().rstrip(".").casefold(), text.strip())


def zip_area(code: str) -> ZipArea | None:
    return _zips().get(code[:5])


def middle_of_zip(code: str) -> Point:
    """The middle of a ZIP; nowhere when we do not know it."""
    area = zip_area(code) if code else None
    if area is None or not area.latitude or not area.longitude:
        return NOWHERE
    return Point(area.latitude, area.longitude, GeocodeQuality.ZIP)


def middle_of_zip3(zip3: str) -> Point:
    """The middle of all ZIPs that begin with these three digits; nowhere when there is none."""
    return _middles().get(zip3, NOWHERE)


@cache
def _middles() -> Mapping[str, Point]:
    points: dict[str, list[tuple[float, float]]] = {}
    for area in _zips().values():
        if area.latitude and area.longitude:
            points.setdefault(area.code[:3], []).append((area.latitude, area.longitude))
    return MappingProxyType({zip3: _middle(found) for zip3, found in points.items()})


def _middle(points: list[tuple[float, float]]) -> Point:
    latitude, longitude = (round(sum(one) / len(points), 4) for one in zip(*points, strict=True))
    return Point(latitude, longitude, GeocodeQuality.ZIP)


def timezone_of(code: str) -> str:
    """The IANA zone of a ZIP, empty when unknown."""
    area = zip_area(code)
    return area.timezone if area else ""


def says_confidential(text: str) -> bool:
    """Does an address text ask not to be published?"""
    return bool(_CONFIDENTIAL.search(text))


def point_in_words(text: str) -> tuple[float, float] | None:
    """Coordinates written into a description, if both are in range."""
    found = _PAIR.search(text)
    if not found:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def judge(latitude: float | None, longitude: float | None, *, state: str = "", postal_code: str = "") -> Point:
    """How far a coordinate may be trusted; a wrong one is dropped with the reason."""
    if latitude is None or longitude is None:
        return Point(None, None, GeocodeQuality.NONE)
    if abs(latitude) > 90 or abs(longitude) > 180 or (abs(latitude) < 0.001 and abs(longitude) < 0.001):
        return Point(None, None, GeocodeQuality.NONE, "point_out_of_range")
    if outside(latitude, longitude, state):
        return Point(None, None, GeocodeQuality.NONE, "point_outside_state")
    area = zip_area(postal_code) if postal_code else None
    if area and (latitude, longitude) == (area.latitude, area.longitude):
        return Point(latitude, longitude, GeocodeQuality.ZIP)
    return Point(latitude, longitude, GeocodeQuality.ROOFTOP)


def outside(latitude: float, longitude: float, state: str) -> bool:
    """Clearly outside the state? Unknown states never are."""
    box = _bounds().get(state_code(state)) if state else None
    if box is None:
        return False
    south, north, west, east = box
    return not (
        south - _MARGIN_DEGREES <= latitude <= north + _MARGIN_DEGREES
        and west - _MARGIN_DEGREES <= longitude <= east + _MARGIN_DEGREES
    )

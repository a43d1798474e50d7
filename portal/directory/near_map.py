"""The picture beside the list: where its places lie around the middle of the ZIP. The list holds the same facts.

A drawing of our own with county lines and no tiles: nobody else learns what was searched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from i18n import formatting
from portal import county_lines
from portal.county_lines import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.parts import PlaceRow
    from search.answer import Hit
    from search.geocode import Place

WIDTH, HEIGHT = 368, 400
_EDGE = 34
_LEAST_METRES, _STEP = 400.0, 1.25
_METRES_A_DEGREE = 111_195.0
_ROUND_MILES = (0.5, 1, 2, 5, 10, 20, 50)
_APART = 27.0  # two numbers closer than this would lie on each other
_TELLS_APART = 3.0
_LETTER, _LINE = 11.0, 24  # about the width of a letter, and the height of a line
_NAMED_AREA = 9_000.0  # of a county's part in the picture: smaller ones are not named


@dataclass(frozen=True, slots=True)
class Dot:
    number: int
    x: float
    y: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle of a round distance around the middle."""

    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class County:
    """A county's outline in the picture; `name` where there is room for it, at x and y."""

    path: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Marker:
    """What the map with script needs of one place."""

    number: int
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class NearMap:
    """`label` is the place asked from, empty when nobody said where; then the picture has no house and no rings."""

    x: float
    y: float
    label: str
    dots: tuple[Dot, ...]
    rings: tuple[Ring, ...]
    counties: tuple[County, ...]
    markers: tuple[Marker, ...]
    home: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _View:
    """Degrees to points of the picture."""

    latitude: float
    longitude: float
    scale: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        east, north = _metres(self.latitude, self.longitude, latitude, longitude)
        return WIDTH / 2 + east * self.scale, HEIGHT / 2 - north * self.scale

    @property
    def box(self) -> Box:
        """What can be seen, and a little more, so that cut edges stay outside."""
        north = (HEIGHT / 2 + 8) / self.scale / _METRES_A_DEGREE
        east = (WIDTH / 2 + 8) / self.scale / _METRES_A_DEGREE / math.cos(math.radians(self.latitude))
        return Box(self.longitude - east, self.latitude - north, self.longitude + east, self.latitude + north)


def draw(place: Place | None, hits: Sequence[tuple[Hit, PlaceRow]]) -> NearMap | None:
    """None when nothing has an address to show."""
    markers = tuple(_marker(hit, row) for hit, row in hits if hit.latitude is not None and not hit.about)
    if not markers:
        return None
    chosen = {row.number for _hit, row in hits if row.chosen}
    view = _view(place, markers)
    dots = [Dot(one.number, *view.at(one.longitude, one.latitude), one.number in chosen) for one in markers]
    return NearMap(
        x=WIDTH / 2,
        y=HEIGHT / 2,
        label=place.label if place else "",
        dots=tuple(_spread(dots)),
        rings=tuple(_rings(view.scale)) if place else (),
        counties=_counties(view),
        markers=markers,
        home=(place.latitude, place.longitude) if place else None,
    )


def _marker(hit: Hit, row: PlaceRow) -> Marker:
    assert hit.latitude is not None
    assert hit.longitude is not None
    return Marker(row.number, row.name, hit.latitude, hit.longitude)


def _view(place: Place | None, markers: Sequence[Marker]) -> _View:
    """Around the person, else around the middle of the places."""
    latitudes, longitudes = [one.latitude for one in markers], [one.longitude for one in markers]
    latitude = place.latitude if place else (min(latitudes) + max(latitudes)) / 2
    longitude = place.longitude if place else (min(longitudes) + max(longitudes)) / 2
    away = [_metres(latitude, longitude, one.latitude, one.longitude) for one in markers]
    reach = max(max(abs(east), abs(north)) for east, north in away)
    return _View(latitude, longitude, (WIDTH / 2 - _EDGE) / _step(reach))


def _step(reach: float) -> float:
    """Pictures come in steps of size, so that one ZIP has few of them and its county lines can be kept."""
    steps = math.ceil(math.log(max(reach, _LEAST_METRES) / _LEAST_METRES, _STEP))
    return float(_LEAST_METRES * _STEP**steps)


def _metres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> tuple[float, float]:
    north = (to_latitude - latitude) * _METRES_A_DEGREE
    east = (to_longitude - longitude) * _METRES_A_DEGREE * math.cos(math.radians(latitude))
    return east, north


@lru_cache(maxsize=512)
def _counties(view: _View) -> tuple[County, ...]:
    return tuple(_drawn(view))


def _drawn(view: _View) -> Iterable[County]:
    box = view.box
    for ring in county_lines.within(box):
        points = [view.at(*point) for point in county_lines.clipped(ring.points(), box)]
        if len(points) > 2:
            area, x, y = _middle(points)
            name = ring.county if area > _NAMED_AREA else ""
            half = len(name) * _LETTER / 2
            yield County(_path(points), name, round(min(max(x, half), WIDTH - half)), _beside_rings(round(y), view))


def _beside_rings(y: int, view: _View) -> int:
    """The words of a ring stand above its top: a name at the same height goes below."""
    heights = [HEIGHT / 2 - ring.radius for ring in _rings(view.scale)]
    return next((round(top) + _LINE for top in heights if abs(y - top) < _LINE), y)


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Whole points, and only those that can be told apart."""
    kept: list[tuple[int, int]] = []
    for x, y in points:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _TELLS_APART:
            kept.append((round(x), round(y)))
    return "M" + "L".join(f"{x} {y}" for x, y in kept) + "Z"


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Area and centre of a closed line."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (abs(area) / 2, x / (3 * area), y / (3 * area)) if area else (0.0, 0.0, 0.0)


def _spread(dots: Iterable[Dot]) -> list[Dot]:
    """Places in one house are moved a little aside, so that each number can be read."""
    laid: list[Dot] = []
    for dot in dots:
        x, y, turn = dot.x, dot.y, 0
        while any(math.hypot(x - other.x, y - other.y) < _APART for other in laid) and turn < 24:
            angle, far = turn * 2.4, _APART * (1 + turn / 8)
            x, y = _inside(dot.x + far * math.cos(angle), WIDTH), _inside(dot.y + far * math.sin(angle), HEIGHT)
            turn += 1
        laid.append(Dot(dot.number, round(x, 1), round(y, 1), dot.chosen))
    return laid


def _inside(value: float, size: int) -> float:
    return min(max(value, 20.0), size - 20.0)


def _rings(scale: float) -> Iterable[Ring]:
    for miles in _ROUND_MILES:
        radius = miles * formatting.METRES_A_MILE * scale
        if WIDTH / 5 < radius < WIDTH / 2:
            yield Ring(round(radius, 1), formatting.miles(miles * formatting.METRES_A_MILE))

"""The picture beside the list: where its places lie around the middle of the ZIP. The list holds the same facts.

A drawing of our own with no tiles: nobody else learns what was searched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.parts import PlaceRow
    from search.answer import Hit
    from search.geocode import Place

WIDTH, HEIGHT = 368, 400
_EDGE = 34
_METRES_A_DEGREE = 111_195.0
_ROUND_MILES = (0.5, 1, 2, 5, 10, 20, 50)
_APART = 27.0  # two numbers closer than this would lie on each other


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
class NearMap:
    x: float
    y: float
    label: str
    dots: tuple[Dot, ...]
    rings: tuple[Ring, ...]


def draw(place: Place | None, hits: Sequence[tuple[Hit, PlaceRow]]) -> NearMap | None:
    """None when there is no place to be around, or nothing with an address to show."""
    placed = [(hit, row) for hit, row in hits if hit.latitude is not None and not hit.about]
    if place is None or not placed:
        return None
    spots = [(row, *_metres(place, hit)) for hit, row in placed]
    reach = max(max(abs(east), abs(north)) for _row, east, north in spots)
    scale = (WIDTH / 2 - _EDGE) / max(reach, 400.0)
    middle = (WIDTH / 2, HEIGHT / 2)
    dots = [
        Dot(row.number, middle[0] + east * scale, middle[1] - north * scale, row.chosen) for row, east, north in spots
    ]
    return NearMap(middle[0], middle[1], place.label, tuple(_spread(dots)), tuple(_rings(scale)))


def _metres(place: Place, hit: Hit) -> tuple[float, float]:
    assert hit.latitude is not None
    assert hit.longitude is not None
    north = (hit.latitude - place.latitude) * _METRES_A_DEGREE
    east = (hit.longitude - place.longitude) * _METRES_A_DEGREE * math.cos(math.radians(place.latitude))
    return east, north


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

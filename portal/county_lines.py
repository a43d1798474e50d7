"""The outlines of US counties, read once from the packaged us-atlas file (Census 2017), for maps without tiles.

Without the file there are no outlines, and maps show rings of distance only.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FILE = Path(__file__).resolve().parent / "static" / "vendor" / "counties-10m.json"
MOST_DEGREES = 2.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world in degrees."""

    west: float
    south: float
    east: float
    north: float

    def touches(self, other: Box) -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    @property
    def is_small(self) -> bool:
        """Whether outlines of counties still say something at this size, and are few."""
        return 0 < self.east - self.west <= MOST_DEGREES and 0 < self.north - self.south <= MOST_DEGREES


@dataclass(frozen=True, slots=True)
class Ring:
    """One closed line of a county: longitudes and latitudes in turn."""

    county: str
    box: Box
    numbers: array[float]

    def points(self) -> Iterator[Point]:
        return zip(self.numbers[::2], self.numbers[1::2], strict=True)


class _Geometry(TypedDict):
    type: str | None
    arcs: list[list[int]] | list[list[list[int]]]
    properties: dict[str, str]


def within(box: Box) -> list[Ring]:
    """The outlines that may be seen in this part of the world."""
    if not box.is_small:
        return []
    by_cell = _by_cell(FILE)
    near = {id(ring): ring for cell in _cells(box) for ring in by_cell.get(cell, ())}
    return [ring for ring in near.values() if ring.box.touches(box)]


def warm() -> None:
    """Read the outlines now."""
    _by_cell(FILE)


def clipped(points: Iterable[Point], box: Box) -> list[Point]:
    """The part of a closed line that lies in the box (Sutherland and Hodgman), so that pages stay light."""
    kept = list(points)
    for axis, edge, inside_is_more in (
        (0, box.west, True),
        (0, box.east, False),
        (1, box.south, True),
        (1, box.north, False),
    ):
        kept = _cut(kept, axis, edge, inside_is_more=inside_is_more)
    return kept


def _cut(points: Sequence[Point], axis: int, edge: float, *, inside_is_more: bool) -> list[Point]:
    kept: list[Point] = []
    for number, point in enumerate(points):
        before = points[number - 1]
        inside, was_inside = ((one[axis] >= edge) is inside_is_more for one in (point, before))
        if inside is not was_inside:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if inside:
            kept.append(point)
    return kept


@cache
def _by_cell(file: Path) -> Mapping[tuple[int, int], list[Ring]]:
    """Outlines by whole degree, so that a picture looks at its neighbourhood only."""
    cells: dict[tuple[int, int], list[Ring]] = defaultdict(list)
    for ring in _rings(file):
        for cell in _cells(ring.box):
            cells[cell].append(ring)
    return cells


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(math.floor(box.west), math.floor(box.east) + 1):
        for row in range(math.floor(box.south), math.floor(box.north) + 1):
            yield column, row


def _rings(file: Path) -> tuple[Ring, ...]:
    if not file.is_file():
        return ()
    topology = json.loads(file.read_text("utf-8"))
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [_arc(steps, wide, high, west, south) for steps in topology["arcs"]]
    counties = cast("list[_Geometry]", topology["objects"]["counties"]["geometries"])
    return tuple(
        _ring(county["properties"]["name"], ids, arcs)
        for county in counties
        if county["type"]
        for polygon in _polygons(county)
        for ids in polygon
    )


def _polygons(county: _Geometry) -> list[list[list[int]]]:
    arcs = county["arcs"]
    return cast("list[list[list[int]]]", [arcs] if county["type"] == "Polygon" else arcs)


def _arc(steps: Iterable[tuple[int, int]], wide: float, high: float, west: float, south: float) -> list[Point]:
    x = y = 0
    line = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        line.append((x * wide + west, y * high + south))
    return line


def _ring(county: str, ids: Iterable[int], arcs: Sequence[Sequence[Point]]) -> Ring:
    """A negative id is a line read backwards; where two lines meet, the point is kept once."""
    line: list[Point] = []
    for one in ids:
        part = arcs[one] if one >= 0 else arcs[~one][::-1]
        line += part[1:] if line else part
    longitudes, latitudes = zip(*line, strict=True)
    box = Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    return Ring(county, box, array("f", [number for point in line for number in point]))

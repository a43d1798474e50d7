"""Who a listing serves, by place: polygons (Shapely), ZIP lists, counties, states, the nation. Matched by ZIP or point.

An area said only in words is no area here: neither a match nor an exclusion.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from search import counties
from search.counties import County
from search.errors import AreaError
from search.gazetteer import mend_zip, state_code
from search.geocode import Place

_MOST_POINTS = 250_000
_SIMPLIFY_FROM = 2_000
_FIFTY_METRES = 0.00045  # degrees
_MOST_OF_A_CITY = 0.5


@dataclass(frozen=True, slots=True)
class AreaSpec:
    """One area as the record says it."""

    zip_codes: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    nationwide: bool = False
    polygon: str = ""  # GeoJSON

    @property
    def says_something(self) -> bool:
        return bool(self.zip_codes or self.counties or self.states or self.nationwide or self.polygon)


@dataclass(slots=True)
class _Tables:
    nationwide: set[int] = field(default_factory=set)
    by_zip: dict[str, set[int]] = field(default_factory=dict)
    by_county: dict[County, set[int]] = field(default_factory=dict)
    by_state: dict[str, set[int]] = field(default_factory=dict)
    shapes: list[BaseGeometry] = field(default_factory=list)
    shape_area: list[int] = field(default_factory=list)


class Areas:
    """All distinct areas of an index, by number; answers which of them cover a place."""

    def __init__(self, specs: Sequence[AreaSpec]) -> None:
        self.specs = tuple(specs)
        self.refused: dict[int, str] = {}
        self._tables = _Tables()
        for number, spec in enumerate(self.specs):
            self._enter(number, spec)
        self._tree = shapely.STRtree(self._tables.shapes)

    def covering(self, place: Place) -> NDArray[np.bool_]:
        """For each area: does it cover the person?"""
        tables = self._tables
        found = set(tables.nationwide) | tables.by_state.get(place.state, set())
        found |= tables.by_county.get(counties.plain(place.county, place.state), set())
        found |= self._by_zip(place)
        hits = self._tree.query(shapely.Point(place.longitude, place.latitude), predicate="covered_by")
        found.update(tables.shape_area[int(hit)] for hit in hits)
        mask = np.zeros(len(self.specs), dtype=np.bool_)
        mask[list(found)] = True
        return mask

    def _by_zip(self, place: Place) -> set[int]:
        if place.zip_code:
            return self._tables.by_zip.get(place.zip_code, set())
        counts: dict[int, int] = {}
        for code in place.zips:
            for number in self._tables.by_zip.get(code, ()):
                counts[number] = counts.get(number, 0) + 1
        return {number for number, count in counts.items() if count >= _MOST_OF_A_CITY * len(place.zips)}

    def _enter(self, number: int, spec: AreaSpec) -> None:
        tables = self._tables
        if spec.nationwide:
            tables.nationwide.add(number)
        for code in filter(None, map(mend_zip, spec.zip_codes)):
            tables.by_zip.setdefault(code, set()).add(number)
        for county in filter(None, map(counties.read, spec.counties)):
            tables.by_county.setdefault(county, set()).add(number)
        for state in filter(None, map(state_code, spec.states)):
            tables.by_state.setdefault(state, set()).add(number)
        if spec.polygon:
            self._enter_polygon(number, spec.polygon)

    def _enter_polygon(self, number: int, text: str) -> None:
        try:
            geometry = polygon(text)
        except AreaError as error:
            self.refused[number] = error.reason
            return
        self._tables.shapes.append(geometry)
        self._tables.shape_area.append(number)


@lru_cache(maxsize=8_192)
def polygon(text: str) -> BaseGeometry:
    """A usable polygon from GeoJSON: mended where that is certain, refused with a reason where it is not."""
    geometry = shapely.union_all([_geometry(part) for part in _parts(text)])
    if geometry.is_empty:
        raise AreaError("empty")
    geometry = _upright(geometry)
    if _width(geometry) > 180 or geometry.bounds[2] > 180:
        geometry = _across_the_date_line(geometry)
    if shapely.get_num_coordinates(geometry) > _SIMPLIFY_FROM:
        geometry = shapely.make_valid(geometry.simplify(_FIFTY_METRES))
    return geometry


def _parts(text: str) -> Iterable[dict[str, object]]:
    try:
        read = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AreaError("not_geojson") from None
    if not isinstance(read, dict):
        raise AreaError("not_geojson")
    if read.get("type") == "FeatureCollection":
        features = read.get("features") or []
        return [_of_feature(feature) for feature in features]
    return [_of_feature(read)]


def _no_constant(name: str) -> float:
    raise AreaError("not_a_number" if name == "NaN" else "infinite")


def _of_feature(part: object) -> dict[str, object]:
    if isinstance(part, dict) and part.get("type") == "Feature":
        part = part.get("geometry")
    if not isinstance(part, dict) or part.get("type") not in {"Polygon", "MultiPolygon"}:
        raise AreaError("not_a_polygon")
    return cast("dict[str, object]", part)


def _geometry(part: dict[str, object]) -> BaseGeometry:
    try:
        geometry = shape(part)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError):
        raise AreaError("broken_ring") from None
    if shapely.get_num_coordinates(geometry) > _MOST_POINTS:
        raise AreaError("too_many_points")
    if not all(math.isfinite(edge) for edge in geometry.bounds) and not geometry.is_empty:
        raise AreaError("infinite")
    if _width(geometry) > 180 and _width(moved := shapely.transform(geometry, _eastward)) <= 180:
        geometry = moved  # before mending: a ring over the date line only looks as if it crossed itself
    return geometry if geometry.is_valid else shapely.union_all([_mended(part) for part in shapely.get_parts(geometry)])


def _mended(part: shapely.Polygon) -> BaseGeometry:
    """A self-crossing ring becomes the areas it encloses; a hole takes away, wherever it lies."""
    shell, *holes = (shapely.make_valid(shapely.Polygon(ring)) for ring in (part.exterior, *part.interiors))
    left = shapely.difference(shell, shapely.union_all(holes))
    # mending may leave lines and points beside the polygons
    return shapely.union_all([piece for piece in shapely.get_parts(left) if piece.area > 0])


def _upright(geometry: BaseGeometry) -> BaseGeometry:
    """Longitude first. A shape that only fits the globe, or the country, the other way round was swapped."""
    west, south, east, north = geometry.bounds
    off_globe = south < -90 or north > 90
    swapped_country = 15 <= west <= east <= 72 and -180 <= south <= north <= -60
    if off_globe or swapped_country:
        geometry = shapely.transform(geometry, lambda points: points[:, ::-1])
        west, south, east, north = geometry.bounds
    if south < -90 or north > 90 or west < -360 or east > 360:
        raise AreaError("off_the_globe")
    return geometry


def _width(geometry: BaseGeometry) -> float:
    return float(geometry.bounds[2] - geometry.bounds[0])


def _eastward(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack((np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]))


def _across_the_date_line(geometry: BaseGeometry) -> BaseGeometry:
    moved = shapely.make_valid(shapely.transform(geometry, _eastward))
    if moved.bounds[2] - moved.bounds[0] > 180:
        return geometry  # truly as wide as half the globe
    west = shapely.intersection(moved, box(0, -90, 180, 90))
    east = shapely.intersection(moved, box(180, -90, 360, 90))
    return shapely.union_all([west, shapely.transform(east, lambda points: points - (360.0, 0.0))])

"""Distances: numpy haversine to rank many, geopy's geodesic for what is shown, a coarse grid to look at few. Pure."""

from copy import copy
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_EARTH_METRES = 6_371_008.8
_METRES_A_DEGREE = 111_195.0
_SLACK = 1.006  # the ball's distances differ from the ellipsoid's by up to half a percent
CELL = 0.25  # degrees


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float


def haversine(origin: Point, latitude: Floats, longitude: Floats) -> Floats:
    """Metres from `origin` to each point; NaN where a point has no place."""
    phi, phis = np.radians(origin.latitude), np.radians(latitude)
    half_lat = np.sin((phis - phi) / 2) ** 2
    half_lon = np.sin(np.radians(longitude - origin.longitude) / 2) ** 2
    inside = np.clip(half_lat + np.cos(phi) * np.cos(phis) * half_lon, 0.0, 1.0)
    return np.asarray(2 * _EARTH_METRES * np.arcsin(np.sqrt(inside)))


@lru_cache(maxsize=65_536)
def exact_metres(origin: Point, target: Point) -> float:
    """The distance we show: along the ellipsoid."""
    return float(geodesic((origin.latitude, origin.longitude), (target.latitude, target.longitude)).meters)


class Grid:
    """Rows by quarter-degree cell, so that a radius looks at its neighbourhood only."""

    def __init__(self, latitude: Floats, longitude: Floats, first: int = 0) -> None:
        """The rows are numbered from `first` on."""
        placed = np.flatnonzero(~np.isnan(latitude))
        cells = _cell(latitude[placed], longitude[placed])
        order = np.argsort(cells, kind="stable")
        self.rows: Rows = placed[order] + first
        self.cells = cells[order]

    def joined(self, later: "Grid") -> "Grid":
        """With these rows, which come behind all of ours."""
        places = np.searchsorted(self.cells, later.cells, side="right")
        both = copy(self)
        both.rows = np.insert(self.rows, places, later.rows)
        both.cells = np.insert(self.cells, places, later.cells)
        return both

    def near(self, origin: Point, radius_m: float) -> Rows:
        """Rows that may lie within the radius (never too few)."""
        reach = radius_m * _SLACK / _METRES_A_DEGREE
        low, high = origin.latitude - reach, origin.latitude + reach
        widest = np.cos(np.radians(min(max(abs(low), abs(high)), 89.0)))
        spread = min(reach / float(widest), 180.0)
        if origin.longitude - spread < -180 or origin.longitude + spread > 180 or reach > 20:
            return self.rows
        found = [self._band(band, origin.longitude, spread) for band in range(_index(low), _index(high) + 1)]
        return np.concatenate(found) if found else self.rows[:0]

    def _band(self, band: int, longitude: float, spread: float) -> Rows:
        first = _code(band, _index(longitude - spread))
        last = _code(band, _index(longitude + spread))
        start, end = np.searchsorted(self.cells, [first, last + 1])
        return self.rows[start:end]


def _index(degrees: float) -> int:
    return int(np.floor(degrees / CELL))


def _code(lat_index: int, lon_index: int) -> int:
    return (lat_index + 1_000) * 10_000 + lon_index + 1_000


def _cell(latitude: Floats, longitude: Floats) -> NDArray[np.int64]:
    lat = np.floor(latitude / CELL).astype(np.int64)
    lon = np.floor(longitude / CELL).astype(np.int64)
    return (lat + 1_000) * 10_000 + lon + 1_000

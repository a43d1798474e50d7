"""The map of a report: a circle for each ZIP code that may be shown, over thin county lines. The table holds the same.

A drawing of our own without tiles: nobody else learns what is looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal import county_lines
from portal.county_lines import Box
from referrals.areas import COUNTY, REST
from resources_db.places import zip_area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from referrals.cells import Parts
    from resources_db.places import ZipArea

WIDTH, HEIGHT = 560, 420
_EDGE = 44
_LEAST, _MOST = 9.0, 26.0
_STEPS = 4
_LEAST_DEGREES = 0.05


@dataclass(frozen=True, slots=True)
class Circle:
    """One ZIP code: where, how large (how many), how dark (which share: 0 to 3), and both in words."""

    zip: str
    x: float
    y: float
    radius: float
    step: int
    words: str


@dataclass(frozen=True, slots=True)
class ZipMap:
    """The picture and what it says in one sentence."""

    circles: tuple[Circle, ...]
    counties: tuple[str, ...]
    words: str


def words(key: str) -> str:
    """What an area of a breakdown is called."""
    if not key:
        return _("ZIP code not known")
    if key.startswith(COUNTY):
        return _("%(county)s: other ZIP codes", county=key.removeprefix(COUNTY))
    if key.endswith(REST) or len(key) == 3:
        return _("Other ZIP codes that begin with %(digits)s", digits=key[:3])
    return key


def draw(rows: Mapping[str, Parts]) -> ZipMap | None:
    """The ZIP codes of a breakdown; None when fewer than two of them have a place."""
    placed = [(area, parts) for key, parts in rows.items() if (area := zip_area(key)) is not None and area.latitude]
    if len(placed) < 2:
        return None
    view = _View.of([area for area, _parts in placed])
    most = max(sum(parts) for _area, parts in placed)
    circles = [_circle(view, area, parts, most) for area, parts in placed]
    told = [one.words for one in sorted(circles, key=lambda one: -one.step)[:3]]
    return ZipMap(
        circles=tuple(sorted(circles, key=lambda one: -one.radius)),
        counties=tuple(view.path(ring.points()) for ring in county_lines.within(view.box)),
        words=_("Map of ZIP codes. Largest shares: %(list)s.", list="; ".join(told)),
    )


def _circle(view: _View, area: ZipArea, parts: Parts, most: int) -> Circle:
    share = parts[0] / sum(parts)
    x, y = view.at(area.longitude or 0.0, area.latitude or 0.0)
    said = f"{area.code} {formatting.percent(share)}"
    radius = max(_LEAST, _MOST * math.sqrt(sum(parts) / most))
    return Circle(area.code, round(x, 1), round(y, 1), round(radius, 1), min(int(share * _STEPS), _STEPS - 1), said)


@dataclass(frozen=True, slots=True)
class _View:
    """Degrees to points of the picture: north is up, and a mile is as long east as north."""

    west: float
    north: float
    scale: float
    flat: float

    @classmethod
    def of(cls, areas: Sequence[ZipArea]) -> _View:
        latitudes = [area.latitude or 0.0 for area in areas]
        longitudes = [area.longitude or 0.0 for area in areas]
        flat = math.cos(math.radians(sum(latitudes) / len(latitudes)))
        wide = max((max(longitudes) - min(longitudes)) * flat, _LEAST_DEGREES)
        high = max(max(latitudes) - min(latitudes), _LEAST_DEGREES)
        scale = min((WIDTH - 2 * _EDGE) / wide, (HEIGHT - 2 * _EDGE) / high)
        middle_x, middle_y = (max(longitudes) + min(longitudes)) / 2, (max(latitudes) + min(latitudes)) / 2
        return cls(middle_x - WIDTH / 2 / scale / flat, middle_y + HEIGHT / 2 / scale, scale, flat)

    @property
    def box(self) -> Box:
        """What can be seen."""
        return Box(self.west, self.north - HEIGHT / self.scale, self.west + WIDTH / self.scale / self.flat, self.north)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.scale * self.flat, (self.north - latitude) * self.scale

    def path(self, points: object) -> str:
        kept = county_lines.clipped(points, self.box)  # type: ignore[arg-type]
        return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (self.at(*point) for point in kept)) + "Z" if kept else ""

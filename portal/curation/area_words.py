"""Words and the picture of a service area, for the page on which the team edits it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from search import areas
from search.errors import AreaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText
    from resources_db.service_areas import AreaWords
    from search.area_texts import AreaRead

WIDTH, HEIGHT, EDGE = 320, 200, 8
_SHOWN = 20
REFUSED: Final[Mapping[str, LazyText]] = {
    "not_geojson": lazy("This is not GeoJSON. Copy the whole text, from the first { to the last }."),
    "not_a_polygon": lazy("Only shapes with an inside can be used: Polygon or MultiPolygon."),
    "broken_ring": lazy("A ring of the shape is broken: it needs at least three corners, each with two numbers."),
    "not_a_number": lazy("The shape holds “NaN” where a number should be."),
    "infinite": lazy("The shape holds a number without end."),
    "empty": lazy("The shape is empty."),
    "off_the_globe": lazy("The shape lies off the globe. Longitude comes first, then latitude."),
    "too_many_points": lazy("The shape has too many points. At most 250,000 can be read."),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """An outline as the path of a drawing; `words` say what it shows."""

    path: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


def errors(read: AreaRead) -> dict[str, str]:
    """What is wrong, by field."""
    found = {
        name: _("We do not know: %(texts)s.", texts=formatting.list_of(texts[:_SHOWN]))
        for name, texts in read.unknown.items()
    }
    if read.refused:
        found["shape"] = str(REFUSED.get(read.refused, REFUSED["broken_ring"]))
    return found


def values(kept: AreaWords, typed: Mapping[str, str] | None) -> dict[str, str]:
    """What stands in the fields: what was typed, else what is kept."""
    if typed is not None:
        return {
            name: typed.get(name, "") for name in ("zip_codes", "counties", "states", "nationwide", "shape", "text")
        }
    return {
        "zip_codes": " ".join(kept.zip_codes),
        "counties": "\n".join(kept.counties),
        "states": ", ".join(kept.states),
        "nationwide": "on" if kept.nationwide else "",
        "shape": kept.shape,
        "text": kept.text,
    }


def told(kept: AreaWords) -> list[str]:
    """The area in words, a line each."""
    lines = [_("The whole country")] if kept.nationwide else []
    if kept.states:
        lines.append(formatting.list_of(kept.states))
    if kept.counties:
        lines.append(formatting.list_of(kept.counties))
    if kept.zip_codes:
        count = ngettext("%(num)s ZIP code", "%(num)s ZIP codes", len(kept.zip_codes))
        some = formatting.list_of(kept.zip_codes[:_SHOWN])
        # Translators: a count of ZIP codes, then the codes: "3 ZIP codes: 45202, 45203 and 45204"
        lines.append(_("%(count)s: %(codes)s", count=count, codes=some))
    if kept.shape:
        lines.append(_("A shape"))
    if kept.text:
        lines.append(_("In their words: %(text)s", text=kept.text))
    return lines


def picture(shape: str) -> Picture | None:
    """The outline of a shape, its north up; None without one."""
    if not shape:
        return None
    try:
        found = areas.polygon(shape)
    except AreaError:
        return None
    west, south, east, north = found.bounds
    found = shapely.transform(found, lambda points: points * (math.cos(math.radians((south + north) / 2)), 1.0))
    west, south, east, north = found.bounds
    scale = min((WIDTH - 2 * EDGE) / max(east - west, 1e-9), (HEIGHT - 2 * EDGE) / max(north - south, 1e-9))
    rings = (ring for part in shapely.get_parts(found) for ring in (part.exterior, *part.interiors))
    path = "".join(
        "M"
        + "L".join(f"{EDGE + (x - west) * scale:.1f} {EDGE + (north - y) * scale:.1f}" for x, y in ring.coords)
        + "Z"
        for ring in rings
    )
    miles = formatting.number(round((north - south) * 69))
    return Picture(path, _("The shape, about %(miles)s miles from north to south", miles=miles))

"""The map of the search page in words and facts: its caption, and what the map with script is given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n.catalog import gettext as _
from portal import county_lines, db, templating
from portal.county_lines import Box
from portal.directory import near_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.directory.near_map import NearMap
    from portal.parts import PlaceRow
    from resources_db.base import JsonDict
    from search.answer import Hit
    from search.geocode import Place

_PARTS = ("vendor/leaflet.css", "vendor/leaflet.js", "map.js")


@dataclass(frozen=True, slots=True)
class MapPart:
    """`facts` and `parts` are JSON for map.js: what to show, and the files it needs; empty when they are missing."""

    drawn: NearMap
    caption: str
    facts: str
    parts: str


def of(place: Place | None, hits: Sequence[tuple[Hit, PlaceRow]]) -> MapPart | None:
    drawn = near_map.draw(place, hits)
    if drawn is None:
        return None
    if not templating.has_static("vendor/leaflet.js"):
        return MapPart(drawn, _caption(drawn), "", "")
    return MapPart(drawn, _caption(drawn), _facts(drawn), json.dumps([templating.static(name) for name in _PARTS]))


def outlines(box: Box) -> JsonDict:
    """County lines as GeoJSON."""
    features: list[object] = [
        {
            "type": "Feature",
            "properties": {"name": ring.county},
            "geometry": {"type": "Polygon", "coordinates": [[[round(x, 4), round(y, 4)] for x, y in ring.points()]]},
        }
        for ring in county_lines.within(box)
    ]
    return {"type": "FeatureCollection", "features": features}


def _caption(drawn: NearMap) -> str:
    said = [_("The house marks the middle of %(place)s, not a home.", place=drawn.label)] if drawn.label else []
    said.append(_("North is up."))
    if drawn.counties:
        said.append(_("Thin lines are counties."))
    return " ".join(said)


def _facts(drawn: NearMap) -> str:
    settings = db.runtime().settings
    facts: JsonDict = {
        "home": list(drawn.home) if drawn.home else None,
        "places": [[one.number, one.name, round(one.latitude, 5), round(one.longitude, 5)] for one in drawn.markers],
        "lines": url_for("directory.counties"),
        "tiles": settings.tile_url,
        "credit": settings.tile_credit,
        "words": {
            "map": _("Map"),
            "in": _("Nearer"),
            "out": _("Farther"),
            "home": drawn.label,
            "place": _("Place %(number)s in the list", number="#"),
        },
    }
    return json.dumps(facts, ensure_ascii=False)

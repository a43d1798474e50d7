"""Is a listing's address only the headquarters of help given elsewhere? Then it is "nearest" to nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import cast

import shapely
import zipcodes

from resources_db import places
from search import areas, counties, gazetteer
from search.areas import AreaSpec
from search.counties import County
from search.errors import AreaError
from search.geo import Point, exact_metres

FAR_M = 80_000.0
"""Fifty miles from everything that is served: nobody who lives there goes to that door."""
_METRES_A_DEGREE = 111_000.0


def is_far_from(specs: Sequence[AreaSpec], point: Point) -> bool:
    """Far outside every area that is served? Never where no area is known."""
    said = [spec for spec in specs if spec.says_something]
    return bool(said) and not any(_reaches(spec, point) for spec in said)


@lru_cache(maxsize=8_192)
def _reaches(spec: AreaSpec, point: Point) -> bool:
    if spec.nationwide:
        return True
    codes = filter(None, map(gazetteer.mend_zip, spec.zip_codes))
    if _any_near(_of_zips(codes), point) or any(_any_near(_of_county(text), point) for text in spec.counties):
        return True
    states = filter(None, map(gazetteer.state_code, spec.states))
    if any(not places.outside(point.latitude, point.longitude, state) for state in states):
        return True
    return bool(spec.polygon) and _near_shape(spec.polygon, point)


def _any_near(middles: Iterable[Point], point: Point) -> bool:
    return any(exact_metres(middle, point) <= FAR_M for middle in middles)


def _of_zips(codes: Iterable[str]) -> Iterable[Point]:
    found = (gazetteer.zip_place(code) for code in codes)
    return (Point(place.latitude, place.longitude) for place in found if place is not None)


def _of_county(text: str) -> Sequence[Point]:
    county = counties.read(text)
    return _counties().get(county, ()) if county else ()


@cache
def _counties() -> Mapping[County, Sequence[Point]]:
    found: dict[County, list[Point]] = defaultdict(list)
    for row in cast("list[Mapping[str, str]]", zipcodes.list_all()):
        if row["county"] and row["lat"] and row["long"]:
            found[counties.plain(row["county"], row["state"])].append(Point(float(row["lat"]), float(row["long"])))
    return dict(found)


def _near_shape(text: str, point: Point) -> bool:
    """A shape that cannot be read says nothing: then the address counts."""
    try:
        shape = areas.polygon(text)
    except AreaError:
        return True
    return bool(shape.distance(shapely.Point(point.longitude, point.latitude)) * _METRES_A_DEGREE <= FAR_M)

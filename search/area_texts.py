"""Reads what a person types of a service area: ZIPs, counties, states, a shape. Says what it does not know."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import shapely

from search import areas, counties, gazetteer
from search.areas import AreaSpec
from search.errors import AreaError

MOST_LETTERS = 12_000_000
"""Of a pasted shape: 200,000 points fit."""
_BETWEEN_CODES = re.compile(r"[\s,;]+")
_BETWEEN_NAMES = re.compile(r"[\n;]+")
_FINEST = 1e-6  # degrees, a hand's breadth


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form, as typed."""

    zip_codes: str = ""
    counties: str = ""
    states: str = ""
    nationwide: bool = False
    shape: str = ""


@dataclass(frozen=True, slots=True)
class AreaRead:
    """`unknown` are the texts we do not know, by field; `refused` is why the shape cannot be used."""

    spec: AreaSpec
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: str = ""
    mended: bool = False

    @property
    def is_good(self) -> bool:
        return not (self.unknown or self.refused)


def read(typed: Typed) -> AreaRead:
    """The area, with what has to be mended first."""
    zips, bad_zips = _each(_BETWEEN_CODES.split(typed.zip_codes), _zip)
    places, bad_places = _each(_BETWEEN_NAMES.split(typed.counties), _county)
    states, bad_states = _each(_BETWEEN_NAMES.split(typed.states.replace(",", "\n")), gazetteer.state_code)
    unknown = {"zip_codes": bad_zips, "counties": bad_places, "states": bad_states}
    shape, refused, mended = _shape(typed.shape.strip())
    return AreaRead(
        AreaSpec(zips, places, states, typed.nationwide, shape),
        {name: texts for name, texts in unknown.items() if texts},
        refused,
        mended,
    )


def _each(texts: Iterable[str], known: Callable[[str], str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: dict[str, None] = {}
    bad: list[str] = []
    for text in filter(None, (text.strip() for text in texts)):
        made = known(text)
        if made is None:
            bad.append(text)
        else:
            found[made] = None
    return tuple(found), tuple(bad)


def _zip(text: str) -> str | None:
    code = gazetteer.mend_zip(text)
    return code if code and gazetteer.zip_place(code) else None


def _county(text: str) -> str | None:
    """As it is kept: the FIPS code, or the name with its state."""
    county = counties.read(text)
    if county is None or not counties.is_known(county):
        return None
    if text.isdigit():
        return text.zfill(5)
    name, _, _state = text.rpartition(",")
    return f"{' '.join(name.split())}, {county[0]}"


def _shape(text: str) -> tuple[str, str, bool]:
    if not text:
        return "", "", False
    if len(text) > MOST_LETTERS:
        return "", "too_many_points", False
    try:
        found = areas.polygon(text)
    except AreaError as error:
        return "", error.reason, False
    kept = shapely.to_geojson(shapely.set_precision(found, _FINEST, mode="pointwise"))
    return kept, "", not shapely.from_geojson(kept).equals(_as_given(text))


def _as_given(text: str) -> shapely.Geometry:
    try:
        given: shapely.Geometry = shapely.set_precision(shapely.from_geojson(text), _FINEST, mode="pointwise")
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return shapely.Point()
    return given

"""A place said inside a question: a ZIP, "Dayton, OH", "near Covington", "cerca de Hamilton"."""

import re
from dataclasses import dataclass

from search import gazetteer, spelling
from search.errors import PlaceError
from search.geo import Point
from search.geocode import Place, find_place
from search.words import split

_ZIP = re.compile(r"(?<![\d-])\d{5}(?:-\d{4})?(?![\d-])")
_CITY_STATE = re.compile(r"([^\W\d_][\w.'’ -]{1,40}?),?\s+([A-Za-z]{2})\b\.?(?:\s*$|[,.;])")
_AFTER = re.compile(r"\b(?:in|near|around|cerca de|en)\s+((?:[^\W\d_][\w.'’-]*\s*){1,4})", re.IGNORECASE)
_LONGEST_NAME = 4
_FEWEST_ZIPS = 2  # "in English" is not English, Indiana


@dataclass(frozen=True, slots=True)
class Said:
    """The place, and the question without it."""

    place: Place
    rest: str


def find(text: str, prefer: Point | None = None) -> Said | None:
    """The place a question names, if it names one we know."""
    return _by_zip(text) or _by_city_and_state(text) or _by_preposition(text, prefer)


def _by_zip(text: str) -> Said | None:
    for found in _ZIP.finditer(text):
        place = _known(found[0])
        if place is not None:
            return Said(place, _cut(text, found.start(), found.end()))
    return None


def _by_city_and_state(text: str) -> Said | None:
    for found in _CITY_STATE.finditer(text):
        state = gazetteer.state_code(found[2])
        if state is None or ("," not in found[0] and not found[2].isupper()):
            continue  # "help me" is not a town in Maine
        words = found[1].split()
        for first in range(max(len(words) - _LONGEST_NAME, 0), len(words)):
            name = " ".join(words[first:])
            place = _known(f"{name}, {state}")
            if place is not None:
                start = found.start(1) + found[1].rindex(name)
                return Said(place, _cut(text, start, found.end(2)))
    return None


def _by_preposition(text: str, prefer: Point | None) -> Said | None:
    for found in _AFTER.finditer(text):
        words = found[1].split()
        for length in range(len(words), 0, -1):
            name = " ".join(words[:length])
            if _is_a_city(name):
                place = _known(name, prefer)
                if place is not None:
                    return Said(
                        place,
                        _cut(
                            text,
                            found.start(),
                            found.start(1) + found[1].index(words[length - 1]) + len(words[length - 1]),
                        ),
                    )
    return None


def _is_a_city(name: str) -> bool:
    folded = split(name)
    if len(folded) == 1 and spelling.is_ours(folded[0]):
        return False  # "in mobile homes" is not Mobile, Alabama
    return any(len(city.zips) >= _FEWEST_ZIPS for city in gazetteer.cities(name))


def _known(text: str, prefer: Point | None = None) -> Place | None:
    try:
        return find_place(text, prefer)
    except PlaceError:
        return None


def _cut(text: str, start: int, end: int) -> str:
    before = re.sub(
        r"\b(?:in|near|around|by|zip|code|cerca de|en|codigo|código)\s*$",
        "",
        text[:start].rstrip(),
        flags=re.IGNORECASE,
    )
    return " ".join(f"{before} {text[end:]}".split()).strip(" ,.;")

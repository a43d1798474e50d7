"""What does a column hold, judged by its contents alone? Pure; serves the guessing of mappings and wrong columns."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from resources_db import places

Sense = Literal[
    "email", "uri", "phone", "zip", "state", "latitude", "longitude", "time", "weekday", "hours", "frequency",
    "date", "yes_no", "number", "id", "long_text", "text", "empty",
]  # fmt: skip
_MOST = 0.6  # of the filled cells must look alike
_LONG = 120
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|weekdays|daily"
_CLOCK = r"(?:[01]?\d|2[0-4])(?::[0-5]\d)(?::\d\d)?\s*(?:[ap]\.?m\.?)?|(?:1[0-2]|0?\d)\s*[ap]\.?m\.?"
_WORDS: tuple[tuple[Sense, str], ...] = (
    ("email", r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    ("uri", r"https?:/{0,2}\S+|www\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|gov|edu|us)(?:/\S*)?"),
    ("yes_no", r"yes|no|true|false|y|n"),
    ("time", _CLOCK),
    ("weekday", rf"(?:{_DAY}|mo|tu|we|th|fr|sa|su)(?:\s*(?:[-–,&/]|to|and|thr(?:u|ough))\s*(?:{_DAY}))*"),
    ("frequency", r"weekly|monthly|daily"),
    ("date", r"\d{4}-\d\d-\d\d.*|\d{1,2}/\d{1,2}/\d{2,4}.*|[A-Z][a-z]+ \d{1,2}, \d{4}"),
    ("zip", r"\d{5}(?:-\d{4})?(?:\.0)?"),
    ("phone", r"\+?1?[\s.(-]*\d{3}[\s.)-]*\d{3}[\s.-]*[\dA-Z]{4}\b.*|(?:main|phone|tel)\b.*\d{3}.*\d{4}.*"),
    ("number", r"-?\d+(?:\.\d+)?"),
)
_ALONE = tuple((name, re.compile(rf"(?:{pattern})$", re.IGNORECASE)) for name, pattern in _WORDS)
_HOURS = re.compile(rf"\b(?:{_DAY})\b.*(?:{_CLOCK}|\d\s*-\s*\d|closed)|24\s*(?:hours|/7)|by appointment", re.IGNORECASE)


def sense(values: Iterable[str]) -> Sense:
    """What most of these cells are."""
    cells = [text for value in values if (text := value.strip())]
    if not cells:
        return "empty"
    enough = _MOST * len(cells)
    if all(_UUID.match(cell) for cell in cells):
        return "id"
    if (point := _degrees(cells)) is not None:
        return point
    if sum(bool(_HOURS.search(cell)) for cell in cells) >= enough:
        return "hours"
    for name, pattern in _ALONE:
        if sum(bool(pattern.match(cell)) for cell in cells) >= enough:
            return name
    if sum(len(places.state_code(cell)) == 2 and places.state_code(cell).isupper() for cell in cells) >= enough:
        return "state"
    return "long_text" if sum(len(cell) for cell in cells) > _LONG * len(cells) else "text"


# The field that cells of this kind belong into, for a column that does not hold what its name says.
_FIELD: Mapping[Sense, str] = MappingProxyType(
    {
        "email": "email", "uri": "url", "phone": "phone.number", "zip": "postal_code", "state": "state_province",
        "latitude": "latitude", "longitude": "longitude", "time": "opens_at", "weekday": "byday",
        "hours": "x_original_text", "frequency": "freq", "date": "valid_from", "long_text": "description",
    }
)  # fmt: skip


def likely_field(values: Iterable[str]) -> str:
    """The field these values look like; empty when they could be anything."""
    return _FIELD.get(sense(values), "")


def _degrees(cells: list[str]) -> Sense | None:
    """Coordinates have many decimals; those of the United States lie in different ranges."""
    numbers = [float(cell) for cell in cells if re.match(r"-?\d{1,3}\.\d{3,}$", cell)]
    if len(numbers) < _MOST * len(cells):
        return None
    west = sum(number < -60 for number in numbers)
    return "longitude" if west > len(numbers) / 2 else "latitude" if all(abs(one) <= 90 for one in numbers) else None

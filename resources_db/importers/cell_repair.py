"""Mends values that have one right reading: dates, web addresses, statuses, weekdays, addresses in a line. Pure.

What could be read in two ways comes back as it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from resources_db import hours, places

_MOMENTS = (
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y",
    "%Y-%m-%d %H:%M:%S", "%B %d, %Y", "%b %d, %Y", "%a, %m/%d/%Y - %H:%M", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y%m%d",
)  # fmt: skip
_STATUS: Mapping[str, str] = {
    "available": "active", "open": "active", "current": "active", "yes": "active", "published": "active",
    "active, but do not refer": "active", "true": "active", "closed": "defunct", "permanently closed": "defunct",
    "suspended": "temporarily closed", "paused": "temporarily closed", "on hold": "temporarily closed",
    "closed temporarily": "temporarily closed", "no": "inactive", "unavailable": "inactive", "not active": "inactive",
    "archived": "inactive", "false": "inactive",
}  # fmt: skip
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:$|T)")
_LONGEST_LINE = 300
_SLASHES = re.compile(r"^(https?)(?::/?(?!/)|//)(?=[a-z0-9-]+\.[a-z0-9])", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|to|thru|through)\s*", re.IGNORECASE)
_CITY_LINE = re.compile(
    r"(?P<street>.*?)(?:[,\n]\s*)?(?P<city>[A-Za-z][A-Za-z .'’-]+),\s*"
    r"(?P<state>[A-Z]{2})(?:\s+(?P<zip>\d{5}(?:-\d{4})?))?"
    r"(?:[,\n]\s*(?:United States|USA|US))?\s*$",
    re.DOTALL,
)
_ONLY_STATE = re.compile(r"State:\s*([A-Z]{2})\s*$")
_GLUED_ADDRESS = re.compile(r"(?:\d|[a-z]{3})[A-Z][a-z]{3,}")
_GLUED_SENTENCE = re.compile(r"[a-z]{3}[.!?][A-Z][a-z]+ ")


def moment(text: str) -> str:
    """A date, with its time if it has one, as ISO; as it was when it is ISO already or cannot be read."""
    plain = text.strip()
    if _ISO.match(plain):
        return text
    for pattern in _MOMENTS:
        try:
            found = datetime.strptime(plain, pattern)  # noqa: DTZ007 - without a zone it is taken as UTC below
        except ValueError:
            continue
        zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
        return zoned.date().isoformat() if zoned.strftime("%H%M%S") == "000000" else zoned.isoformat()
    return text


def year_of(text: str) -> int | None:
    found = re.match(r"(\d{4})-", text)
    return int(found[1]) if found else None


def status(text: str) -> str:
    """The HSDS word for what a source calls it."""
    return _STATUS.get(" ".join(text.casefold().split()), text)


def web_address(text: str) -> str:
    """`http:www.a.org` and `https:/www.a.org` with their slashes."""
    return _SLASHES.sub(r"\1://", text.strip())


def weekdays(text: str) -> str:
    """`Monday - Friday` as the codes of its days; anything else as it was."""
    short = {day.casefold(): at for at, day in enumerate(hours.WEEKDAYS)}
    ends = _RANGE.split(text.strip())
    found = [short.get(end[:2].casefold()) for end in ends]
    if len(ends) != 2 or found[0] is None or found[1] is None or not all(end.isalpha() for end in ends):
        return text
    count = (found[1] - found[0]) % len(hours.WEEKDAYS) + 1
    return ",".join(hours.WEEKDAYS[(found[0] + day) % len(hours.WEEKDAYS)] for day in range(count))


@dataclass(frozen=True, slots=True)
class Lines:
    address_1: str = ""
    city: str = ""
    state_province: str = ""
    postal_code: str = ""

    def values(self) -> dict[str, str]:
        named = (("address_1", self.address_1), ("city", self.city), ("state_province", self.state_province))
        return {name: text for name, text in (*named, ("postal_code", self.postal_code)) if text}


def address_lines(text: str) -> Lines | None:
    """Street, city, state and ZIP of an address in one cell; None when it does not end in a city and a state."""
    plain = text.strip()
    if len(plain) > _LONGEST_LINE:
        return None
    if found := _ONLY_STATE.match(plain):
        return Lines(state_province=found[1]) if len(places.state_code(found[1])) == 2 else None
    found = _CITY_LINE.match(plain)
    if not found or is_glued(plain, address=True):
        return None
    street = " ".join(found["street"].replace("\n", ", ").split()).strip(" ,")
    return Lines(street, found["city"].strip(), found["state"], found["zip"] or "")


def is_glued(text: str, *, address: bool) -> bool:
    """Do words run into each other where a line break was lost?"""
    return bool((_GLUED_ADDRESS if address else _GLUED_SENTENCE).search(text))

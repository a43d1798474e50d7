"""When a text may arrive: 9:00 to 20:00 where the person is, agencies on work days. No SQL here.

The window is compared in local wall time, so a change of clocks moves it correctly; an unknown place means every
candidate zone must allow the moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
import phonenumbers.timezone
import zipcodes

_WORK_DAYS = frozenset(range(5))
_ALL_DAYS = frozenset(range(7))
_FAR = timedelta(days=8)
"""A week holds every weekday; what does not fit into it never does."""
_MOST_ZONES = 8
"""A number that could be anywhere (all of North America) tells nothing."""


_EASTERN, _CENTRAL, _MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
_ALSO_IN = {
    **dict.fromkeys(("850", "448", "906", "270", "364", "423", "219", "574", "812", "930"), (_EASTERN, _CENTRAL)),
    **dict.fromkeys(("785", "620", "308", "432", "605", "701"), (_CENTRAL, _MOUNTAIN)),
    **dict.fromkeys(("541", "458", "775", "208", "986"), ("America/Los_Angeles", _MOUNTAIN)),
    "928": (_MOUNTAIN,),  # the Navajo Nation changes its clocks, the rest of Arizona does not
    "907": ("America/Anchorage", "America/Adak"),
}
"""Area codes that a border between zones runs through, where the table of the number library knows one side only."""


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day in which texts may go out, and the weekdays (Monday is 0)."""

    opens: time
    closes: time
    days: frozenset[int] = _ALL_DAYS

    def allows(self, wall: datetime) -> bool:
        """Whether this local wall time is inside."""
        return wall.weekday() in self.days and self.opens <= wall.time() < self.closes


PATIENT = Window(time(9), time(20))
"""A deployment may narrow it, and widen it to `WIDEST` at most."""
AGENCY = Window(time(8), time(18), _WORK_DAYS)
WIDEST = Window(time(8), time(21))
"""Binds even when the person stands beside the navigator (TCPA: 8 to 21 local time)."""

ALWAYS = Window(time.min, time.max)


def next_allowed(now: datetime, zones: Iterable[str], window: Window = PATIENT) -> datetime:
    """`now` when a text may go out now, else the next moment at which every zone allows it.

    `zones` stand in the order of trust: where no hour of the day suits all of them, the last ones are left out.
    """
    places = [ZoneInfo(zone) for zone in zones]
    for count in range(len(places), 0, -1):
        moment = _common(now, places[:count], window)
        if moment is not None:
            return moment
    return now


def _common(now: datetime, places: Sequence[ZoneInfo], window: Window) -> datetime | None:
    moment = now
    while moment - now <= _FAR:
        later = max(_opening(moment, place, window) for place in places)
        if later == moment:
            return moment
        moment = later
    return None


def next_morning(now: datetime, zones: Iterable[str], window: Window = PATIENT) -> datetime:
    """The opening of the next day in every zone."""
    places = [ZoneInfo(zone) for zone in zones]
    tomorrow = [now.astimezone(place).date() + timedelta(days=1) for place in places]
    opens = [datetime.combine(day, window.opens, tzinfo=place) for day, place in zip(tomorrow, places, strict=True)]
    return next_allowed(max(opens).astimezone(UTC), [place.key for place in places], window)


def _opening(moment: datetime, place: ZoneInfo, window: Window) -> datetime:
    wall = moment.astimezone(place)
    if window.allows(wall):
        return moment
    day = wall.date() if wall.time() < window.opens else wall.date() + timedelta(days=1)
    while day.weekday() not in window.days:
        day += timedelta(days=1)
    return datetime.combine(day, window.opens, tzinfo=place).astimezone(UTC)


def zones_of(stored: str | None, zip_code: str | None, e164: str | None, fallback: str) -> tuple[str, ...]:
    """The zones a person may be in, the most trusted first: the stored one, else those of ZIP and of the area code.

    A ZIP is where somebody gets mail and an area code where a phone was bought: where they differ nobody can be sure,
    so both count.
    """
    if stored and _exists(stored):
        return (stored,)
    found = (*_zones_of_zip(zip_code or ""), *_zones_of_number(e164 or ""))
    return tuple(dict.fromkeys(zone for zone in found if _exists(zone))) or (fallback,)


@cache
def _zones_of_zip(zip_code: str) -> tuple[str, ...]:
    five = zip_code.strip()[:5]
    if len(five) != 5 or not (five.isascii() and five.isdigit()):
        return ()
    return tuple(dict.fromkeys(str(place["timezone"]) for place in zipcodes.matching(five)))


@cache
def _zones_of_number(e164: str) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return ()
    zones = tuple(str(zone) for zone in phonenumbers.timezone.time_zones_for_number(number))
    if len(zones) > _MOST_ZONES:
        return ()
    area = str(number.national_number)[:3] if number.country_code == 1 else ""
    return tuple(dict.fromkeys((*zones, *_ALSO_IN.get(area, ()))))


@cache
def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return zone != "Etc/Unknown"


def same_wall_time(moment: datetime, days: int, zone: str) -> datetime:
    """The same local wall time so many dates later ("in 3 days" keeps the hour when the clocks change)."""
    place = ZoneInfo(zone)
    wall = moment.astimezone(place)
    return datetime.combine(wall.date() + timedelta(days=days), wall.time(), tzinfo=place).astimezone(UTC)

"""Business days and hours of a site: weekdays that are no US federal holiday. Pure; the moment is always passed in."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
OPENS_AT, CLOSES_AT = 8, 18
"""Agencies read their notices in these hours (messaging.md section 9)."""


@cache
def holidays(year: int) -> frozenset[date]:
    """The federal holidays of a year on the days they are observed."""
    fixed = (date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25))
    # 1 January of the next year may be observed on 31 December of this one.
    return frozenset(
        {
            *map(_observed, fixed),
            _observed(date(year + 1, 1, 1)),
            _nth(year, 1, MONDAY, 3),
            _nth(year, 2, MONDAY, 3),
            _nth(year, 6, MONDAY, 1) - timedelta(days=7),
            _nth(year, 9, MONDAY, 1),
            _nth(year, 10, MONDAY, 2),
            _nth(year, 11, THURSDAY, 4),
        }
    )


def is_business_day(day: date) -> bool:
    """Whether offices are open on this day."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def later(moment: datetime, days: int, zone: str) -> datetime:
    """The same wall time that many business days later; zero gives the moment itself."""
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    for _ in range(days):
        day = next_business_day(day)
    return _at(day, local, zone) if days else moment


def in_office_hours(moment: datetime, zone: str) -> datetime:
    """The moment, or the next opening of offices when they are closed then."""
    local = moment.astimezone(ZoneInfo(zone))
    if is_business_day(local.date()) and OPENS_AT <= local.hour < CLOSES_AT:
        return moment
    early = is_business_day(local.date()) and local.hour < OPENS_AT
    day = local.date() if early else next_business_day(local.date())
    return _at(day, local.replace(hour=OPENS_AT, minute=0, second=0, microsecond=0), zone)


def opening_of(day: date, zone: str) -> datetime:
    """The moment offices open on a day, or on the next business day."""
    day = day if is_business_day(day) else next_business_day(day)
    return datetime.combine(day, time(OPENS_AT), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of_day(moment: datetime, zone: str) -> datetime:
    """When offices close on the day of this moment."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(day, time(CLOSES_AT), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def same_wall_time(moment: datetime, days: int, zone: str) -> datetime:
    """The same wall time that many calendar days later, also over a change of clocks."""
    local = moment.astimezone(ZoneInfo(zone))
    return _at(local.date() + timedelta(days=days), local, zone)


def between(first: datetime, last: datetime, zone: str) -> int:
    """How many business days begin after `first` up to the day of `last`."""
    day, end = first.astimezone(ZoneInfo(zone)).date(), last.astimezone(ZoneInfo(zone)).date()
    count = 0
    while day < end:
        day += timedelta(days=1)
        count += is_business_day(day)
    return count


def next_business_day(day: date) -> date:
    """The first business day after `day`."""
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def at(day: date, clock: time, zone: str) -> datetime:
    """The moment at which clocks of the zone show this time on this day."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _at(day: date, wall: datetime, zone: str) -> datetime:
    return at(day, wall.time(), zone)


def _observed(day: date) -> date:
    shift = {SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

"""Is a place open at this moment, and when does it open next? Pure.

The rules themselves are in hours_rules, the reader of texts in hours_text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from resources_db.hours_rules import DAY, TRUSTED, WEEKDAYS, HoursRule, applies, holiday_unsaid, intervals
from resources_db.hours_text import ParsedHours, parse
from resources_db.vocab import ScheduleKind

__all__ = [
    "DAY",
    "TRUSTED",
    "WEEKDAYS",
    "HoursRule",
    "OpenState",
    "OpenStatus",
    "ParsedHours",
    "applies",
    "claimable",
    "half_hour_bits",
    "holiday_unsaid",
    "intervals",
    "open_spans",
    "parse",
    "status_at",
]

HALF_HOURS_A_WEEK = 7 * 48
LOOK_AHEAD_DAYS = 42  # a monthly pantry always has its next day within six weeks
_ALWAYS = timedelta(days=8)
STALE = timedelta(days=365)
"""Hours that nobody confirmed or edited for so long are not claimed any more."""


class OpenState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CALL_FIRST = "call_first"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """`until` is None for a place that never closes, `opens_at` None when no next opening is known.

    `holiday` is why to call first on a day that no rule speaks of (a name of resources_db.holidays).
    """

    state: OpenState
    until: datetime | None = None
    opens_at: datetime | None = None
    holiday: str = ""


def status_at(
    rules: Sequence[HoursRule],
    tz: str,
    moment: datetime,
    *,
    as_of: datetime | None = None,
    active: bool = True,
    alert: bool = False,
    call_first: bool = False,
) -> OpenStatus:
    """What may be said about `moment`. `as_of` = when the hours were last confirmed or edited."""
    if not active:
        return OpenStatus(OpenState.CLOSED)
    zone = ZoneInfo(tz)
    regular = _of_today(rules, zone, moment)
    if not regular:
        return OpenStatus(OpenState.CALL_FIRST if call_first else OpenState.UNKNOWN)
    if alert or not claimable(rules, tz, moment, as_of=as_of, active=active, call_first=call_first):
        return OpenStatus(OpenState.CALL_FIRST)
    if holiday := _holiday_now(regular, zone, moment):
        return OpenStatus(OpenState.CALL_FIRST, holiday=holiday)
    return _from_spans(_spans(regular, zone, moment, LOOK_AHEAD_DAYS), moment)


def claimable(
    rules: Sequence[HoursRule],
    tz: str,
    moment: datetime,
    *,
    as_of: datetime | None = None,
    active: bool = True,
    call_first: bool = False,
) -> bool:
    """Are these hours sure enough to say open or closed? A notice in force, or a holiday, is asked about elsewhere."""
    regular = _of_today(rules, ZoneInfo(tz), moment)
    stale = as_of is not None and moment - as_of > STALE
    sure = bool(regular) and min(rule.confidence for rule in regular) >= TRUSTED
    return active and sure and not stale and not call_first


def _of_today(rules: Sequence[HoursRule], zone: ZoneInfo, moment: datetime) -> list[HoursRule]:
    """Rules that are not over. An hour of the night before may still run."""
    yesterday = moment.astimezone(zone).date() - timedelta(days=1)
    return [r for r in rules if r.kind != ScheduleKind.EVENT and not (r.valid_to and r.valid_to < yesterday)]


def _holiday_now(rules: Sequence[HoursRule], zone: ZoneInfo, moment: datetime) -> str:
    """The holiday that makes the usual hours of today, or the end of last night's, unsure. Empty when they are over."""
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        name = holiday_unsaid(rules, day)
        if name and _instant(day, intervals(rules, day)[-1][1], zone) > moment:
            return name
    return ""


def half_hour_bits(rules: Sequence[HoursRule], week_of: date) -> int:
    """336 bits of the local week holding `week_of`; bit 0 is Monday 00:00-00:30.

    A bit is set only when the whole half hour is open and the rules may be trusted, so a filter never claims too much.
    """
    regular = [rule for rule in rules if rule.kind != ScheduleKind.EVENT]
    if not regular or min(rule.confidence for rule in regular) < TRUSTED:
        return 0
    monday = week_of - timedelta(days=week_of.weekday())
    bits = 0
    for offset in range(-1, 7):
        day = monday + timedelta(days=offset)
        for opens, closes in [] if holiday_unsaid(regular, day) else intervals(regular, day):
            first = max(-(-(offset * DAY + opens) // 30), 0)
            last = min((offset * DAY + closes) // 30, HALF_HOURS_A_WEEK)
            if last > first:
                bits |= ((1 << (last - first)) - 1) << first
    return bits


def _from_spans(spans: Iterable[tuple[datetime, datetime]], moment: datetime) -> OpenStatus:
    """The spans come in order: the first that ends after the moment says it."""
    current = next((span for span in spans if span[1] > moment), None)
    if current is None:
        return OpenStatus(OpenState.CLOSED)
    opens, closes = current
    if opens > moment:
        return OpenStatus(OpenState.CLOSED, opens_at=opens)
    return OpenStatus(OpenState.OPEN, until=None if closes - moment >= _ALWAYS else closes)


def open_spans(
    rules: Sequence[HoursRule], tz: str, moment: datetime, days: int = LOOK_AHEAD_DAYS
) -> list[tuple[datetime, datetime]]:
    """Sure open spans in UTC from the day before `moment` on, joined where one ends as the next begins.

    Days on which a holiday makes the usual hours unsure have none.
    """
    return list(_spans(rules, ZoneInfo(tz), moment, days))


def _spans(
    rules: Sequence[HoursRule], zone: ZoneInfo, moment: datetime, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """One by one: who asks about a moment stops after a day or two."""
    today = moment.astimezone(zone).date()
    last: tuple[datetime, datetime] | None = None
    for offset in range(-1, days):
        day = today + timedelta(days=offset)
        for opens, closes in [] if holiday_unsaid(rules, day) else intervals(rules, day):
            start, end = _instant(day, opens, zone), _instant(day, closes, zone)
            if last is not None and start <= last[1]:
                last = (last[0], max(end, last[1]))
            elif end > start:
                if last is not None:
                    yield last
                last = (start, end)
    if last is not None:
        yield last


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Local wall time as UTC. A time skipped by the clock change moves forward; a doubled one counts the first time."""
    days, rest = divmod(minutes, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)

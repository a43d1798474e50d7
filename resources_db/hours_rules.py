"""One opening rule in local time, and the intervals a set of rules gives for a day. Pure: knows no SQL and no clock."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from resources_db import holidays
from resources_db.vocab import ScheduleKind

DAY = 24 * 60
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TRUSTED = 0.9  # below this "open now" is never claimed
_SPECIAL = (ScheduleKind.HOLIDAY, ScheduleKind.EXCEPTION)


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Minutes count from local midnight; `closes` is above 1,440 when the night is crossed."""

    opens: int = 0
    closes: int = DAY
    weekdays: tuple[int, ...] = ()  # 0 = Monday; empty with `monthly` or `month_days`
    monthly: tuple[tuple[int, int], ...] = ()  # (3, 1) = third Tuesday, (-1, 4) = last Friday
    month_days: tuple[int, ...] = ()
    every: int = 1  # every second week or month, counted from starts_on
    starts_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    kind: ScheduleKind = ScheduleKind.REGULAR
    closed: bool = False
    confidence: float = 1.0
    holiday: str = ""  # a name of resources_db.holidays: that day of every year

    @property
    def special(self) -> bool:
        return self.kind in _SPECIAL


def applies(rule: HoursRule, day: date) -> bool:
    """Does the rule speak about this local day?"""
    if (rule.valid_from and day < rule.valid_from) or (rule.valid_to and day > rule.valid_to):
        return False
    if rule.starts_on and day < rule.starts_on:
        return False
    if rule.holiday:  # closed also when the day is observed on another one; open only on the day itself
        return holidays.falls_on(rule.holiday, day, observed=rule.closed)
    return _on_this_day(rule, day) and _in_step(rule, day)


def intervals(rules: Sequence[HoursRule], day: date) -> list[tuple[int, int]]:
    """Open minutes of one local day. Rules of special days replace the regular hours; the most special one counts."""
    todays = [rule for rule in rules if rule.kind != ScheduleKind.EVENT and applies(rule, day)]
    special = [rule for rule in todays if rule.special]
    if special:
        first = min(map(_rank, special))
        todays = [rule for rule in special if _rank(rule) == first]
        if any(rule.closed for rule in todays):
            return []
    return _merged([(rule.opens, rule.closes) for rule in todays if not rule.closed])


def holiday_unsaid(rules: Sequence[HoursRule], day: date) -> str:
    """The holiday of a day on which the regular hours may not hold, because no rule speaks of it.

    Empty on other days, on days closed anyway, and for a place that is open the whole day.
    """
    name = holidays.federal_on(day)
    if not name or any(rule.special and applies(rule, day) for rule in rules):
        return ""
    return name if intervals(rules, day) not in ([], [(0, DAY)]) else ""


def _rank(rule: HoursRule) -> tuple[bool, int]:
    """Single dates before a named holiday, short spans before long ones."""
    if rule.holiday:
        return True, 0
    if rule.valid_from is None or rule.valid_to is None:
        return False, date.max.toordinal()
    return False, (rule.valid_to - rule.valid_from).days


def _on_this_day(rule: HoursRule, day: date) -> bool:
    if rule.monthly:
        return any(weekday == day.weekday() and _is_nth(day, nth) for nth, weekday in rule.monthly)
    if rule.month_days:
        return day.day in rule.month_days or day.day - _last_of_month(day) - 1 in rule.month_days
    if rule.weekdays:
        return day.weekday() in rule.weekdays
    return rule.special


def _is_nth(day: date, nth: int) -> bool:
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return (_last_of_month(day) - day.day) // 7 + 1 == -nth


def _last_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _in_step(rule: HoursRule, day: date) -> bool:
    if rule.every <= 1 or rule.starts_on is None:
        return rule.every <= 1
    if rule.monthly or rule.month_days:
        months = (day.year - rule.starts_on.year) * 12 + day.month - rule.starts_on.month
        return months % rule.every == 0
    weeks = (_monday(day) - _monday(rule.starts_on)).days // 7
    return weeks % rule.every == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged

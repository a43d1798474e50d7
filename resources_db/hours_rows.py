"""Between schedule records (HSDS names) and hours rules. Pure: reads attributes, knows no session."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from resources_db.hours_rules import DAY, WEEKDAYS, HoursRule, applies
from resources_db.vocab import ScheduleKind

_BYDAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)$")
_UNCLEAR = 0.5
_MOST_OCCURRENCES = 1000


class ScheduleLike(Protocol):
    """What a schedule row offers; a model row or any record with these names."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    until: date | None
    count: int | None
    freq: str
    interval: int | None
    byday: str
    byweekno: str
    bymonthday: str
    byyearday: str
    opens_at: str
    closes_at: str
    parse_confidence: float
    kind: str
    closed: bool
    closes_next_day: bool
    holiday: str


def rules_of(rows: Iterable[ScheduleLike]) -> tuple[HoursRule, ...]:
    """A rule for each row that says when; rows that hold only words give none."""
    return tuple(rule for row in rows if (rule := _rule(row)) is not None)


def _rule(row: ScheduleLike) -> HoursRule | None:
    kind = ScheduleKind(row.kind)
    span = _span(row)
    if span is None:
        return None
    weekdays, monthly = _byday(row.byday)
    month_days = tuple(int(part) for part in row.bymonthday.split(",") if part.strip().lstrip("-").isdigit())
    single = row.dtstart if not (weekdays or monthly or month_days) and row.dtstart and not row.freq else None
    special = kind in (ScheduleKind.HOLIDAY, ScheduleKind.EXCEPTION)
    clear = bool(weekdays or monthly or (month_days and row.freq == "MONTHLY") or single or special)
    clear = clear and not (row.byweekno or row.byyearday or (monthly and month_days))
    rule = HoursRule(
        opens=span[0],
        closes=span[1],
        weekdays=weekdays or ((single.weekday(),) if single else () if clear else tuple(range(7))),
        monthly=monthly,
        month_days=month_days if row.freq == "MONTHLY" else (),
        every=row.interval or 1,
        starts_on=row.dtstart,
        valid_from=row.valid_from or single,
        valid_to=_earliest(row.valid_to, row.until, single),
        kind=kind,
        closed=row.closed,
        confidence=row.parse_confidence if clear else min(row.parse_confidence, _UNCLEAR),
        holiday=row.holiday if kind == ScheduleKind.HOLIDAY else "",
    )
    return _counted(rule, row.count)


def _span(row: ScheduleLike) -> tuple[int, int] | None:
    if row.closed:
        return 0, DAY
    if not row.opens_at or not row.closes_at:
        return None
    opens, closes = _minutes(row.opens_at), _minutes(row.closes_at)
    if (opens, closes) in ((0, DAY - 1), (0, 0)):
        return 0, DAY
    return opens, closes + DAY if row.closes_next_day or closes <= opens else closes


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")[:2]
    return int(hour) * 60 + int(minute)


def _byday(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    weekdays: list[int] = []
    monthly: list[tuple[int, int]] = []
    for part in text.upper().replace(";", ",").split(","):
        found = _BYDAY.match(part.strip())
        if found and found[1]:
            monthly.append((int(found[1]), WEEKDAYS.index(found[2])))
        elif found:
            weekdays.append(WEEKDAYS.index(found[2]))
    return tuple(weekdays), tuple(monthly)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def _counted(rule: HoursRule, count: int | None) -> HoursRule:
    """`count` occurrences from dtstart: turned into a last day, since rules know dates only."""
    if not count or rule.starts_on is None or count > _MOST_OCCURRENCES:
        return rule
    day, left = rule.starts_on, count
    for _ in range(_MOST_OCCURRENCES * 31):
        left -= applies(rule, day)
        if left == 0 or (rule.valid_to and day >= rule.valid_to):
            break
        day += timedelta(days=1)
    return replace(rule, valid_to=_earliest(rule.valid_to, day))


def columns_of(rule: HoursRule) -> dict[str, object]:
    """The schedule columns that say what a rule says."""
    days = [WEEKDAYS[day] for day in rule.weekdays] + [f"{nth}{WEEKDAYS[day]}" for nth, day in rule.monthly]
    monthly = bool(rule.monthly or rule.month_days)
    return {
        "freq": "MONTHLY" if monthly else "WEEKLY" if rule.weekdays else "",
        "byday": ",".join(days),
        "bymonthday": ",".join(map(str, rule.month_days)),
        "interval": rule.every if rule.every > 1 else None,
        "dtstart": rule.starts_on,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "opens_at": "" if rule.closed else _clock(rule.opens),
        "closes_at": "" if rule.closed else _clock(rule.closes),
        "closes_next_day": rule.closes > DAY,
        "closed": rule.closed,
        "kind": rule.kind.value,
        "holiday": rule.holiday,
        "parse_confidence": rule.confidence,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"

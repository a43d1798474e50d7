"""Reads a text about opening hours into rules, with how sure it is. Pure.

What is not sure is said, never guessed away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from resources_db.hours_rules import DAY, HoursRule
from resources_db.hours_words import ALL_WEEK, Clock, Token, tokens

SURE = 0.95  # parsed without remainder; 1.0 is kept for structured sources and people
_GUESSED_HALF, _LEFT_OVER, _DOUBTED, _NO_DAYS = 0.85, 0.6, 0.5, 0.4
_ODD = 0.6
_LONGEST, _EARLIEST = 16 * 60, 6 * 60
_OVERNIGHT = re.compile(r"overnight|next (?:day|morning)|midnight", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedHours:
    rules: tuple[HoursRule, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Days:
    weekdays: tuple[int, ...] = ()
    monthly: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    opens: int
    closes: int
    confidence: float
    closed: bool = False


_Item = _Days | _Span


def parse(text: str) -> ParsedHours:
    """Rules of the text; confidence 0 when nothing was understood."""
    found = list(tokens(text))
    items, left_over = _items(found, overnight=bool(_OVERNIGHT.search(text)))
    groups, dayless = _groups(items)
    rules = tuple(rule for days, span in groups if not span.closed for rule in _rules(days, span))
    if not rules:
        return ParsedHours((), 0.0)
    worst = min(span.confidence for _, span in groups)
    if any(token.kind == "doubt" for token in found):
        worst = min(worst, _DOUBTED)
    if left_over or dayless:
        worst = min(worst, _LEFT_OVER)
    if any(days is None and (span.opens, span.closes) != (0, DAY) for days, span in groups):
        worst = min(worst, _NO_DAYS)
    return ParsedHours(tuple(replace(rule, confidence=worst) for rule in rules), worst)


def _items(found: Sequence[Token], *, overnight: bool) -> tuple[list[_Item], bool]:
    items: list[_Item] = []
    left_over, at = False, 0
    while at < len(found):
        kind = found[at].kind
        item, at_next = None, at + 1
        if kind in ("day", "nth"):
            item, at_next = _read_days(found, at)
        elif kind == "time":
            item, at_next = _read_span(found, at, overnight=overnight)
        elif kind in ("closed", "always"):
            item = _Span(0, DAY, SURE, closed=kind == "closed")
            if kind == "always" and "/" in found[at].text:
                items.append(_Days(ALL_WEEK))
        if item is not None:
            items.append(item)
        elif kind not in ("and", "sep", "doubt"):
            left_over = True
        at = at_next
    return items, left_over


def _read_days(found: Sequence[Token], at: int) -> tuple[_Item | None, int]:
    """`Mon-Wed, Fri`, `1st and 3rd Tuesday`."""
    nths: list[int] = []
    weekdays: list[int] = []
    while at < len(found) and found[at].kind in ("day", "nth"):
        token = found[at]
        if token.kind == "nth":
            nths.append(token.nth)
        elif nths and weekdays:
            break
        elif at + 2 < len(found) and found[at + 1].kind == "dash" and found[at + 2].kind == "day" and not nths:
            weekdays += _through(token.days[0], found[at + 2].days[-1])
            at += 2
        else:
            weekdays += token.days
        at += 1
        if at + 1 < len(found) and found[at].kind == "and" and found[at + 1].kind in ("day", "nth"):
            if found[at + 1].kind == "nth" and weekdays:
                break
            at += 1
    if nths and weekdays:
        return _Days(monthly=tuple((nth, day) for nth in nths for day in weekdays)), at
    return (_Days(tuple(dict.fromkeys(weekdays))), at) if weekdays else (None, at)


def _through(first: int, last: int) -> list[int]:
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _read_span(found: Sequence[Token], at: int, *, overnight: bool) -> tuple[_Item | None, int]:
    if at + 2 >= len(found) or found[at + 1].kind != "dash" or found[at + 2].kind != "time":
        return None, at + 1
    start, end = found[at].clock, found[at + 2].clock
    if start is None or end is None:
        return None, at + 3
    return _span(start, end, overnight=overnight), at + 3


def _span(start: Clock, end: Clock, *, overnight: bool) -> _Span:
    opens, closes, confidence = _minutes(start, end)
    if (opens, closes) == (0, DAY - 1) or opens == closes == 0:
        return _Span(0, DAY, confidence)
    if closes == 0:
        closes = DAY
    elif closes <= opens:
        confidence = confidence if overnight else min(confidence, _ODD)
        closes += DAY
    if closes - opens > _LONGEST or 0 < opens < _EARLIEST:
        confidence = min(confidence, _ODD)
    return _Span(opens, closes, confidence)


def _minutes(start: Clock, end: Clock) -> tuple[int, int, float]:
    """Opens, closes and how sure: a missing am or pm is taken from the other side where only one reading fits."""
    if start.certain or end.certain:
        return _as_24(start), _as_24(end), SURE
    if start.half and end.half:
        return _with(start, start.half), _with(end, end.half), SURE
    if end.half:
        closes = _with(end, end.half)
        opens = _with(start, end.half)
        return (opens if opens < (closes or DAY) else _with(start, "am")), closes, SURE
    half = start.half or ("am" if 7 <= start.hour <= 11 else "pm")
    opens = _with(start, half)
    morning = _with(end, "am")
    closes = morning if morning > opens else _with(end, "pm")
    return opens, closes, SURE if start.half else _GUESSED_HALF


def _with(clock: Clock, half: str) -> int:
    return (clock.hour % 12 + (12 if half == "pm" else 0)) * 60 + clock.minute


def _as_24(clock: Clock) -> int:
    return _with(clock, clock.half) if clock.half else (clock.hour % 24) * 60 + clock.minute


def _groups(items: Sequence[_Item]) -> tuple[list[tuple[_Days | None, _Span]], bool]:
    """Pairs each span with its days, whichever is written first. Also: was a day named without any hours?"""
    days_first = bool(items) and isinstance(items[0], _Days)
    groups: list[tuple[_Days | None, _Span]] = []
    dayless = False
    for days, spans in _runs(items, days_first=days_first):
        dayless = dayless or not spans
        named: list[_Days | None] = [*days] or [None]
        groups += [(day, span) for span in spans for day in named]
    return groups, dayless


def _runs(items: Sequence[_Item], *, days_first: bool) -> list[tuple[list[_Days], list[_Span]]]:
    runs: list[tuple[list[_Days], list[_Span]]] = []
    for item in items:
        leads = isinstance(item, _Days) == days_first
        if not runs or (leads and (runs[-1][1] if days_first else runs[-1][0])):
            runs.append(([], []))
        if isinstance(item, _Days):
            runs[-1][0].append(item)
        else:
            runs[-1][1].append(item)
    return runs


def _rules(days: _Days | None, span: _Span) -> list[HoursRule]:
    days = days or _Days(ALL_WEEK)
    return [HoursRule(span.opens, span.closes, weekdays=days.weekdays, monthly=days.monthly)]

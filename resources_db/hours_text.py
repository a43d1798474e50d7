"""Reads a text about opening hours into rules, with how sure it is. Pure.

What is not sure is said, never guessed away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from resources_db import hours_special
from resources_db.hours_rules import DAY, HoursRule
from resources_db.hours_words import ALL_WEEK, Clock, Token, tokens

SURE = 0.95  # parsed without remainder; 1.0 is kept for structured sources and people
_GUESSED_HALF, _LEFT_OVER, _DOUBTED, _NO_DAYS = 0.85, 0.6, 0.5, 0.4
_ODD = 0.6
_LONGEST, _EARLIEST = 16 * 60, 6 * 60
_MOST_CHARACTERS = 4_000  # longer texts are stories, not hours
_OVERNIGHT = re.compile(r"overnight|next (?:day|morning)")


@dataclass(frozen=True, slots=True)
class ParsedHours:
    rules: tuple[HoursRule, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Days:
    weekdays: tuple[int, ...] = ()
    monthly: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    opens: int
    closes: int
    confidence: float
    closed: bool = False
    always: bool = False


_Item = _Days | _Span


def parse(text: str) -> ParsedHours:
    """Rules of the text; confidence 0 when nothing was understood. Closures it names come as rules too."""
    if len(text) > _MOST_CHARACTERS:
        return ParsedHours((), 0.0)
    plainer = hours_special.take_out(text)
    found = _round_the_clock(list(tokens(plainer.text)))
    items, left_over = _items(found, overnight=bool(_OVERNIGHT.search(plainer.text)))
    shut = {day for item in items if isinstance(item, _Days) and item.closed for day in item.weekdays}
    items = [item for item in items if not (isinstance(item, _Days) and item.closed)]
    groups, dayless = _groups(items)
    rules = _without([rule for days, span in groups if not span.closed for rule in _rules(days, span)], shut)
    if not rules:
        return ParsedHours((), 0.0)
    worst = min(span.confidence for _, span in groups)
    if any(token.kind in ("doubt", "date") for token in found):
        worst = min(worst, _DOUBTED)
    if left_over or dayless or _contradicts(rules) or _more_than_always(groups, found):
        worst = min(worst, _LEFT_OVER)
    if any(days is None and not span.always for days, span in groups):
        worst = min(worst, _NO_DAYS)
    return ParsedHours(tuple(replace(rule, confidence=worst) for rule in (*rules, *plainer.rules)), worst)


def _round_the_clock(found: list[Token]) -> list[Token]:
    """In a text that counts hours to 24 everywhere, `9:00-12:00` is no guess."""
    clocks = [token.clock for token in found if token.clock]
    if any(clock.half for clock in clocks) or not any(clock.certain for clock in clocks):
        return found
    return [replace(token, clock=replace(token.clock, certain=True)) if token.clock else token for token in found]


def _without(rules: Sequence[HoursRule], shut: set[int]) -> list[HoursRule]:
    """Weekly rules without the days that the text calls closed; each rule once."""
    kept: dict[HoursRule, None] = {}
    for rule in rules:
        left = tuple(day for day in rule.weekdays if day not in shut)
        if left or not rule.weekdays:
            kept[replace(rule, weekdays=left)] = None
    return list(kept)


def _contradicts(rules: Sequence[HoursRule]) -> bool:
    """Does the text give one weekday hours that overlap? Then they are hours of different things."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for rule in rules:
        for day in rule.weekdays:
            spans.setdefault(day, []).append((rule.opens, rule.closes))
    return any(
        later[0] < earlier[1]
        for of_day in spans.values()
        for earlier, later in zip(sorted(of_day), sorted(of_day)[1:], strict=False)
    )


def _more_than_always(groups: Sequence[tuple[_Days | None, _Span]], found: Sequence[Token]) -> bool:
    """A 24-hour line beside office hours: which of them the door keeps is not said."""
    always = [span.always for _, span in groups if not span.closed]
    return any(always) != all(always) or (not all(always) and any(token.kind == "line" for token in found))


def _items(found: Sequence[Token], *, overnight: bool) -> tuple[list[_Item], bool]:
    items: list[_Item] = []
    left_over, at = False, 0
    while at < len(found):
        token, made = found[at], list[_Item]()
        kind, at_next = token.kind, at + 1
        if kind in ("day", "nth"):
            made, at_next = _read_days(found, at)
        elif kind == "time":
            made, at_next = _read_span(found, at, overnight=overnight)
        elif kind == "closed":
            made, at_next = _read_closed(found, at, items)
        elif kind == "always":
            made = [*([_Days(ALL_WEEK)] if "/" in token.text else []), _Span(0, DAY, SURE, always=True)]
        elif kind == "dash" and at and found[at - 1].kind in ("day", "month") and _kind(found, at + 1) in _AFTER_DASH:
            at = at_next
            continue
        items += made
        if not made and kind not in ("and", "sep", "doubt", "date", "month", "line"):
            left_over = True
        at = at_next
    return items, left_over


_AFTER_DASH = ("time", "closed", "always")


def _kind(found: Sequence[Token], at: int) -> str:
    return found[at].kind if at < len(found) else "end"


def _read_closed(found: Sequence[Token], at: int, before: Sequence[_Item]) -> tuple[list[_Item], int]:
    """`Mon closed`; `closed Mon`, after whole hours or at the very start; `closed 12-1pm` is never guessed."""
    days, after = _read_days(found, at + 1) if _kind(found, at + 1) == "day" else ([], at + 1)
    complete = not before or len({type(item) for item in before}) > 1
    alone = complete and _kind(found, after) in ("end", "sep", "doubt", "closed")
    binds_forward = days and isinstance(days[0], _Days) and days[0].weekdays and alone
    if binds_forward and not (before and isinstance(before[-1], _Days) and _days_lead(before)):
        return [replace(day, closed=True) for day in days if isinstance(day, _Days)], after
    doubtful = SURE if _kind(found, at + 1) != "time" else _LEFT_OVER
    return [_Span(0, DAY, doubtful, closed=True)], at + 1


def _days_lead(items: Sequence[_Item]) -> bool:
    return isinstance(next((item for item in items if not (isinstance(item, _Days) and item.closed)), None), _Days)


def _read_days(found: Sequence[Token], at: int) -> tuple[list[_Item], int]:
    """`Mon-Wed, Fri`, `1st and 3rd Tuesday`, `1st and 15th of the month`."""
    nths: list[int] = []
    weekdays: list[int] = []
    while at < len(found) and found[at].kind in ("day", "nth"):
        token = found[at]
        if token.kind == "nth":
            if weekdays:
                break
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
    if nths and weekdays and max(nths) <= _MOST_IN_A_MONTH:
        return [_Days(monthly=tuple((nth, day) for nth in nths for day in weekdays))], at
    if nths and not weekdays and _kind(found, at) == "month" and max(nths) <= _LONGEST_MONTH:
        return [_Days(month_days=tuple(nths))], at + 1
    return ([_Days(tuple(dict.fromkeys(weekdays)))], at) if weekdays and not nths else ([], max(at, 1))


_MOST_IN_A_MONTH, _LONGEST_MONTH = 5, 31


def _through(first: int, last: int) -> list[int]:
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _read_span(found: Sequence[Token], at: int, *, overnight: bool) -> tuple[list[_Item], int]:
    if _kind(found, at + 1) != "dash" or _kind(found, at + 2) != "time":
        return [], at + 1
    start, end = found[at].clock, found[at + 2].clock
    if start is None or end is None:
        return [], at + 3
    return [_span(start, end, overnight=overnight)], at + 3


def _span(start: Clock, end: Clock, *, overnight: bool) -> _Span:
    opens, closes, confidence = _minutes(start, end)
    if (opens, closes) == (0, DAY - 1) or opens == closes == 0:
        return _Span(0, DAY, confidence)
    if closes == 0:
        closes = DAY
    elif closes <= opens:
        confidence = confidence if overnight else min(confidence, _ODD)
        closes += DAY
    if closes - opens > _LONGEST or opens < _EARLIEST:
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
    if days.month_days:
        return [HoursRule(span.opens, span.closes, month_days=days.month_days)]
    return [HoursRule(span.opens, span.closes, weekdays=days.weekdays, monthly=days.monthly)]

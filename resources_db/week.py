"""A plain week of opening hours: from rules and back to words that are read again without a doubt. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from resources_db.hours_rules import DAY, HoursRule
from resources_db.hours_text import parse

Span: TypeAlias = tuple[int, int]
Week: TypeAlias = tuple[tuple[Span, ...], ...]
"""Monday to Sunday, each with its open spans in minutes from midnight; none means closed."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOSED = "Closed"


class BadSpanError(ValueError):
    """Two clock times that make no span; `day` is 0 for Monday."""

    def __init__(self, day: int) -> None:
        super().__init__(f"day {day}")
        self.day = day


def of_rules(rules: Sequence[HoursRule]) -> Week | None:
    """The week of these rules; None where a week would not tell the whole truth (monthly, dated, every second)."""
    regular = [rule for rule in rules if not rule.special]
    if not regular or any(not _plain(rule) for rule in regular):
        return None
    days: list[set[Span]] = [set() for _ in DAYS]
    for rule in regular:
        for day in rule.weekdays:
            days[day].add((rule.opens, rule.closes))
    return tuple(tuple(sorted(day)) for day in days)


def of_text(text: str) -> Week | None:
    """The week a text speaks of, as far as it is a plain one."""
    return of_rules(parse(text).rules)


def words(week: Week) -> str:
    """`Mon, Wed, Fri 9:00 am-1:00 pm; Sat 10:00 am-12:00 pm`: days with the same hours together, closed days unsaid."""
    by_hours: dict[tuple[Span, ...], list[str]] = {}
    for name, spans in zip(DAYS, week, strict=True):
        if spans:
            by_hours.setdefault(spans, []).append(name)
    lines = [f"{', '.join(days)} {', '.join(map(_span, spans))}" for spans, days in by_hours.items()]
    return "; ".join(lines) or _CLOSED


def typed(day: int, opens: str, closes: str) -> Span | None:
    """The span of two typed clock times such as `10` and `2 pm`; None when both are empty. Raises BadSpanError."""
    if not opens.strip() and not closes.strip():
        return None
    rules = parse(f"Mon {opens.strip()}-{closes.strip()}").rules
    if not opens.strip() or not closes.strip() or len(rules) != 1 or rules[0].weekdays != (0,):
        raise BadSpanError(day)
    return rules[0].opens, rules[0].closes


def of_form(form: Mapping[str, str]) -> Week:
    """The week of the fields d0-o1, d0-c1, d0-o2, d0-c2, d0-closed and so on to d6. Raises BadSpanError."""
    return tuple(_day(form, day) for day in range(len(DAYS)))


def form_of(week: Week | None) -> dict[str, str]:
    """The fields of the form that show a week."""
    fields: dict[str, str] = {}
    for day, spans in enumerate(week or ()):
        for at, (opens, closes) in enumerate(spans[:2], start=1):
            fields[f"d{day}-o{at}"], fields[f"d{day}-c{at}"] = clock(opens), clock(closes)
    return fields


def clock(minutes: int) -> str:
    """`9:00 am`, as people type it."""
    hour, minute = divmod(minutes % DAY, 60)
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"


def _day(form: Mapping[str, str], day: int) -> tuple[Span, ...]:
    if form.get(f"d{day}-closed"):
        return ()
    found = [typed(day, form.get(f"d{day}-o{at}", ""), form.get(f"d{day}-c{at}", "")) for at in (1, 2)]
    return tuple(sorted({span for span in found if span is not None}))


def _plain(rule: HoursRule) -> bool:
    dated = rule.starts_on or rule.valid_from or rule.valid_to
    return bool(rule.weekdays) and not (rule.monthly or rule.month_days or dated or rule.closed) and rule.every == 1


def _span(span: Span) -> str:
    opens, closes = span
    if (opens, closes) == (0, DAY):
        return "24 hours"
    overnight = " overnight" if closes > DAY else ""
    return f"{clock(opens)}-{clock(closes)}{overnight}"

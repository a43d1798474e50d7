"""How Ohana writes lists, kinds of phones, weekdays and holidays that come back every year. Pure."""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from resources_db import holidays

_EVERY_YEAR = 1  # a date in the year 1 comes back every year
_DATES = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%m/%d/%Y", "%m/%d/%y")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Cells(Protocol):
    def __getitem__(self, column: str) -> str: ...


def listed(cell: str) -> list[str]:
    """The items of a comma list; quotes hold an item with a comma together."""
    if not cell:
        return []
    found = next(csv.reader([cell.replace("\n", " ")], skipinitialspace=True), [])
    return list(dict.fromkeys(part.strip() for part in found if part.strip()))


def code(cells: Cells | Mapping[str, str]) -> str:
    """The id of a taxonomy row, whose column has two names."""
    for column in ("taxonomy_id", "id"):
        try:
            if text := cells[column].strip():
                return text
        except KeyError:
            continue
    return ""


def is_true(cell: str) -> bool:
    return cell.casefold() in {"true", "yes", "1", "t"}


def words_of_code(word: str) -> str:
    """`disabled_parking` for people: `Disabled parking`."""
    return word.replace("_", " ").capitalize() if re.fullmatch(r"[a-z_]+", word) else word


def prefix(cell: str) -> str:
    return cell if cell.startswith("+") or not cell else f"+{cell}"


def phone_kind(cell: str) -> dict[str, object]:
    kind = cell.casefold()
    if kind == "hotline":
        return {"type": "voice", "description": "Hotline"}
    return {"type": {"tty": "textphone", "sms": "text"}.get(kind, kind)} if kind else {}


def weekday(cell: str) -> str:
    """`Monday`, `Mon` or `1` as the code of the day."""
    if cell.isdigit() and 1 <= int(cell) <= len(_DAYS):
        return _DAYS[int(cell) - 1]
    short = cell[:2].upper()
    return short if short in _DAYS else cell


def year(cell: str) -> int | None:
    found = re.search(r"\b(1[5-9]\d\d|20\d\d)\b", cell)
    return int(found[1]) if found else None


def _date(cell: str) -> date | None:
    for pattern in _DATES:
        try:
            return datetime.strptime(cell, pattern).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    return None


def holiday(start: str, end: str, closed: bool, opens: str, closes: str) -> dict[str, object] | None:
    """A closure as schedule values: dated, a holiday of every year, or in words. None when no date can be read."""
    first, last = _date(start), _date(end or start)
    if first is None or last is None:
        return None
    values: dict[str, object] = {"x_kind": "holiday", "x_closed": closed}
    if not closed:
        values |= {"opens_at": opens, "closes_at": closes}
    if first.year > _EVERY_YEAR:
        return {**values, "valid_from": first.isoformat(), "valid_to": last.isoformat()}
    span = _span(first, last)
    named = _named(first) if first == last else ""
    if named:
        return {**values, "x_holiday": named, "x_original_text": span}
    said = f"Closed every year: {span}" if closed else f"Every year, {span}: {opens} to {closes}"
    return {"x_kind": "holiday", "x_original_text": said, "x_parse_confidence": 0}


def _span(first: date, last: date) -> str:
    shown = [f"{day:%B} {day.day}" for day in (first, last)]
    return shown[0] if first == last else " to ".join(shown)


def _named(day: date) -> str:
    """The holiday that lies on this day of the month in every year; empty when none does."""
    if (day.month, day.day) == (2, 29):
        return ""
    years = [day.replace(year=year) for year in (2025, 2026)]
    return next(
        (name for name in holidays.NAMES if all(holidays.falls_on(name, one, observed=False) for one in years)), ""
    )

"""A report as page and file see it alike: shares, times and tables with their definitions. The file is made from here.

What is hidden is None already when it comes here: neither the page nor the file can show it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from referrals import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.exports import Cell
    from portal.reports.zip_map import ZipMap
    from referrals.figures import Rate
    from referrals.metrics import Figure

HIDDEN = "<11"
HEADER = (
    *("figure", "group", "part", "count", "of", "percent", "low", "high", "too_new"),
    *("meaning", "from", "to", "only", "as_of"),
)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in percent, to a tenth, with its interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, rate: Rate | None) -> Percent | None:
        """None of nothing, and of what is hidden."""
        if rate is None or rate.share is None or rate.interval is None:
            return None
        low, high = rate.interval
        return cls(round(rate.share * 100, 1), round(low * 100, 1), round(high * 100, 1))


@dataclass(frozen=True, slots=True)
class Share:
    """One rate with what it means; `before` is the same of the months before."""

    key: str
    label: str
    meaning: str
    figure: Figure
    before: Figure | None = None
    more: tuple[str, ...] = ()
    young: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    """What the n is made of, where `more` says it in words."""

    @property
    def before_percent(self) -> Percent | None:
        return None if self.before is None else Percent.of(self.before.rate)

    @property
    def percent(self) -> Percent | None:
        return Percent.of(self.figure.rate)

    @property
    def bound(self) -> int | None:
        """In whole percent: the least or the most a hidden share can be, where the number of all is shown."""
        n = self.figure.n
        if not n or not self.figure.side:
            return None
        at_most = (figures.SMALL - 1) / n
        return math.ceil(at_most * 100) if self.figure.side == "few" else math.floor((1 - at_most) * 100)


@dataclass(frozen=True, slots=True)
class Value:
    """Numbers that are no share (days, tries), each with its word; None is hidden or not reached, `words` say which."""

    key: str
    label: str
    meaning: str
    parts: tuple[tuple[str, str, float | None, str], ...]
    """Code, word, number, and the number in words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table. `rate` for tables of rates, `counts` for the others; None is a hidden count."""

    key: str
    name: str
    rate: Rate | None = None
    counts: tuple[int | float | None, ...] = ()
    more: str = ""
    href: str = ""
    lang: str = ""

    @property
    def percent(self) -> Percent | None:
        return Percent.of(self.rate)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and its meaning. `columns` are (code, word) of counts; empty for a table of rates."""

    key: str
    title: str
    meaning: str
    head: str
    lines: tuple[Line, ...]
    columns: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    """Names of the groups that are too small to stand alone."""
    together: Line | None = None
    whole: Figure | None = None
    drawn: str = ""
    """stacked, line, or nothing but the table."""
    more: str = ""
    """The word above the last column, where lines have one."""
    map: ZipMap | None = None

    @property
    def whole_percent(self) -> Percent | None:
        """The share of all groups together."""
        return None if self.whole is None else Percent.of(self.whole.rate)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report. Without anything to show it is `empty`: the words say why."""

    name: str
    title: str
    lead: str
    shares: tuple[Share, ...] = ()
    more: tuple[Share, ...] = ()
    """Further rates, in a table."""
    values: tuple[Value, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""
    is_of_months: bool = True
    offers_only: bool = False


def rows(sheet: Sheet, asked: dict[str, str], as_of: str) -> Iterator[list[Cell]]:
    """The file: each number of the page once, with its meaning and the moment."""
    tail: list[Cell] = [asked.get("from"), asked.get("to"), asked.get("only", ""), as_of]
    for row in _rows(sheet):
        yield [*row, *tail]


def _rows(sheet: Sheet) -> Iterator[list[Cell]]:
    for share in (*sheet.shares, *sheet.more):
        yield [share.key, "", "", *_of_figure(share.figure), share.meaning]
        if share.before is not None:
            count, of, percent, *_interval = _of_figure(share.before)
            yield [share.key, "", "months_before", count, of, percent, None, None, share.before.young, share.meaning]
        for part, of_it in share.parts:
            yield [share.key, "", part, of_it, *[None] * 5, share.meaning]
    for value in sheet.values:
        for code, _word, number, words in value.parts:
            yield [value.key, "", code, number if number is not None else words, *[None] * 5, value.meaning]
    for table in sheet.tables:
        yield from _of_table(table)


def _of_table(table: Table) -> Iterator[list[Cell]]:
    for line in (*table.lines, *([table.together] if table.together else [])):
        if table.columns:
            for (code, _word), number in zip(table.columns, line.counts, strict=True):
                yield [table.key, line.key, code, HIDDEN if number is None else number, *[None] * 5, table.meaning]
        else:
            yield [table.key, line.key, "", *_of_rate(line.rate), None, table.meaning]
        if line.more:
            yield [table.key, line.key, "note", line.more, *[None] * 5, table.meaning]
    if table.whole is not None:
        yield [table.key, "all", "", *_of_figure(table.whole), table.meaning]
    for name in table.others:
        yield [table.key, name, "", HIDDEN, *[None] * 5, table.meaning]


def _of_figure(figure: Figure) -> list[Cell]:
    if figure.rate is not None:
        return [*_of_rate(figure.rate), figure.young]
    if figure.n is None:
        return [HIDDEN, HIDDEN, None, None, None, figure.young]
    count = {"few": HIDDEN, "most": f">{figure.n - figures.SMALL}"}.get(figure.side)
    return [count, figure.n, None, None, None, figure.young]


def _of_rate(rate: Rate | None) -> list[Cell]:
    if rate is None:
        return [HIDDEN, HIDDEN, None, None, None]
    percent = Percent.of(rate)
    if percent is None:
        return [rate.numerator, rate.n, None, None, None]
    return [rate.numerator, rate.n, percent.value, percent.low, percent.high]


def is_few(count: int) -> bool:
    """Whether a count is too small to be shown."""
    return figures.is_small(count)

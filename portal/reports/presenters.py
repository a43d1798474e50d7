"""The report as words: each figure with what it was counted from, its interval, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import need_words
from portal.parts import StackedRow
from referrals import figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.exports import Cell
    from referrals.counting import DomainRow, NeedsMet
    from referrals.figures import Rate
    from referrals.metrics import Report

SMALL = "<11"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `value`, `low` and `high` are percent; None when there is nothing to count, or too little to show."""

    label: str
    rate: Rate
    definition: str
    young: str = ""
    more: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """The share in percent, to a tenth."""
        share = self.rate.share
        return None if share is None or figures.is_small(self.rate.n) else round(share * 100, 1)

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return _percent(self.rate.interval, 0)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return _percent(self.rate.interval, 1)


def measures(report: Report) -> list[Measure]:
    """The five figures, in the order of what happens."""
    answered, closed, met = report.answered[7], report.closed[30], report.need_met[30]
    return [
        Measure(
            _("Agency answered in 7 days"),
            answered,
            _("the agency gave a first answer within 7 days. Opening the link does not count."),
            _young_referrals(answered),
            tuple(_within(days, rate) for days, rate in report.answered.items() if days != 7 and _enough(rate)),
        ),
        Measure(
            _("Loop was closed in 30 days"),
            closed,
            _(
                "everyone knows how it ended: helped, not helped, or the person did not want it. "
                "No answer never counts as closed."
            ),
            _young_referrals(closed),
            tuple(_within(days, rate) for days, rate in report.closed.items() if days != 30 and _enough(rate)),
        ),
        Measure(
            _("Person was served"),
            report.served,
            _("the agency said all or part of the help was given. No answer counts as not served."),
            more=_first_try(report.served_first_try),
        ),
        Measure(
            _("Need was met in 30 days"),
            met.rate,
            _("the person, or a care manager who checked, said it is solved. It counts from the day it was found."),
            _young_needs(met.rate),
            _parts(met),
        ),
        Measure(
            _("Both sides say the same"),
            report.agreement,
            _("the agency said served, and the person, when asked, said that help came."),
        ),
    ]


def domains(report: Report) -> list[StackedRow]:
    """What became of the referrals of each kind of need that can show at least one count."""
    return [StackedRow(need_words.domain(row.domain), _counts(row)) for row in report.by_domain if any(_counts(row))]


def too_few(report: Report) -> list[str]:
    """The kinds of need whose counts are all hidden."""
    return [need_words.domain(row.domain) for row in report.by_domain if not any(_counts(row))]


def table(report: Report) -> tuple[list[str], list[list[Cell]]]:
    """The figures as a file has them: small counts are hidden, the moment they were taken stands in each row."""
    header = ["measure", "days", "numerator", "n", "share", "low", "high", "too_new", "as_of"]
    rates: list[tuple[str, int | None, Rate]] = [
        *(("answered", days, rate) for days, rate in report.answered.items()),
        *(("closed", days, rate) for days, rate in report.closed.items()),
        ("served", None, report.served),
        ("served_first_try", None, report.served_first_try),
        *(("need_met", days, met.rate) for days, met in report.need_met.items()),
        ("agreement", None, report.agreement),
    ]
    as_of = report.period.as_of.isoformat(timespec="seconds")
    rows = [_line(name, days, rate, as_of) for name, days, rate in rates]
    for row in report.by_domain:
        counts = {"served": row.served, "under_way": row.under_way, "not_served": row.not_served}
        rows += [
            [f"{row.domain}:{part}", None, _count(n), None, None, None, None, None, as_of] for part, n in counts.items()
        ]
    return header, rows


def days_to_answer(report: Report) -> str:
    """The middle of the days to the first answer."""
    days = report.days_to_answer
    return "" if days is None else formatting.number(round(days, 1))


def _counts(row: DomainRow) -> tuple[int | None, int | None, int | None]:
    return row.served, row.under_way, row.not_served


def _line(name: str, days: int | None, rate: Rate, as_of: str) -> list[Cell]:
    if rate.n == 0:
        return [name, days, 0, 0, None, None, None, rate.young, as_of]
    if figures.hides_rate(rate):
        n = SMALL if figures.is_small(rate.n) else rate.n
        return [
            name,
            days,
            SMALL if figures.is_small(rate.numerator) else None,
            n,
            None,
            None,
            None,
            _few(rate.young),
            as_of,
        ]
    low, high = rate.interval or (None, None)
    assert rate.share is not None
    return [name, days, rate.numerator, rate.n, _four(rate.share), _four(low), _four(high), _few(rate.young), as_of]


def _four(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _few(count: int) -> Cell:
    return SMALL if figures.is_small(count) else count


def _count(count: int | None) -> Cell:
    return SMALL if count is None else count


def _percent(interval: tuple[float, float] | None, end: int) -> float:
    return round(interval[end] * 100, 1) if interval else 0.0


def _enough(rate: Rate) -> bool:
    return rate.n > 0 and not figures.is_small(rate.n)


def _within(days: int, rate: Rate) -> str:
    return _(
        "In %(days)s days: %(share)s (%(n)s of %(of)s).",
        days=days,
        share=formatting.percent(rate.share or 0),
        n=formatting.number(rate.numerator),
        of=formatting.number(rate.n),
    )


def _first_try(rate: Rate) -> tuple[str, ...]:
    if not _enough(rate):
        return ()
    return (
        _(
            "With the first agency asked: %(share)s (%(n)s of %(of)s).",
            share=formatting.percent(rate.share or 0),
            n=formatting.number(rate.numerator),
            of=formatting.number(rate.n),
        ),
    )


def _parts(met: NeedsMet) -> tuple[str, ...]:
    if not _enough(met.rate):
        return ()
    words: Mapping[str, object] = {
        "met": formatting.number(met.rate.numerator),
        "unmet": formatting.number(met.unmet),
        "unknown": formatting.number(met.unknown),
    }
    return (_("%(met)s met, %(unmet)s not met, %(unknown)s not known.", **words),)


def _young_referrals(rate: Rate) -> str:
    if not rate.young:
        return ""
    return ngettext("%(num)s referral is too new to count.", "%(num)s referrals are too new to count.", rate.young)


def _young_needs(rate: Rate) -> str:
    if not rate.young:
        return ""
    return ngettext("%(num)s need is too new to count.", "%(num)s needs are too new to count.", rate.young)

"""The numbers of the reports, each with what it was counted from: a read side over what was recorded up to a moment.

The same moment always gives the same figures. What each rate counts is said in `counting`, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from referrals import areas, cells, cohort, counting, wanted
from referrals.counting import Counted, Measure
from referrals.figures import Rate
from referrals.periods import By, Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from referrals.cells import Parts, Shown
    from referrals.cohort import Attempts
    from referrals.grouping import Groups
    from referrals.wanted import Wanted

__all__ = ["Breakdown", "Figure", "Only", "Period", "Report", "breakdown", "report"]


@dataclass(frozen=True, slots=True)
class Only:
    """A report of one group: one kind of need, one language, one care team."""

    by: By
    key: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One rate. `rate` is None where it would tell about fewer than eleven; `n` may stand there even then."""

    rate: Rate | None
    n: int | None
    young: int
    side: str = ""
    """Of a hidden rate with a shown n: which side is fewer than eleven, "few" said yes or "most" did."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to count yet."""
        return self.n == 0


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period, all or of one group."""

    period: Period
    sent: int
    figures: Mapping[Measure, Figure]
    need_parts: Mapping[Measure, Parts | None]
    """Met, not met, not known: they add up to the n of the rate."""
    became: Shown[str]
    """Helped, under way, not helped, for each kind of need."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One rate for each group that may be shown: hits and the rest. `whole` is all groups together."""

    measure: Measure
    by: By
    cells: Shown[str]
    whole: Figure


def report(session: Session, period: Period, only: Only | None = None) -> Report:
    """All figures of a period, for the org of the session's actor."""
    by = () if only is None else (only.by,)
    attempts = cohort.read(session, period, (By.DOMAIN, *by))
    needs = wanted.read(session, period, by)
    figures = {
        measure: _figure(count(attempts), attempts.groups, only) for measure, count in counting.OF_REFERRALS.items()
    }
    figures |= {measure: _figure(count(needs), needs.groups, only) for measure, count in counting.OF_NEEDS.items()}
    if only is None:
        figures[Measure.FIRST_TRY] = _of_tries(attempts)
    mine = attempts if only is None else attempts.only(attempts.groups.is_in(only.key))
    return Report(
        period=period,
        sent=len(mine),
        figures=figures,
        need_parts={
            Measure.MET_30: _need_parts(needs, 30, only),
            Measure.MET_90: _need_parts(needs, 90, only),
        },
        became=_became(mine, only),
    )


def breakdown(session: Session, period: Period, measure: Measure, by: By) -> Breakdown:
    """One rate of a period by one thing. Small ZIP codes go together before anything is hidden."""
    if measure in counting.OF_NEEDS:
        needs = wanted.read(session, period, (by,))
        return _breakdown(measure, by, counting.OF_NEEDS[measure](needs), needs.groups)
    attempts = cohort.read(session, period, (by,))
    return _breakdown(measure, by, counting.OF_REFERRALS[measure](attempts), attempts.groups)


def whole(counted: Counted) -> Figure:
    """The rate over everything, where it may be shown."""
    return of_rate(counted.rate)


def of_rate(rate: Rate) -> Figure:
    """A rate, where it may be shown; else on which side of it there are too few."""
    shown = cells.is_safe((rate.numerator, rate.n - rate.numerator))
    n = rate.n if cells.is_safe((rate.n,)) else None
    few, most = (not cells.is_safe((part,)) for part in (rate.numerator, rate.n - rate.numerator))
    return Figure(rate if shown else None, n, rate.young, "" if n is None or few == most else "few" if few else "most")


def _breakdown(measure: Measure, by: By, counted: Counted, groups: Groups) -> Breakdown:
    parts: Mapping[str, Parts] = {key[-1]: both for key, both in counted.parts(groups).items() if sum(both)}
    return Breakdown(measure, by, cells.protect(areas.merged(parts) if by is By.ZIP else parts), whole(counted))


def _figure(counted: Counted, groups: Groups, only: Only | None) -> Figure:
    """A group's figure is a row of the breakdown by its kind, and is shown only where that breakdown shows it."""
    if only is None:
        return whole(counted)
    groups = groups.along(-1)
    parts = {key[0]: both for key, both in counted.parts(groups).items()}
    young = counted.too_young(groups).get((only.key,), 0)
    mine = parts.get(only.key, (0, 0))
    if not sum(mine):
        return Figure(Rate(0, 0, young), 0, young)
    row = cells.protect(parts).rows.get(only.key)
    return Figure(Rate(row[0], sum(row), young), sum(row), young) if row is not None else Figure(None, None, young)


def _of_tries(attempts: Attempts) -> Figure:
    """First tries beside later ones: the later ones must not be reckoned back from all and the first."""
    first, every = counting.first_try(attempts), counting.served(attempts)
    later = Counted(every.hits & ~first.all, ~first.all)
    parts = {name: (one.rate.numerator, one.rate.n - one.rate.numerator) for name, one in _named(first, later)}
    shown = cells.protect(parts).rows
    return whole(first) if "first" in shown or not later.rate.n else Figure(None, None, 0)


def _named(first: Counted, later: Counted) -> tuple[tuple[str, Counted], ...]:
    return ("first", first), ("later", later)


def _need_parts(needs: Wanted, days: int, only: Only | None) -> Parts | None:
    met, unknown = counting.need_met(needs, days), counting.unknown(needs, days)
    flags = (met.hits, met.all & ~met.hits & ~unknown.hits, unknown.hits)
    if only is None:
        total = tuple(int(flag.sum()) for flag in flags)
        return total if cells.is_safe(total) else None
    parts = {key[0]: some for key, some in counting.parts_by(needs.groups.along(-1), flags).items()}
    return cells.protect(parts).rows.get(only.key)


def _became(mine: Attempts, only: Only | None) -> Shown[str]:
    flags = counting.became(mine)
    parts = {key[0]: some for key, some in counting.parts_by(mine.groups.along(0), flags).items()}
    shown = cells.protect(parts)
    if only is not None and (shown.others or shown.total is None):
        # a part of a part: what is left out of it would tell about those outside
        return cells.Shown({}, tuple(parts), None, None)
    return shown

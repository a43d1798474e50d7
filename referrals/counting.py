"""What each rate counts, of which referrals or needs. Pure: the rows come in as columns.

Maturity: a rate within N days counts only what is at least N days old; the rest is told as `young`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

import numpy as np

from referrals.figures import Rate
from referrals.lifecycle import HELPED
from referrals.outcomes import Said
from resources_db.vocab import NeedStatus, Reason, ReferralState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from referrals.cohort import Attempts
    from referrals.grouping import Groups, Key
    from referrals.periods import Flags, Times
    from referrals.wanted import Wanted

S = ReferralState
KNOWN_OUTCOME = frozenset({S.SERVED, S.PARTLY_SERVED, S.DECLINED, S.NOT_SERVED})
CLIENTS_OWN_REASONS = frozenset({Reason.CLIENT_DECLINED, Reason.NEED_MET_ELSEWHERE, Reason.CLIENT_MOVED, Reason.DIED})
"""Withdrawals that tell what became of the person; other withdrawals and silence never count as closed."""
NO_ROOM = frozenset({Reason.NO_CAPACITY, Reason.WAITLIST_ONLY, Reason.FUNDING_EXHAUSTED})
SECONDS_A_DAY = 86_400
_EXACT = 0.001
"""Seconds by which moments read from a database may be off."""


@unique
class Measure(StrEnum):
    """The rates of referrals and of needs."""

    ANSWERED_7 = "answered_7"
    ANSWERED_14 = "answered_14"
    ANSWERED_30 = "answered_30"
    CLOSED_30 = "closed_30"
    CLOSED_60 = "closed_60"
    CLOSED_90 = "closed_90"
    SERVED = "served"
    FIRST_TRY = "first_try"
    AGREEMENT = "agreement"
    NO_ROOM = "no_room"
    MET_30 = "met_30"
    MET_90 = "met_90"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Counted:
    """Which rows a rate counts, which of them are hits, and which rows are too young for it."""

    hits: Flags
    all: Flags
    young: Flags | None = None

    @property
    def rate(self) -> Rate:
        """Over everything."""
        young = 0 if self.young is None else int(self.young.sum())
        return Rate(int(self.hits.sum()), int(self.all.sum()), young)

    def parts(self, groups: Groups) -> dict[Key, tuple[int, int]]:
        """Hits and the rest of each group."""
        hits, missed = groups.count(self.hits), groups.count(self.all & ~self.hits)
        return {key: (hit, miss) for key, hit, miss in zip(groups.keys, hits, missed, strict=True)}

    def too_young(self, groups: Groups) -> dict[Key, int]:
        """How many of each group are too young to count."""
        counts = [0] * len(groups.keys) if self.young is None else groups.count(self.young)
        return dict(zip(groups.keys, counts, strict=True))


def answered(attempts: Attempts, days: int) -> Counted:
    """The agency said something (opening it is nothing yet) within so many days of sending."""
    return _within(attempts.sent, attempts.answered, days, attempts.as_of)


def closed(attempts: Attempts, days: int) -> Counted:
    """The outcome is known within so many days. No response stays in the denominator and never in the numerator."""
    ended = np.where(outcome_known(attempts), attempts.closed, np.nan)
    return _within(attempts.sent, ended, days, attempts.as_of)


def outcome_known(attempts: Attempts) -> Flags:
    """Whether the loop is closed: everyone knows whether the person got help, or did not want it any more."""
    by_client = attempts.is_in({S.WITHDRAWN}) & attempts.because(CLIENTS_OWN_REASONS)
    return attempts.is_in(KNOWN_OUTCOME) | by_client


def served(attempts: Attempts) -> Counted:
    """The agency says help was given, in whole or in part, of all that were sent."""
    return Counted(attempts.is_in(HELPED), np.ones(len(attempts), dtype=np.bool_))


def first_try(attempts: Attempts) -> Counted:
    """The same of those that were not made because an earlier one failed."""
    return Counted(attempts.is_in(HELPED) & attempts.first_try, attempts.first_try)


def agreement(attempts: Attempts) -> Counted:
    """The patient says helped, of those the agency says it served and the patient answered about."""
    both = attempts.is_in(HELPED) & ~attempts.said(Said.NOTHING)
    return Counted(both & attempts.said(Said.HELPED), both)


def no_room(attempts: Attempts) -> Counted:
    """The agency said no, or put the person on a waitlist, because it has no room or no money, of all it was sent."""
    told = attempts.is_in({S.DECLINED, S.WAITLISTED}) & attempts.because(NO_ROOM)
    return Counted(told, np.ones(len(attempts), dtype=np.bool_))


def need_met(needs: Wanted, days: int) -> Counted:
    """The need was solved, as the patient or the care team said, within so many days of being found."""
    return _within(needs.found, needs.met, days, needs.as_of)


def unknown(needs: Wanted, days: int) -> Counted:
    """Old enough, not met in time, and nobody could tell."""
    met = need_met(needs, days)
    return Counted(met.all & ~met.hits & needs.is_in({NeedStatus.UNKNOWN}), met.all, met.young)


def unmet(needs: Wanted, days: int = 30) -> Counted:
    """Found so many days ago or more and still open, or ended without help."""
    old = needs.as_of - needs.found >= days * SECONDS_A_DAY - _EXACT
    return Counted(old & ~needs.is_in({NeedStatus.MET}), old, ~old)


OF_REFERRALS: Mapping[Measure, Callable[[Attempts], Counted]] = {
    Measure.ANSWERED_7: lambda rows: answered(rows, 7),
    Measure.ANSWERED_14: lambda rows: answered(rows, 14),
    Measure.ANSWERED_30: lambda rows: answered(rows, 30),
    Measure.CLOSED_30: lambda rows: closed(rows, 30),
    Measure.CLOSED_60: lambda rows: closed(rows, 60),
    Measure.CLOSED_90: lambda rows: closed(rows, 90),
    Measure.SERVED: served,
    Measure.FIRST_TRY: first_try,
    Measure.AGREEMENT: agreement,
    Measure.NO_ROOM: no_room,
}
OF_NEEDS: Mapping[Measure, Callable[[Wanted], Counted]] = {
    Measure.MET_30: lambda rows: need_met(rows, 30),
    Measure.MET_90: lambda rows: need_met(rows, 90),
    Measure.UNMET: unmet,
}


def parts_by(groups: Groups, flags: Sequence[Flags]) -> dict[Key, tuple[int, ...]]:
    """How many of each group carry each flag."""
    counts = [groups.count(flag) for flag in flags]
    return dict(zip(groups.keys, zip(*counts, strict=True), strict=True))


def became(attempts: Attempts) -> tuple[Flags, Flags, Flags]:
    """Helped, under way, not helped: what became of each referral."""
    helped = attempts.is_in(HELPED)
    ended = outcome_known(attempts) | attempts.is_in({S.WITHDRAWN, S.NO_RESPONSE})
    return helped, ~helped & ~ended, ended & ~helped


def _within(start: Times, end: Times, days: int, as_of: float) -> Counted:
    span = days * SECONDS_A_DAY
    old = as_of - start >= span - _EXACT
    return Counted(old & (end - start <= span + _EXACT), old, ~old)

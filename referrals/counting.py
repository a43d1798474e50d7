"""Counts attempts and needs into rates. Pure: what is counted comes in as plain rows.

Maturity: a rate within N days counts only what is at least N days old; the rest is told as `young`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from referrals import figures
from referrals.figures import Rate
from referrals.lifecycle import HELPED
from referrals.outcomes import Said
from resources_db.vocab import Reason, ReferralState

if TYPE_CHECKING:
    from collections.abc import Sequence

S = ReferralState
KNOWN_OUTCOME = frozenset({S.SERVED, S.PARTLY_SERVED, S.DECLINED, S.NOT_SERVED})
CLIENTS_OWN_REASONS = frozenset({Reason.CLIENT_DECLINED, Reason.NEED_MET_ELSEWHERE, Reason.CLIENT_MOVED, Reason.DIED})
"""Withdrawals that tell what became of the person; other withdrawals and silence never count as closed."""
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Attempt:
    """One referral as the figures see it."""

    sent_at: datetime
    state: ReferralState
    domain: str = ""
    first_try: bool = True
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    by_client: bool = False
    word: Said | None = None

    @property
    def outcome_known(self) -> bool:
        """Whether the loop is closed: everyone knows whether the person got help."""
        return self.state in KNOWN_OUTCOME or (self.state is S.WITHDRAWN and self.by_client)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One need with wanted help."""

    identified_at: datetime
    met_at: datetime | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class NeedsMet:
    """Met, not met and not known of the needs old enough to count; the three add up to `rate.n`."""

    rate: Rate
    unmet: int
    unknown: int


@dataclass(frozen=True, slots=True)
class DomainRow:
    """What became of the referrals of one domain. None is hidden because it is small."""

    domain: str
    served: int | None
    under_way: int | None
    not_served: int | None


def answered(attempts: Sequence[Attempt], days: int, as_of: datetime) -> Rate:
    """The agency said something (opening it is nothing yet) within so many days of sending."""
    old, young = _mature(attempts, days, as_of)
    return Rate(sum(_within(one.sent_at, one.answered_at, days) for one in old), len(old), young)


def closed(attempts: Sequence[Attempt], days: int, as_of: datetime) -> Rate:
    """The outcome is known within so many days. No response stays in the denominator and never in the numerator."""
    old, young = _mature(attempts, days, as_of)
    known = sum(one.outcome_known and _within(one.sent_at, one.closed_at, days) for one in old)
    return Rate(known, len(old), young)


def served(attempts: Sequence[Attempt], *, first_try: bool = False) -> Rate:
    """The agency says help was given, in whole or in part, of all that were sent (or of first tries)."""
    counted = [one for one in attempts if one.first_try or not first_try]
    return Rate(sum(one.state in HELPED for one in counted), len(counted))


def agreement(attempts: Sequence[Attempt]) -> Rate:
    """The patient says helped, of those the agency says it served and the patient answered about."""
    both = [one for one in attempts if one.state in HELPED and one.word is not None and one.word is not Said.NOTHING]
    return Rate(sum(one.word is Said.HELPED for one in both), len(both))


def need_met(wanted: Sequence[Wanted], days: int, as_of: datetime) -> NeedsMet:
    """The need was solved, as the patient or the care team said, within so many days of being found."""
    old = [one for one in wanted if as_of - one.identified_at >= timedelta(days=days)]
    met = [one for one in old if _within(one.identified_at, one.met_at, days)]
    unknown = sum(one.unknown and one not in met for one in old)
    return NeedsMet(Rate(len(met), len(old), len(wanted) - len(old)), len(old) - len(met) - unknown, unknown)


def median_days_to_answer(attempts: Sequence[Attempt]) -> float | None:
    """Days from sending to the first answer, in the middle of those that were answered."""
    spans = [(one.answered_at - one.sent_at).total_seconds() for one in attempts if one.answered_at is not None]
    middle = figures.median(spans)
    return None if middle is None else middle / SECONDS_A_DAY


def by_domain(attempts: Sequence[Attempt]) -> tuple[DomainRow, ...]:
    """Served, under way and not served for each domain; small numbers hidden, so that nobody can be recognised."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"served": 0, "under_way": 0, "not_served": 0})
    for one in attempts:
        counts[one.domain][_part(one)] += 1
    return tuple(_row(domain, row) for domain, row in sorted(counts.items(), key=lambda item: -sum(item[1].values())))


def _row(domain: str, row: dict[str, int]) -> DomainRow:
    secret = figures.hidden(row)
    shown = {name: None if name in secret else count for name, count in row.items()}
    return DomainRow(domain, shown["served"], shown["under_way"], shown["not_served"])


def _part(one: Attempt) -> str:
    if one.state in HELPED:
        return "served"
    ended = one.outcome_known or one.state in {S.WITHDRAWN, S.NO_RESPONSE}
    return "not_served" if ended else "under_way"


def _mature(attempts: Sequence[Attempt], days: int, as_of: datetime) -> tuple[list[Attempt], int]:
    old = [one for one in attempts if as_of - one.sent_at >= timedelta(days=days)]
    return old, len(attempts) - len(old)


def _within(start: datetime, end: datetime | None, days: int) -> bool:
    return end is not None and end - start <= timedelta(days=days)

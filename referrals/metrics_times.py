"""How long things take: answer, first contact, close; how many tries and days until a need is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from referrals import cohort, counting, survival, wanted
from referrals.cohort import EVENT
from referrals.survival import Spread
from resources_db.repositories.columns import numbers, raw, rows
from resources_db.seconds import seconds
from resources_db.vocab import EventKind, ReferralState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from referrals.cohort import Attempts
    from referrals.periods import Period, Times

S = ReferralState
REACHED = (S.SCHEDULED, S.NEEDS_CLIENT, S.RECEIVING, S.SERVED, S.PARTLY_SERVED)
"""States an agency can only be in when it has spoken with the person."""
TRIED = (*REACHED, S.CONTACTING, S.MISSED)
"""States that tell of a try at least."""


@dataclass(frozen=True, slots=True)
class Middle:
    """Mean and median of a number, over so many. None of nothing."""

    mean: float | None
    median: float | None
    n: int


@dataclass(frozen=True, slots=True)
class TimesTaken:
    """Seconds by what happened: answer, any_contact, contact, close."""

    spreads: Mapping[str, Spread]
    tries: Middle
    """Referrals sent for a need that was met."""
    days: Middle
    """Days from finding a need until it was met."""


def times(session: Session, period: Period) -> TimesTaken:
    """How long things took for what was sent, and found, in the period."""
    attempts = cohort.read(session, period)
    tried, reached = _contacts(session, attempts.ids, period)
    known = np.where(counting.outcome_known(attempts), attempts.closed, np.nan)
    needs = wanted.read(session, period, tries=True)
    met = ~np.isnan(needs.met)
    return TimesTaken(
        spreads={
            "answer": _spread(attempts, attempts.answered),
            "any_contact": _spread(attempts, tried),
            "contact": _spread(attempts, reached),
            "close": _spread(attempts, known),
        },
        tries=_middle(needs.tries[met].astype(np.float64)),
        days=_middle((needs.met[met] - needs.found[met]) / counting.SECONDS_A_DAY),
    )


def _spread(attempts: Attempts, ends: Times) -> Spread:
    """Open ones are watched until now; silent ones too, because a late answer still counts. Others until they ended."""
    silent = attempts.is_in({S.NO_RESPONSE})
    left = np.where(np.isnan(attempts.closed) | silent, attempts.as_of, attempts.closed)
    happened = ~np.isnan(ends)
    return survival.spread(np.where(happened, ends, left) - attempts.sent, happened)


def _middle(values: Times) -> Middle:
    if not len(values):
        return Middle(None, None, 0)
    return Middle(float(values.mean()), float(np.median(values)), len(values))


def _contacts(session: Session, ids: Sequence[object], period: Period) -> tuple[Times, Times]:
    """When somebody first tried to reach each person, and first did."""
    # one plain pass over the events: grouping them in the database takes four times as long
    moves = select(raw(EVENT.referral_id), EVENT.to_state.in_(REACHED), seconds(EVENT.occurred_at)).where(
        EVENT.kind == EventKind.MOVE,
        EVENT.to_state.in_(TRIED),
        EVENT.recorded_at >= period.since,
        EVENT.recorded_at <= period.as_of,
    )
    tried: dict[object, float] = {}
    reached: dict[object, float] = {}
    for one, is_reached, at in rows(session, moves):
        assert isinstance(at, float)
        tried[one] = min(at, tried.get(one, at))
        if is_reached:
            reached[one] = min(at, reached.get(one, at))
    return numbers([tried.get(one) for one in ids]), numbers([reached.get(one) for one in ids])

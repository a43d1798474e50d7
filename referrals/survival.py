"""How long something takes when part of it has not happened yet: Kaplan and Meier's estimate. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from referrals import figures

if TYPE_CHECKING:
    from referrals.periods import Flags, Times


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds until it happened: in half, and in nine of ten. None where so many have not got there yet."""

    median: float | None
    p90: float | None
    happened: int
    n: int

    @property
    def is_hidden(self) -> bool:
        """Whether it speaks of too few to be shown."""
        return figures.is_small(self.n) or figures.is_small(self.happened)


def spread(seconds: Times, happened: Flags) -> Spread:
    """Of spans that ended with the thing (`happened`) or were only watched so long without it."""
    return Spread(_until(seconds, happened, 0.5), _until(seconds, happened, 0.9), int(happened.sum()), len(seconds))


def _until(seconds: Times, happened: Flags, share: float) -> float | None:
    """The first span by which at least that share has got there. Ties: what happens comes before what leaves."""
    order = np.lexsort((~happened, seconds))
    at_risk = len(seconds) - np.arange(len(seconds))
    left = np.cumprod(np.where(happened[order], 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero(left <= 1.0 - share + 1e-12)
    return float(seconds[order][reached[0]]) if len(reached) else None

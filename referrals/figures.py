"""Arithmetic of the reports: Wilson interval, maturity, small cells. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Z = 1.959964
SMALL = 11
"""Counts of 1 to 10 are not shown in a breakdown: somebody could be recognised."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it was counted from. `young` were left out because they are too new to count."""

    numerator: int
    n: int
    young: int = 0

    @property
    def share(self) -> float | None:
        """The share, or None where nothing was counted (shown as a dash)."""
        return self.numerator / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval, or None where nothing was counted."""
        return wilson(self.numerator, self.n)


def wilson(numerator: int, n: int) -> tuple[float, float] | None:
    """Where the true share lies with 95 % confidence."""
    if n == 0:
        return None
    p, z2 = numerator / n, Z * Z
    middle = p + z2 / (2 * n)
    reach = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    bottom = 1 + z2 / n
    return max(0.0, (middle - reach) / bottom), min(1.0, (middle + reach) / bottom)


def is_small(count: int) -> bool:
    """Whether a count must be hidden in a breakdown."""
    return 0 < count < SMALL


def hides_rate(rate: Rate) -> bool:
    """Whether a rate of a breakdown must be hidden: a small count on either side of it."""
    return is_small(rate.n) or is_small(rate.numerator) or is_small(rate.n - rate.numerator)


def hidden(row: Mapping[str, int]) -> frozenset[str]:
    """Cells of a row with a shown total that must be hidden; one hidden cell alone could be reckoned back."""
    small = {name for name, count in row.items() if is_small(count)}
    if len(small) == 1:
        others = [(count, name) for name, count in row.items() if name not in small and count > 0]
        small.update(name for _, name in sorted(others)[:1])
    return frozenset(small)


def median(values: Sequence[float]) -> float | None:
    """The middle value, or None of nothing."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value under which that share lies (nearest rank)."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]

"""Which counts of a table may be shown so that nobody can be recognised, and none can be reckoned back. Pure.

A row is shown whole, or it goes with others into "all others". What is shown are then disjoint groups of people whose
every part is none or at least eleven: sums and differences of them are never about fewer. ADR 11 says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from referrals.figures import is_small

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

K = TypeVar("K")
Parts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shown(Generic[K]):
    """`rows` may be printed. `others` are the hidden ones' names and `together` their parts; `total` all of them.

    `together` and `total` are None where they too would tell about fewer than eleven.
    """

    rows: Mapping[K, Parts]
    others: tuple[K, ...]
    together: Parts | None
    total: Parts | None


def is_safe(parts: Iterable[int]) -> bool:
    """Whether each part is none at all, or enough that nobody stands out."""
    return not any(is_small(part) for part in parts)


def protect(rows: Mapping[K, Sequence[int]]) -> Shown[K]:
    """Hide the rows that are too small, and as many of the next smallest as it takes to hide them for good.

    The parts of a row are counts of different people that add up to the row.
    """
    filled = {key: tuple(parts) for key, parts in rows.items() if sum(parts)}
    hidden = [key for key, parts in filled.items() if not is_safe(parts)]
    shown = sorted((key for key in filled if key not in set(hidden)), key=lambda key: sum(filled[key]))
    while hidden and shown and not _hides(hidden, filled):
        hidden.append(shown.pop(0))
    together = _sum(filled[key] for key in hidden) if hidden else None
    total = _sum(filled.values())
    return Shown(
        rows={key: parts for key, parts in filled.items() if key not in set(hidden)},
        others=tuple(key for key in filled if key in set(hidden)),
        together=together if together is not None and _hides(hidden, filled) else None,
        total=total if is_safe(total) else None,
    )


def _hides(hidden: Sequence[K], filled: Mapping[K, Parts]) -> bool:
    return len(hidden) > 1 and is_safe(_sum(filled[key] for key in hidden))


def _sum(some: Iterable[Parts]) -> Parts:
    return tuple(map(sum, zip(*some, strict=True)))

"""Rows in the order of their numbers, the first of many without sorting all. Which numbers, ranking says."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.snapshot import Snapshot

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


def order(
    snapshot: Snapshot, rows: Rows, score: Floats, first: Floats | None = None, *, most: int | None = None
) -> Rows:
    """Smallest `first` first, then best; equals by name, then by key, so that two pages never overlap."""
    arrays = snapshot.columns.arrays
    ranks = [rank for rank in (first, -np.round(score, 6)) if rank is not None]
    kept = np.arange(len(rows))
    if most is not None:
        kept = _first(kept, [*(rank.__getitem__ for rank in ranks), lambda at: _initials(arrays.name[rows[at]])], most)
    few = rows[kept]
    keys = [arrays.key[few], arrays.name[few], *(rank[kept] for rank in reversed(ranks))]
    return np.asarray(few[np.lexsort(keys)][:most])


def _first(places: Rows, ranks: Sequence[Callable[[Rows], NDArray[np.generic]]], most: int) -> Rows:
    """The `most` places of the lowest rank, by the next rank where they are equal; more where all are equal."""
    if len(places) <= most or not ranks:
        return places
    rank = ranks[0](places)
    edge = np.partition(rank, most - 1)[most - 1]
    sure = places[rank < edge]
    return np.concatenate([sure, _first(places[rank == edge], ranks[1:], most - len(sure))])


def _initials(names: NDArray[np.bytes_]) -> NDArray[np.generic]:
    """The first letters of names as numbers that sort like them."""
    return np.ascontiguousarray(names.astype("S8")).view(">u8")

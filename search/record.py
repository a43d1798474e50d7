"""The record of a listing: how many of the people sent there for the asked needs are known to have been helped.

A listing without a record stands where the average of its peers stands: being new is no fault.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.columns import NEED_NUMBER
from search.snapshot import Snapshot

# As good a guess as any before anything is known, worth ten outcomes: five of five must not beat ninety of a hundred.
_GUESS, _GUESS_COUNTS = 0.6, 10.0


@dataclass(frozen=True, slots=True)
class Record:
    """Counts by row, over the asked needs; `usual` is the share among all listings asked about."""

    helped: NDArray[np.int64]
    known: NDArray[np.int64]
    usual: float

    def shares(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Helped of known, drawn towards the usual share the less is known."""
        helped, known = self.helped[rows], self.known[rows]
        return np.asarray((helped + self.usual * _GUESS_COUNTS) / (known + _GUESS_COUNTS))


def of(snapshot: Snapshot, needs: Iterable[str]) -> Record:
    arrays = snapshot.columns.arrays
    asked = np.isin(arrays.standing_need, [NEED_NUMBER[need] for need in needs])
    counted = asked & arrays.alive[arrays.standing_row]
    rows = arrays.standing_row[counted]
    helped, known = arrays.standing_helped[counted], arrays.standing_known[counted]
    usual = (helped.sum() + _GUESS * _GUESS_COUNTS) / (known.sum() + _GUESS_COUNTS)
    return Record(_sum(snapshot, rows, helped), _sum(snapshot, rows, known), float(usual))


def none(snapshot: Snapshot) -> Record:
    """For operators who do not want records to count."""
    return of(snapshot, ())


def _sum(snapshot: Snapshot, rows: NDArray[np.int32], counts: NDArray[np.int32]) -> NDArray[np.int64]:
    total = np.zeros(snapshot.columns.rows, np.int64)
    np.add.at(total, rows, counts)
    return total

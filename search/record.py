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

Counts = NDArray[np.int32]


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
    numbers = tuple(sorted(NEED_NUMBER[need] for need in needs))
    usual = _usual(snapshot.whole, numbers)
    if not numbers or not len(snapshot.whole.columns.arrays.standing_row):  # nobody has outcomes for nothing
        nothing = np.zeros(snapshot.columns.rows, np.int64)
        return Record(nothing, nothing, usual)
    rows, helped, known = _outcomes(snapshot, numbers)
    return Record(_sum(snapshot, rows, helped), _sum(snapshot, rows, known), usual)


def none(snapshot: Snapshot) -> Record:
    """For operators who do not want records to count."""
    return of(snapshot, ())


def _usual(whole: Snapshot, needs: tuple[int, ...]) -> float:
    """Over all listings, worked out once for each set of needs."""
    share = whole.usual_shares.get(needs)
    if share is None:
        _, helped, known = _outcomes(whole, needs)
        share = float((helped.sum() + _GUESS * _GUESS_COUNTS) / (known.sum() + _GUESS_COUNTS))
        whole.usual_shares[needs] = share
    return share


def _outcomes(snapshot: Snapshot, needs: tuple[int, ...]) -> tuple[Counts, Counts, Counts]:
    """Rows with outcomes for these needs: how many were helped, of how many we know."""
    arrays = snapshot.columns.arrays
    counted = np.isin(arrays.standing_need, needs) & arrays.alive[arrays.standing_row]
    return arrays.standing_row[counted], arrays.standing_helped[counted], arrays.standing_known[counted]


def _sum(snapshot: Snapshot, rows: Counts, counts: Counts) -> NDArray[np.int64]:
    total = np.zeros(snapshot.columns.rows, np.int64)
    np.add.at(total, rows, counts)
    return total

"""Does an index say what SQL says? Counts, words of sampled listings, golden questions. Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from resources_db.repositories import shown
from search import answering
from search.columns import NEED_IDS
from search.criteria import SearchCriteria
from search.errors import IndexUnavailableError
from search.index import terms_of
from search.rows import IndexRow, from_listing, is_shown, minute
from search.snapshot import Snapshot

SAMPLE = 40
MOST_DRIFT = 0.001
_CLOSE = 1e-3  # weights are kept in 32 bits


@dataclass(frozen=True, slots=True)
class Drift:
    """How far an index is from SQL: listings it holds, listings SQL shows, sampled listings that differ."""

    indexed: int
    in_sql: int
    sampled: int = 0
    differing: int = 0

    @property
    def share(self) -> float:
        return abs(self.indexed - self.in_sql) / max(self.in_sql, 1)

    @property
    def is_nonsense(self) -> bool:
        """So much differs that the files themselves must be damaged: worse than old."""
        return self.differing * 2 > self.sampled

    @property
    def too_far(self) -> bool:
        return self.share > MOST_DRIFT or self.differing > 0


def whole(snapshot: Snapshot, rows: Sequence[IndexRow], now: datetime) -> None:
    """A new index holds exactly these rows. Raises IndexUnavailableError with what differs."""
    if snapshot.columns.living != len(rows):
        raise IndexUnavailableError("counts_differ")
    step = max(len(rows) // SAMPLE, 1)
    if any(differs(snapshot, rows[place], {place}) for place in range(0, len(rows), step)):
        raise IndexUnavailableError("words_differ")
    for need, expected in _by_need(rows).items():
        if answering.answer(snapshot, SearchCriteria(needs=(need,), limit=1), now).strict_total != expected:
            raise IndexUnavailableError("golden_questions_differ")


def drift(snapshot: Snapshot, session: Session, now: datetime) -> Drift:
    """Counts, and a sample of listings read fresh. Only meaningful when no change is waiting."""
    in_sql = shown.count(session)
    sample = [
        from_listing(listing, now) for listing in shown.some(session, SAMPLE, seed=minute(now)) if is_shown(listing)
    ]
    at = slots(snapshot, sample)
    differing = sum(differs(snapshot, row, at[row.key]) for row in sample)
    return Drift(snapshot.columns.living, in_sql, len(sample), differing)


def differs(snapshot: Snapshot, row: IndexRow, slots: set[int]) -> bool:
    """A listing at these slots is not in the index as SQL tells it: its needs, or a word of its text."""
    if not slots:
        return True
    needs = np.zeros(len(NEED_IDS), np.bool_)
    needs[[NEED_IDS.index(need) for need in row.needs]] = True
    held = snapshot.columns.arrays.needs
    if not any(np.array_equal(held[slot], needs) for slot in slots):
        return True
    return any(not _holds(snapshot, term, weight, slots) for term, weight in terms_of(row).items())


def _holds(snapshot: Snapshot, term: str, weight: float, slots: set[int]) -> bool:
    postings = snapshot.text.postings(term)
    for slot in slots:
        place = int(np.searchsorted(postings.slots, slot))
        if place < len(postings.slots) and postings.slots[place] == slot:
            return abs(float(postings.weights[place]) - weight) <= _CLOSE * max(weight, 1.0)
    return False


def slots(snapshot: Snapshot, rows: Sequence[IndexRow]) -> Mapping[str, set[int]]:
    """Where each listing lives."""
    arrays = snapshot.columns.arrays
    keys = np.array([row.key.encode() for row in rows], arrays.key.dtype)
    found: dict[str, set[int]] = defaultdict(set)
    for slot in np.flatnonzero(np.isin(arrays.key, keys) & arrays.alive):
        found[arrays.key[slot].decode()].add(int(slot))
    return found


def _by_need(rows: Sequence[IndexRow]) -> Mapping[str, int]:
    return Counter(need for row in rows for need in _each(row))


def _each(row: IndexRow) -> Iterator[str]:
    yield from {*row.needs, *row.also_serves}


@dataclass(frozen=True, slots=True)
class Difference:
    """Keys of listings: in SQL only, in the index only, in both but not alike."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.extra) + len(self.differing)


def compare(snapshot: Snapshot, rows: Sequence[IndexRow], *, leave_out: Collection[str] = ()) -> Difference:
    """Every listing against the index; those of services in `leave_out` have a change waiting."""
    rows = [row for row in rows if row.service_id not in leave_out]
    at = slots(snapshot, rows)
    arrays = snapshot.columns.arrays
    pending = np.isin(arrays.service, np.array([service.encode() for service in leave_out], arrays.service.dtype))
    held = {key.decode() for key in arrays.key[arrays.alive & ~pending]}
    return Difference(
        missing=tuple(row.key for row in rows if not at[row.key]),
        extra=tuple(sorted(held - {row.key for row in rows})),
        differing=tuple(row.key for row in rows if at[row.key] and differs(snapshot, row, at[row.key])),
    )

"""One state of the index, never changed: columns, texts, areas and grid that belong together; swapped as a whole.

Most work is done on a Part of it: the few listings that could answer, with the same facts about them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenState
from search import hints, tallies
from search.areas import Areas
from search.columns import NEVER, OPEN_STATES, Arrays, Columns
from search.geo import Grid, Point
from search.geocode import Place
from search.hints import Hints
from search.index import Postings
from search.tallies import Marks
from search.words import stems

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

_FEW = 64
_MANY = 10_000
_OPEN_OR_CLOSED = tuple(OPEN_STATES.index(state) for state in (OpenState.OPEN, OpenState.CLOSED))


class Words(Protocol):
    """The reading side of an index of words."""

    def beginning_with(self, prefix: str, most: int = 20) -> list[str]: ...

    def postings(self, term: str) -> Postings: ...


@dataclass(frozen=True, slots=True)
class Hours:
    """At one minute: who is open, when they close (0 for the others), when each listing opens next (NEVER: unknown)."""

    minute: int
    open_now: Mask
    closes: NDArray[np.int64]
    opens: NDArray[np.int64]


class Snapshot:
    def __init__(self, columns: Columns, text: Words, generation: str = "", applied_seq: int = 0) -> None:
        self.columns = columns
        self.text = text
        self.generation = generation
        self.applied_seq = applied_seq
        self.known_hours: Hours | None = None
        self._room: tuple[int, NDArray[np.int8]] | None = None
        self._covered: tuple[Place, Rows] | None = None
        self.known_serving: dict[tuple[str, int], Rows] = {}
        self.usual_shares: dict[tuple[int, ...], float] = {}  # kept by record.py

    @property
    def whole(self) -> "Snapshot":
        return self

    @cached_property
    def areas(self) -> Areas:
        return Areas(self.columns.tables.areas)

    @cached_property
    def grid(self) -> Grid:
        return Grid(self.columns.arrays.latitude, self.columns.arrays.longitude)

    @cached_property
    def marks(self) -> Marks:
        """What the filters count."""
        return tallies.lay_out(self.columns)

    def marks_of(self, rows: Rows) -> Marks:
        return self.marks.take(rows, axis=0)

    @cached_property
    def middle(self) -> Point | None:
        return _middle(self.columns.arrays)

    @cached_property
    def living(self) -> int:
        return self.columns.living

    @cached_property
    def usual_length(self) -> float:
        """Words of a listing, on average."""
        held = self.columns.arrays
        return float(held.words[held.alive].mean()) if self.living else 1.0

    @cached_property
    def area_states(self) -> Mask:
        """Listings that say whom they serve."""
        stated = np.zeros(self.columns.rows, np.bool_)
        stated[self.columns.arrays.area_row] = True
        return stated

    @cached_property
    def _rows_by_area(self) -> tuple[Rows, NDArray[np.int64]]:
        """Rows of each area one after the other, and where those of each begin."""
        arrays = self.columns.arrays
        order = np.argsort(arrays.area_id, kind="stable")
        starts = np.searchsorted(arrays.area_id[order], np.arange(len(self.columns.tables.areas) + 1))
        return arrays.area_row[order].astype(np.intp), starts

    def knows(self, word: str) -> bool:
        """The word occurs in a listing."""
        return any(self.holds(term) for term in stems(word, "en"))

    def holds(self, term: str) -> bool:
        """A living listing has this term; the words also know those of listings that were taken out."""
        alive, slots = self.columns.arrays.alive, self.text.postings(term).slots
        parts = (slots[:_FEW], slots[_FEW:])  # the first few nearly always tell
        return any(alive[part[part < len(alive)]].any() for part in parts)

    def names_beginning(self, letters: str) -> list[tuple[str, int]]:
        """Folded words of names that begin so, and in how many names each stands."""
        words, counts = np.unique(self.hints(letters).word, return_counts=True)
        return [(hints.read(word), int(count)) for word, count in zip(words, counts, strict=True)]

    def hints(self, word: str, *, whole: bool = False) -> Hints:
        """Entries of the words of names that begin so, or of this very word."""
        arrays = self.columns.arrays
        return hints.found(arrays.hints, arrays.late_hints, word, whole=whole)

    def part(self, rows: Rows) -> "Snapshot":
        """The same facts about these rows only, which must rise."""
        from search.part import Part

        return Part(self, rows)

    def serving(self, need: int, *, also: bool) -> Rows:
        """Rows that serve a need, mainly or also; worked out when first asked for."""
        name = "also" if also else "needs"
        found = self.known_serving.get((name, need))
        if found is None:
            held: Mask = getattr(self.columns.arrays, name)
            found = self.known_serving[name, need] = np.flatnonzero(held[:, need])
        return found

    def covered_by(self, place: Place) -> Rows:
        """Rows with a service area that covers the place; the last place is remembered: a question asks twice."""
        held = self._covered
        if held is None or held[0] != place:
            held = self._covered = place, self._covered_by(place)
        return held[1]

    def _covered_by(self, place: Place) -> Rows:
        rows, starts = self._rows_by_area
        covering = np.flatnonzero(self.areas.covering(place))
        parts = [rows[starts[area] : starts[area + 1]] for area in covering]
        return np.concatenate(parts) if parts else rows[:0]

    def covers(self, place: Place) -> Mask:
        """Listings with a service area that covers the place."""
        return mask_of([self.covered_by(place)], self.columns.rows)

    @cached_property
    def anywhere(self) -> Mask:
        """Help by phone or net that is bound to no area."""
        return np.asarray(self.columns.arrays.remote & ~self.area_states)

    def hours(self, minute: int) -> Hours:
        """Worked out once a minute."""
        held = self.known_hours
        if held is None or held.minute != minute:
            held = self.known_hours = self._hours_at(minute)
        return held

    def open_at(self, minute: int) -> Mask:
        """Listings that are surely open at this minute."""
        return self.hours(minute).open_now

    def next_opening(self, minute: int) -> NDArray[np.int64]:
        """The minute each listing opens next, NEVER when we do not know one."""
        return self.hours(minute).opens

    def closings(self, minute: int) -> NDArray[np.int64]:
        """The minute each listing that is open now closes, 0 for the others."""
        return self.hours(minute).closes

    def open_between(self, start: NDArray[np.int64] | np.int64, end: NDArray[np.int64] | np.int64) -> Mask:
        """Listings with an open minute in [start, end); the ends may differ by row."""
        arrays = self.columns.arrays
        first = start[arrays.span_row] if isinstance(start, np.ndarray) else start
        last = end[arrays.span_row] if isinstance(end, np.ndarray) else end
        rows = arrays.span_row[(arrays.span_open < last) & (arrays.span_close > first)]
        found = np.zeros(self.columns.rows, np.bool_)
        found[rows] = True
        return found

    def tells_hours(self) -> Mask:
        """Listings whose hours are good enough to say open or closed."""
        state = self.columns.arrays.open_state
        return np.asarray((state == _OPEN_OR_CLOSED[0]) | (state == _OPEN_OR_CLOSED[1]))

    def room(self, minute: int) -> NDArray[np.int8]:
        """What was said about room and still counts; -1 for nothing. Worked out once a minute."""
        held = self._room
        if held is None or held[0] != minute:
            arrays = self.columns.arrays
            counts = np.where(arrays.capacity_until > minute, arrays.capacity, np.int8(-1))
            held = self._room = minute, counts.astype(np.int8, copy=False)
        return held[1]

    def _hours_at(self, minute: int) -> Hours:
        return self.hours_from(0, minute)

    def hours_from(self, first: int, minute: int) -> Hours:
        """Of the rows from `first` on only."""
        arrays, count = self.columns.arrays, self.columns.rows - first
        start = np.searchsorted(arrays.span_row, first)  # spans stand in the order of their rows
        spans, span_open, span_close = (
            arrays.span_row[start:] - first,
            arrays.span_open[start:],
            arrays.span_close[start:],
        )
        now = np.flatnonzero((span_open <= minute) & (span_close > minute))
        open_now = np.zeros(count, np.bool_)
        open_now[spans[now]] = True
        closes = np.zeros(count, np.int64)
        closes[spans[now]] = span_close[now]
        opens = np.full(count, NEVER, np.int64)
        later = np.flatnonzero(span_open > minute)
        rows = spans[later]
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))
        if len(firsts):
            opens[rows[firsts]] = np.minimum.reduceat(span_open[later], firsts)
        return Hours(minute, open_now, closes, opens)


def mask_of(rows: Sequence[NDArray[np.signedinteger]], count: int) -> Mask:
    """True for all of these rows."""
    mask = np.zeros(count, np.bool_)
    for some in rows:
        mask[some] = True
    return mask


def _middle(arrays: Arrays) -> Point | None:
    """Where the listings are: the median of their points; of some spread over all when there are many."""
    placed = np.flatnonzero(arrays.alive & ~np.isnan(arrays.latitude))
    if not len(placed):
        return None
    some = placed[:: len(placed) // _MANY + 1]
    return Point(float(np.median(arrays.latitude[some])), float(np.median(arrays.longitude[some])))

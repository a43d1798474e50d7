"""One state of the index, never changed: columns, texts, areas and grid that belong together; swapped as a whole."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenState
from search.areas import Areas
from search.columns import NEVER, OPEN_STATES, Arrays, Columns
from search.geo import Grid, Point
from search.index import Postings
from search.words import stems

Mask = NDArray[np.bool_]

_OPEN_OR_CLOSED = tuple(OPEN_STATES.index(state) for state in (OpenState.OPEN, OpenState.CLOSED))


class Words(Protocol):
    """The reading side of an index of words."""

    def has(self, term: str) -> bool: ...

    def beginning_with(self, prefix: str, most: int = 20) -> list[str]: ...

    def postings(self, term: str) -> Postings: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    columns: Columns
    text: Words
    generation: str = ""
    applied_seq: int = 0
    areas: Areas = field(init=False)
    grid: Grid = field(init=False)
    area_states: Mask = field(init=False)
    middle: Point | None = field(init=False)

    def __post_init__(self) -> None:
        arrays = self.columns.arrays
        object.__setattr__(self, "areas", Areas(self.columns.tables.areas))
        object.__setattr__(self, "grid", Grid(arrays.latitude, arrays.longitude))
        stated = np.zeros(self.columns.rows, np.bool_)
        stated[arrays.area_row] = True
        object.__setattr__(self, "area_states", stated)
        object.__setattr__(self, "middle", _middle(arrays))

    def knows(self, word: str) -> bool:
        """The word occurs in a listing."""
        return any(self.text.has(term) for term in stems(word, "en"))

    def open_at(self, minute: int) -> Mask:
        """Listings that are surely open at this minute."""
        return self.open_between(np.int64(minute), np.int64(minute + 1))

    def open_between(self, start: NDArray[np.int64] | np.int64, end: NDArray[np.int64] | np.int64) -> Mask:
        """Listings with an open minute in [start, end); the ends may differ by row."""
        arrays = self.columns.arrays
        first = start[arrays.span_row] if isinstance(start, np.ndarray) else start
        last = end[arrays.span_row] if isinstance(end, np.ndarray) else end
        rows = arrays.span_row[(arrays.span_open < last) & (arrays.span_close > first)]
        found = np.zeros(self.columns.rows, np.bool_)
        found[rows] = True
        return found

    def next_opening(self, minute: int) -> NDArray[np.int64]:
        """The minute each listing opens next, NEVER when we do not know one."""
        arrays = self.columns.arrays
        later = arrays.span_open > minute
        opens = np.full(self.columns.rows, NEVER, np.int64)
        np.minimum.at(opens, arrays.span_row[later], arrays.span_open[later].astype(np.int64))
        return opens

    def closings(self, minute: int) -> NDArray[np.int64]:
        """The minute each listing that is open now closes, 0 for the others."""
        arrays = self.columns.arrays
        now = (arrays.span_open <= minute) & (arrays.span_close > minute)
        closes = np.zeros(self.columns.rows, np.int64)
        closes[arrays.span_row[now]] = arrays.span_close[now]
        return closes

    def closing(self, row: int, minute: int) -> int | None:
        """The minute an open listing closes."""
        arrays = self.columns.arrays
        first, last = np.searchsorted(arrays.span_row, [row, row + 1])
        for place in range(int(first), int(last)):
            if arrays.span_open[place] <= minute < arrays.span_close[place]:
                return int(arrays.span_close[place])
        return None

    def opening(self, row: int, minute: int) -> int:
        """The minute one listing opens next, NEVER when we do not know."""
        arrays = self.columns.arrays
        first, last = np.searchsorted(arrays.span_row, [row, row + 1])
        opens = arrays.span_open[first:last]
        return int(min((opening for opening in opens if opening > minute), default=NEVER))

    def tells_hours(self) -> Mask:
        """Listings whose hours are good enough to say open or closed."""
        return np.isin(self.columns.arrays.open_state, _OPEN_OR_CLOSED)

    def room(self, minute: int) -> NDArray[np.int8]:
        """What was said about room and still counts; -1 for nothing."""
        arrays = self.columns.arrays
        return np.where(arrays.capacity_until > minute, arrays.capacity, np.int8(-1)).astype(np.int8)


def _middle(arrays: Arrays) -> Point | None:
    """Where the listings are: the median of their points."""
    placed = arrays.alive & ~np.isnan(arrays.latitude)
    if not placed.any():
        return None
    return Point(float(np.median(arrays.latitude[placed])), float(np.median(arrays.longitude[placed])))

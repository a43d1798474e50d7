"""A few rows of a snapshot that look like a snapshot: columns are taken out when first asked for, and only these rows.

Filters, scores, facets and reasons work on it unchanged, in the time of the few instead of the time of all.
"""

from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search.columns import Arrays, Columns
from search.geocode import Place
from search.snapshot import Hours, Mask, Rows, Snapshot
from search.tallies import Marks

_LISTS = ("span", "area", "standing")


class Part(Snapshot):
    """Its rows are numbered from 0; `rows` says which they are in the whole."""

    def __init__(self, whole: Snapshot, rows: Rows) -> None:
        few = cast("Arrays", _Few(whole.columns.arrays, rows))
        super().__init__(Columns(few, whole.columns.tables), whole.text, whole.generation, whole.applied_seq)
        self._whole = whole
        self._taken: _FewHours | None = None
        self.rows = rows

    @property
    def whole(self) -> Snapshot:
        return self._whole

    @cached_property
    def area_states(self) -> Mask:
        return self._whole.area_states[self.rows]

    def marks_of(self, rows: Rows) -> Marks:
        return self._whole.marks.take(self.rows[rows], axis=0)

    def covers(self, place: Place) -> Mask:
        return self._whole.covers(place)[self.rows]

    def hours(self, minute: int) -> Hours:
        """Of few, each is taken when it is asked for."""
        if self._taken is None or self._taken.minute != minute:
            self._taken = _FewHours(self._whole.hours(minute), self.rows)
        return cast("Hours", self._taken)

    def room(self, minute: int) -> NDArray[np.int8]:
        return self._whole.room(minute)[self.rows]


class _Few:
    """The arrays of some rows. Wide columns are not copied: little of them is read."""

    def __init__(self, arrays: Arrays, rows: Rows) -> None:
        self._arrays = arrays
        self._rows = rows

    def __getattr__(self, name: str) -> object:
        taken: object
        prefix = name.partition("_")[0]
        if prefix in _LISTS:
            self.__dict__ |= self._lists(prefix)
            return self.__dict__[name]
        column = getattr(self._arrays, name)
        is_wide = column.dtype.kind == "S" or column.ndim > 1
        taken = _Behind(column, self._rows) if is_wide else column[self._rows]
        self.__dict__[name] = taken
        return taken

    def _lists(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The entries of these rows in the lists that begin so."""
        of_rows = getattr(self._arrays, f"{prefix}_row")
        starts = np.searchsorted(of_rows, self._rows)
        counts = np.searchsorted(of_rows, self._rows, side="right") - starts
        before = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(starts - before, counts)
        names = [name for name in Arrays.__dataclass_fields__ if name.startswith(f"{prefix}_")]
        taken = {name: getattr(self._arrays, name)[places] for name in names}
        taken[f"{prefix}_row"] = np.repeat(np.arange(len(self._rows), dtype=np.int32), counts)
        return taken


class _FewHours:
    """The hours of some rows."""

    def __init__(self, held: Hours, rows: Rows) -> None:
        self.minute = held.minute
        self._held = held
        self._rows = rows

    @cached_property
    def open_now(self) -> Mask:
        return self._held.open_now[self._rows]

    @cached_property
    def closes(self) -> NDArray[np.int64]:
        return self._held.closes[self._rows]

    @cached_property
    def opens(self) -> NDArray[np.int64]:
        return self._held.opens[self._rows]


class _Behind:
    """A wide column behind row numbers."""

    def __init__(self, column: NDArray[np.generic], rows: Rows) -> None:
        self._column = column
        self._rows = rows

    def __getitem__(self, places: "Rows | tuple[Rows | slice, int | list[int]]") -> NDArray[np.generic]:
        if not isinstance(places, tuple):
            return self._column[self._rows[places]]
        rows = self._rows[places[0]]
        across = places[1]
        return self._column[rows[:, None], across] if isinstance(across, list) else self._column[rows, across]

    def __len__(self) -> int:
        return len(self._rows)

"""What a state of an index takes over from the state before it, so that a change costs the time of the change.

Within a generation rows only come behind the others: what was worked out of the columns before holds for them still.
What listings that went take with them (who is alive, averages) is not taken over.
"""

import numpy as np

from search import tallies
from search.geo import Grid
from search.snapshot import Hours, Snapshot


def take_over(before: Snapshot, after: Snapshot) -> None:
    """Does nothing when the one is not the other with more rows behind: everything is worked out when asked for."""
    first, known = before.columns.rows, vars(before)
    if before.columns.origin is None or before.columns.origin != after.columns.origin or first > after.columns.rows:
        return
    if "areas" in known and before.columns.tables.areas == after.columns.tables.areas:
        after.areas = before.areas
    if "grid" in known:
        held = after.columns.arrays
        after.grid = before.grid.joined(Grid(held.latitude[first:], held.longitude[first:], first))
    marks = tallies.lay_out(after.columns, first)
    if "marks" in known and before.marks.shape[1] == marks.shape[1]:
        after.marks = np.concatenate([before.marks, marks])
    if before.known_hours is not None:
        after.known_hours = _longer(before.known_hours, after.hours_from(first, before.known_hours.minute))
    for (name, need), rows in list(before.known_serving.items()):
        more = np.flatnonzero(getattr(after.columns.arrays, name)[first:, need])
        after.known_serving[name, need] = np.concatenate([rows, more + first])


def _longer(some: Hours, more: Hours) -> Hours:
    return Hours(
        some.minute,
        np.concatenate([some.open_now, more.open_now]),
        np.concatenate([some.closes, more.closes]),
        np.concatenate([some.opens, more.opens]),
    )

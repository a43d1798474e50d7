"""What each listing says to the filters of one question, worked out once and used by filters, order and reasons."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CapacityState
from search import record, selection
from search.columns import CAPACITY_STATES
from search.question import Question
from search.record import Record
from search.rows import minute
from search.snapshot import Mask, Snapshot

_WITH_ROOM = (CapacityState.OPEN, CapacityState.LIMITED)
_FULL = (CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS)


@dataclass(frozen=True, slots=True)
class Fits:
    """Masks over all rows; `room` holds what was said and still counts, -1 for nothing."""

    speaks: Mask
    open_then: Mask
    open_now: Mask
    has_room: Mask
    full: Mask
    no_papers: Mask
    by_phone: Mask
    takes: Mask
    meant_for: Mask
    step_free: Mask
    costs: Mask
    checked: Mask
    room: NDArray[np.int8]
    standing: Record


def of(snapshot: Snapshot, asked: Question, now: datetime, *, standing: bool = True) -> Fits:
    """`standing` False leaves records of helping out of account."""
    room = snapshot.room(minute(now))
    open_now = snapshot.open_at(minute(now))
    nobody = np.zeros(snapshot.columns.rows, np.bool_)  # what is not asked for is not looked up
    return Fits(
        speaks=selection.speaks(snapshot, asked.language) if asked.language else nobody,
        open_then=_open_then(snapshot, asked, now) if asks_for_hours(asked) else open_now,
        open_now=open_now,
        has_room=_one_of(_WITH_ROOM)[room],
        full=_one_of(_FULL)[room],
        no_papers=selection.no_papers(snapshot),
        by_phone=snapshot.columns.arrays.remote,
        takes=selection.takes(snapshot, asked.who) if asked.who else nobody,
        meant_for=selection.meant_for(snapshot, asked.who) if asked.who else nobody,
        step_free=snapshot.columns.arrays.step_free if asked.wheelchair else nobody,
        costs=selection.costs(snapshot, asked.cost) if asked.cost else nobody,
        checked=selection.checked(snapshot, asked.checked, now) if asked.checked else nobody,
        room=room,
        standing=record.of(snapshot, asked.needs) if standing else record.none(snapshot),
    )


def asks_for_hours(asked: Question) -> bool:
    return asked.open_when is not None or asked.open_at is not None


def _open_then(snapshot: Snapshot, asked: Question, now: datetime) -> Mask:
    if asked.open_at is not None:
        return selection.is_open_at(snapshot, asked.open_at)
    assert asked.open_when is not None
    return selection.is_open(snapshot, asked.open_when, now)


@cache
def _one_of(states: tuple[CapacityState, ...]) -> Mask:
    """By number of the state; the last one stands for -1, nothing said."""
    return np.array([*(state in states for state in CAPACITY_STATES), False])

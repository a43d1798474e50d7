"""How listings are ordered: one table of weights, each with its reason. Deterministic; ties go by name.

score = need x blend x penalties. Need is how well the listing serves what is asked; blend weighs the rest from 0 to 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CapacityState
from search.columns import CAPACITY_STATES, NEED_NUMBER
from search.selection import Near, exact_place, says_language, speaks
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch

Floats = NDArray[np.float64]

EXACT, ALSO, NEAR = 1.0, 0.6, 0.3
_EACH_LESS_NEAR = 0.05  # needs close by are listed best first
_LEAST = 0.1
_EACH_FURTHER_NEED = 0.15  # one door for two needs is worth a walk
_NAMED = 2.0  # added: who types a name wants that place first, whatever else speaks against it

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "distance": 0.30,  # a place that cannot be reached helps nobody
        "room": 0.20,  # being turned away costs a trip and trust
        "open": 0.15,  # help today beats help on Tuesday
        "area": 0.10,  # a listing that says it serves this ZIP will not send the person away
        "language": 0.10,  # understood at the door
        "text": 0.10,  # the very words of the question
        "fresh": 0.05,  # old facts waste calls, but old does not mean wrong
    }
)
FULL_PENALTY = 0.45  # below every comparable place with room, still above what does not fit
OUTSIDE_PENALTY = 0.5  # near, but serves another area
ALERT_PENALTY = 0.8  # something is unusual there just now
BESIDE_FILTERS_PENALTY = 0.5  # shown only because too few passed all filters

_ROOM = {
    CapacityState.OPEN: 1.0,
    CapacityState.LIMITED: 0.85,
    CapacityState.WAITLIST: 0.35,
    CapacityState.FULL: 0.0,
    CapacityState.PAUSED: 0.0,
    CapacityState.OUT_OF_FUNDS: 0.0,
}
_ROOM_UNKNOWN = 0.6
_FULL = tuple(
    CAPACITY_STATES.index(state) for state in (CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS)
)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that bears on order: needs with confidence, where, when, which language, which words."""

    needs: Mapping[str, float]
    near_needs: tuple[str, ...]
    near: Near | None
    radius_m: float
    minute: int
    language: str
    text: TextMatch


def scores(snapshot: Snapshot, asked: Asked, strict: Mask) -> Floats:
    """A score for every row; rows outside the answer are simply not looked at."""
    parts = {
        "distance": _distance(snapshot, asked),
        "room": _room(snapshot, asked.minute),
        "open": _open(snapshot, asked.minute),
        "area": _area(snapshot, asked.near),
        "language": _language(snapshot, asked.language),
        "text": _text(asked.text),
        "fresh": _fresh(snapshot, asked.minute),
    }
    blend = np.zeros(snapshot.columns.rows)
    for name, weight in WEIGHTS.items():
        blend += weight * parts[name]
    total = need_match(snapshot, asked) * blend
    total *= np.where(is_full(snapshot, asked.minute), FULL_PENALTY, 1.0)
    total *= np.where(snapshot.columns.arrays.alert, ALERT_PENALTY, 1.0)
    if asked.near is not None:
        total *= np.where(asked.near.outside & ~asked.near.covers, OUTSIDE_PENALTY, 1.0)
    total *= np.where(strict, 1.0, BESIDE_FILTERS_PENALTY)
    return np.asarray(total + np.where(asked.text.named, _NAMED, 0.0))


def order(snapshot: Snapshot, rows: NDArray[np.intp], score: Floats) -> NDArray[np.intp]:
    """Best first; equal scores by name, then by key, so that two pages never overlap."""
    arrays = snapshot.columns.arrays
    rounded = -np.round(score[rows], 6)
    return np.asarray(rows[np.lexsort((arrays.key[rows], arrays.name[rows], rounded))])


def need_match(snapshot: Snapshot, asked: Asked) -> Floats:
    """1 for the very need, less for also-serves and for needs close by; a further need adds a little."""
    arrays = snapshot.columns.arrays
    surest = max(asked.needs.values(), default=1.0)
    best = np.zeros(snapshot.columns.rows)
    served = np.zeros(snapshot.columns.rows)
    for need, confidence in asked.needs.items():
        number = NEED_NUMBER[need]
        grade = np.where(arrays.needs[:, number], EXACT, np.where(arrays.also[:, number], ALSO, 0.0))
        best = np.maximum(best, grade * confidence / surest)
        served += grade > 0
    fits = best + _EACH_FURTHER_NEED * np.maximum(served - 1, 0)
    return np.asarray(np.maximum(fits, _nearly(snapshot, asked)) if asked.needs else np.ones(snapshot.columns.rows))


def _nearly(snapshot: Snapshot, asked: Asked) -> Floats:
    """How well a listing serves a need close by."""
    arrays = snapshot.columns.arrays
    best = np.full(snapshot.columns.rows, _LEAST)
    for place, need in enumerate(asked.near_needs):
        grade = max(NEAR - place * _EACH_LESS_NEAR, _LEAST)
        best = np.maximum(best, np.where(arrays.needs[:, NEED_NUMBER[need]], grade, _LEAST))
    return best


def is_full(snapshot: Snapshot, minute: int) -> Mask:
    return np.isin(snapshot.room(minute), _FULL)


def _distance(snapshot: Snapshot, asked: Asked) -> Floats:
    """Halves with every half radius. A ZIP's middle counts as a bit farther than an address at the same distance."""
    if asked.near is None:
        return np.full(snapshot.columns.rows, 0.5)
    half = max(asked.radius_m / 2, 1.0)
    metres = asked.near.metres + np.where(exact_place(snapshot), 0.0, 0.1 * half)
    decayed = np.power(0.5, metres / half)
    unplaced = np.where(asked.near.covers | asked.near.anywhere, 0.5, 0.2)
    return np.asarray(np.where(np.isnan(metres), unplaced, decayed))


def _room(snapshot: Snapshot, minute: int) -> Floats:
    values = np.array([*(_ROOM[state] for state in CAPACITY_STATES), _ROOM_UNKNOWN])
    return np.asarray(values[snapshot.room(minute)])  # -1, nothing said, is the last one


def _open(snapshot: Snapshot, minute: int) -> Floats:
    wait = snapshot.next_opening(minute) - minute
    later = np.select([wait <= _DAY // 2, wait <= 2 * _DAY, wait <= 7 * _DAY], [0.7, 0.5, 0.4], 0.2)
    known = np.where(snapshot.open_at(minute), 1.0, later)
    return np.asarray(np.where(snapshot.tells_hours(), known, 0.4))


def _area(snapshot: Snapshot, near: Near | None) -> Floats:
    if near is None:
        return np.full(snapshot.columns.rows, 0.5)
    return np.asarray(np.where(near.covers, 1.0, np.where(near.outside, 0.0, 0.5)))


def _language(snapshot: Snapshot, language: str) -> Floats:
    if not language:
        return np.full(snapshot.columns.rows, 0.5)
    unsaid = np.where(says_language(snapshot), 0.0, 0.4)
    return np.asarray(np.where(speaks(snapshot, language), 1.0, unsaid))


def _text(text: TextMatch) -> Floats:
    best = float(text.scores.max(initial=0.0))
    return np.asarray(text.scores / best, np.float64) if best > 0 else np.zeros(len(text.scores))


def _fresh(snapshot: Snapshot, minute: int) -> Floats:
    confirmed = snapshot.columns.arrays.confirmed
    days = (minute - confirmed) / _DAY
    graded = np.select([days <= 180, days <= 365], [1.0, 0.6], 0.3)
    return np.asarray(np.where(confirmed < 0, 0.2, graded))

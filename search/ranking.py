"""How listings are ordered: one table of weights, each with its reason. Deterministic; ties go by name.

score = need x blend x penalties. Need is how well the listing serves what is asked; blend weighs the rest from 0 to 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CapacityState
from search import ordering
from search.answer import Order, Part
from search.audience import Group
from search.columns import CAPACITY_STATES, EXACT_TIER, NEED_NUMBER, NEVER
from search.criteria import MILE, Travel
from search.fits import Fits
from search.selection import Near, says_language, speaks
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

EXACT, ALSO, NEAR = 1.0, 0.6, 0.3
SOME_WORDS = 0.5
_ABOUT_M = 160.0  # a tenth of a mile, the finest distance told
_DOUBT = 2  # a door around the corner for what was perhaps meant stays behind one for what was surely meant
_AS_SURE = 0.1  # needs read nearly as surely as the surest get a door each on top
_EACH_LESS_NEAR = 0.05  # needs close by are listed best first
_LEAST = 0.1
_EACH_FURTHER_NEED = 0.15  # one door for two needs is worth a walk
_NAMED = 2.0  # added: who types a name wants that place first, whatever else speaks against it

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "distance": 0.27,  # a place that cannot be reached helps nobody
        "room": 0.18,  # being turned away costs a trip and trust
        "open": 0.13,  # help today beats help on Tuesday
        "language": 0.10,  # understood at the door
        "standing": 0.10,  # people sent there before were helped
        "area": 0.09,  # a listing that says it serves this ZIP will not send the person away
        "text": 0.08,  # the very words of the question
        "fresh": 0.05,  # old facts waste calls, but old does not mean wrong
    }
)
FULL_PENALTY = 0.45  # below every comparable place with room, still above what does not fit
OUTSIDE_PENALTY = 0.5  # near, but serves another area
ALERT_PENALTY = 0.8  # something is unusual there just now
DOUBTED_PENALTY = 0.85  # somebody found it wrong, and nobody has confirmed it since: one step lower, never hidden
GUESSED_PENALTY = 0.6  # the importer read the need from its words; who says so plainly comes first
UNSAID_PENALTY = 0.7  # asked "for men": who says so comes before who only does not say otherwise
BESIDE_FILTERS_PENALTY = 0.5  # shown only because too few passed all filters

HALF_AT_M: Mapping[Travel, float] = MappingProxyType(
    {
        Travel.WALK: 0.5 * MILE,  # ten minutes on foot; with bags or children a mile is far
        Travel.BUS: 3 * MILE,  # about one ride; farther means changing, with a fare and an hour each way
        Travel.CAR: 5 * MILE,  # ten minutes' drive; at least half the radius asked for
    }
)
"""How far away a place counts half, by the way the person travels. Without a word about it: half the radius."""

_ROOM = {
    CapacityState.OPEN: 1.0,
    CapacityState.LIMITED: 0.85,
    CapacityState.WAITLIST: 0.35,
}
_ROOM_UNKNOWN = 0.6
_ROOMS = np.array([*(_ROOM.get(state, 0.0) for state in CAPACITY_STATES), _ROOM_UNKNOWN])
_DAY = 24 * 60
_SOON = (7 * _DAY, 2 * _DAY, _DAY // 2)  # each of these limits kept makes a later opening worth more
_OPEN = np.array([0.2, 0.4, 0.5, 0.7, 1.0, 0.4])  # by how many are kept; open now; nobody knows
_OPEN_NOW, _NOBODY_KNOWS = 4, 5
_RECENT = (365 * _DAY, 180 * _DAY)
_FRESH = np.array([0.3, 0.6, 1.0, 0.2])  # by how many are kept; never confirmed
_NEVER_CONFIRMED = 3
_FAR = 1_000_000.0  # minutes: farther than hours are laid out


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
    best_text: float  # the best score of those that answer: what does not answer bears on no order
    strict: Mask
    travel: Travel | None = None
    who: Group | None = None

    @property
    def half_m(self) -> float:
        """The distance at which a place counts half."""
        half = self.radius_m / 2
        if self.travel is None:
            return max(half, 1.0)
        return max(HALF_AT_M[self.travel], half) if self.travel is Travel.CAR else HALF_AT_M[self.travel]


def scores(snapshot: Snapshot, asked: Asked, known: Fits, rows: Rows) -> Floats:
    """A score for each of these rows."""
    fit, parts = need_match(snapshot, asked, rows), _parts(snapshot, asked, known, rows)
    return _total(fit, parts, _penalties(snapshot, asked, known, rows), asked.text.named[rows])


def _total(
    fit: Floats, parts: Mapping[str, Floats], penalties: Mapping[str, tuple[Mask, float]], named: Mask
) -> Floats:
    total = fit * sum((weight * parts[name] for name, weight in WEIGHTS.items()), np.zeros(len(fit)))
    for held, factor in penalties.values():
        if held.any():
            total *= np.where(held, factor, 1.0)
    return np.asarray(total + np.where(named, _NAMED, 0.0) if named.any() else total)


def orders(snapshot: Snapshot, asked: Asked, known: Fits, rows: Rows) -> tuple[Order, ...]:
    """Why these rows stand where they stand, in numbers: what `scores` reckons, part by part."""
    parts = _parts(snapshot, asked, known, rows)
    penalties = _penalties(snapshot, asked, known, rows)
    fit = need_match(snapshot, asked, rows)
    total = _total(fit, parts, penalties, asked.text.named[rows])
    return tuple(
        Order(
            total=float(total[place]),
            need=float(fit[place]),
            parts=tuple(Part(name, weight, float(parts[name][place])) for name, weight in WEIGHTS.items()),
            penalties={name: factor for name, (held, factor) in penalties.items() if held[place]},
            named=_NAMED if asked.text.named[row] else 0.0,
        )
        for place, row in enumerate(rows)
    )


def weights() -> tuple[Part, ...]:
    """The table of weights for pages that explain the order, the heaviest first."""
    return tuple(Part(name, weight, 1.0) for name, weight in sorted(WEIGHTS.items(), key=lambda item: -item[1]))


def _parts(snapshot: Snapshot, asked: Asked, known: Fits, rows: Rows) -> dict[str, Floats]:
    return {
        "distance": _distance(snapshot, asked, rows),
        "room": _room(known, rows),
        "open": _open(snapshot, known, asked.minute, rows),
        "language": _language(snapshot, asked.language, rows),
        "standing": known.standing.shares(rows),
        "area": _area(asked.near, rows),
        "text": _text(asked, rows),
        "fresh": _fresh(snapshot, asked.minute, rows),
    }


def _penalties(snapshot: Snapshot, asked: Asked, known: Fits, rows: Rows) -> dict[str, tuple[Mask, float]]:
    outside = asked.near.outside[rows] if asked.near is not None else np.zeros(len(rows), np.bool_)
    return {
        "full": (known.full[rows], FULL_PENALTY),
        "alert": (snapshot.columns.arrays.alert[rows], ALERT_PENALTY),
        "doubted": (snapshot.columns.arrays.doubted[rows], DOUBTED_PENALTY),
        "outside": (outside, OUTSIDE_PENALTY),
        "guessed": (snapshot.columns.arrays.guessed[rows] & bool(asked.needs), GUESSED_PENALTY),
        "unsaid": (~known.meant_for[rows] & (asked.who is not None), UNSAID_PENALTY),
        "beside_filters": (~asked.strict[rows], BESIDE_FILTERS_PENALTY),
    }


def heads(snapshot: Snapshot, asked: Asked, known: Fits, rows: Rows, score: Floats) -> Floats | None:
    """Who asks for several things gets the best door for each, in the order they were said, before all others.

    People say the thing first, then why. What was asked for by name stays before all.
    """
    surest = max(asked.needs.values(), default=0.0)
    needs = [need for need, confidence in asked.needs.items() if confidence >= surest - _AS_SURE]
    if len(needs) < 2:
        return None
    places = np.full(len(rows), float(len(needs)))
    usable = (asked.strict & ~known.full)[rows]
    for place, need in reversed(list(enumerate(needs))):
        doors = np.flatnonzero(snapshot.columns.arrays.needs[rows, NEED_NUMBER[need]] & usable)
        best = ordering.order(snapshot, rows[doors], score[doors], most=1)
        for row in best:
            places[rows == row] = place
    places[asked.text.named[rows]] = -1.0
    return places


def nearness(snapshot: Snapshot, near: Near, rows: Rows) -> Floats:
    """Metres; of two as near the one whose address is known comes first, and what has no place last."""
    about = snapshot.columns.arrays.tier[rows] < EXACT_TIER
    return np.nan_to_num(near.metres[rows] + np.where(about, _ABOUT_M, 0.0), nan=np.inf)


def soonness(snapshot: Snapshot, known: Fits, minute: int, rows: Rows) -> Floats:
    """Open now, the longest left first; then by the next opening; then closed for long; then hours nobody knows."""
    closes, opens = snapshot.closings(minute)[rows], snapshot.next_opening(minute)[rows]
    later = np.where(opens < NEVER, opens - minute, _FAR)
    said = np.where(known.open_now[rows], minute - closes, later)
    return np.asarray(np.where(snapshot.tells_hours()[rows], said, 2 * _FAR), np.float64)


def need_match(snapshot: Snapshot, asked: Asked, rows: Rows) -> Floats:
    """1 for the very need, less for also-serves and for needs close by; a further need adds a little.

    Where no need was read the words are all we have: who holds all of them stands before who holds some.
    """
    if not asked.needs:
        return np.where(asked.text.some_words[rows] & ~asked.text.all_words[rows], SOME_WORDS, EXACT)
    arrays = snapshot.columns.arrays
    surest = max(asked.needs.values())
    best, served = np.zeros(len(rows)), np.zeros(len(rows))
    for need, confidence in asked.needs.items():
        number = NEED_NUMBER[need]
        grade = np.where(arrays.needs[rows, number], EXACT, np.where(arrays.also[rows, number], ALSO, 0.0))
        best = np.maximum(best, grade * (confidence / surest) ** _DOUBT)
        served += grade > 0
    fit = best + _EACH_FURTHER_NEED * np.maximum(served - 1, 0)
    low = np.flatnonzero(fit < NEAR)  # for the others a need close by changes nothing
    fit[low] = np.maximum(fit[low], _nearly(snapshot, asked, rows[low]))
    return np.asarray(fit)


def _nearly(snapshot: Snapshot, asked: Asked, rows: Rows) -> Floats:
    """How well a listing serves a need close by."""
    arrays = snapshot.columns.arrays
    best = np.full(len(rows), _LEAST)
    for place, need in enumerate(asked.near_needs):
        grade = max(NEAR - place * _EACH_LESS_NEAR, _LEAST)
        best = np.maximum(best, np.where(arrays.needs[rows, NEED_NUMBER[need]], grade, _LEAST))
    return best


def _distance(snapshot: Snapshot, asked: Asked, rows: Rows) -> Floats:
    """Halves with every `half_m`. A ZIP's middle counts as a bit farther than an address at the same distance."""
    if asked.near is None:
        return np.full(len(rows), 0.5)
    half = asked.half_m
    exact = snapshot.columns.arrays.tier[rows] >= EXACT_TIER
    metres = asked.near.metres[rows] + np.where(exact, 0.0, 0.1 * half)
    unplaced = np.where(asked.near.covers[rows] | asked.near.anywhere[rows], 0.5, 0.2)
    return np.asarray(np.where(np.isnan(metres), unplaced, np.power(0.5, metres / half)))


def _room(known: Fits, rows: Rows) -> Floats:
    return _ROOMS[known.room[rows]]  # -1, nothing said, is the last one


def _open(snapshot: Snapshot, known: Fits, minute: int, rows: Rows) -> Floats:
    grade = _kept(snapshot.next_opening(minute)[rows] - minute, _SOON)
    grade[known.open_now[rows]] = _OPEN_NOW
    grade[~snapshot.tells_hours()[rows]] = _NOBODY_KNOWS
    return _OPEN[grade]


def _area(near: Near | None, rows: Rows) -> Floats:
    if near is None:
        return np.full(len(rows), 0.5)
    return np.asarray(np.where(near.covers[rows], 1.0, np.where(near.outside[rows], 0.0, 0.5)))


def _language(snapshot: Snapshot, language: str, rows: Rows) -> Floats:
    if not language:
        return np.full(len(rows), 0.5)
    unsaid = np.where(says_language(snapshot)[rows], 0.0, 0.4)
    return np.asarray(np.where(speaks(snapshot, language)[rows], 1.0, unsaid))


def _text(asked: Asked, rows: Rows) -> Floats:
    if asked.best_text <= 0:
        return np.zeros(len(rows))
    return np.asarray(asked.text.scores[rows] / asked.best_text, np.float64)


def _fresh(snapshot: Snapshot, minute: int, rows: Rows) -> Floats:
    confirmed = snapshot.columns.arrays.confirmed[rows]
    grade = _kept(minute - confirmed, _RECENT)
    grade[confirmed < 0] = _NEVER_CONFIRMED
    return _FRESH[grade]


def _kept(minutes: NDArray[np.signedinteger], limits: Sequence[int]) -> NDArray[np.int8]:
    """How many of these limits each keeps."""
    kept = np.zeros(len(minutes), np.int8)
    for limit in limits:
        kept += minutes <= limit
    return kept

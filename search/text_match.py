"""Words against the index: who holds all of them, who holds some, who is called so; and how well (BM25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.analyzer import NAME_MARK
from search.index import Postings
from search.snapshot import Mask, Rows, Snapshot, mask_of
from search.words import stem, stems

_K1, _B = 1.2, 0.6
_SHORTEST_PREFIX = 3
_LOOK_UP = 16  # times fewer rows than postings: looking each row up is quicker than laying the postings out

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextMatch:
    """`all_words`, `some_words` and `named` are masks; scores are 0 where nothing matches."""

    all_words: Mask
    some_words: Mask
    named: Mask
    scores: Weights


class Wording:
    """The words of a question against a whole index; who holds them is worked out when it is asked for."""

    def __init__(self, snapshot: Snapshot, words: Sequence[str], language: str, *, names: bool) -> None:
        """`names`: the words may be those of a place. The last word may be only begun: people search as they type."""
        self._snapshot = snapshot
        self._names = names
        self._marks = _marks(snapshot, words)
        self._different = len(set(words))
        self._lists = [
            tuple(
                snapshot.text.postings(term)
                for term in _terms(snapshot, word, language, may_go_on=place == len(words) - 1)
            )
            for place, word in enumerate(words)
        ]

    @property
    def all_words(self) -> Rows:
        return np.flatnonzero(self._held == len(self._lists)) if self._lists else _NONE

    @property
    def some_words(self) -> Rows:
        return np.flatnonzero(self._held >= self._enough) if self._lists else _NONE

    @cached_property
    def named(self) -> Rows:
        """Rows that are called so: they hold every word in a name; most of its words, if no need of theirs is known."""
        if not self._names or not self._marks:
            return _NONE
        arrays, rows = self._snapshot.columns.arrays, _all_of(self._marks, self._snapshot.columns.rows)
        longest = np.maximum(arrays.name_words[rows], arrays.organization_words[rows])
        helps = arrays.needs[rows].any(axis=1) | arrays.also[rows].any(axis=1)
        return rows[helps | (2 * self._different > longest)]

    def on(self, part: Snapshot, rows: Rows) -> TextMatch:
        """How these rows of the whole, which `part` holds, match."""
        held = np.zeros(len(rows), np.uint8)
        scores = np.zeros(len(rows), np.float32)
        for lists in self._lists:
            weights = _weights(lists, rows)
            held += weights > 0
            if lists:
                scores += self._bm25(part, lists, weights)
        named = np.zeros(len(rows), np.bool_)
        named[_places(self.named, rows)] = True
        told = bool(self._lists)
        return TextMatch((held == len(self._lists)) & told, (held >= self._enough) & told, named, scores)

    @property
    def _enough(self) -> int:
        return max(len(self._lists) * 2 // 3, 1)

    @cached_property
    def _held(self) -> NDArray[np.uint8]:
        """How many of the words each row of the whole holds."""
        held = np.zeros(self._snapshot.columns.rows, np.uint8)
        for lists in self._lists:
            if len(lists) == 1:  # its slots differ from each other
                held[_within(lists[0], len(held))] += 1
            else:
                held += mask_of([_within(postings, len(held)) for postings in lists], len(held))
        return held

    def _bm25(self, part: Snapshot, lists: Sequence[Postings], weights: Weights) -> Weights:
        living, holding = self._snapshot.living, self._holding(lists)
        rarity = np.float32(np.log(1 + (living - holding + 0.5) / (holding + 0.5)))
        lengths = part.columns.arrays.words / max(self._snapshot.usual_length, 1.0)
        return np.asarray(rarity * weights * (_K1 + 1) / (weights + _K1 * (1 - _B + _B * lengths)), np.float32)

    def _holding(self, lists: Sequence[Postings]) -> int:
        """Living listings that hold one of these terms."""
        alive = self._snapshot.columns.arrays.alive
        slots = [_within(postings, len(alive)) for postings in lists]
        if len(slots) > 1:
            return int(np.count_nonzero(mask_of(slots, len(alive)) & alive))
        return len(slots[0]) if self._snapshot.living == len(alive) else int(np.count_nonzero(alive[slots[0]]))


_NONE: Rows = np.zeros(0, np.intp)


def is_a_name(snapshot: Snapshot, words: Sequence[str]) -> bool:
    """These are most of the telling words in the name of some listing or its organization."""
    arrays, marks = snapshot.columns.arrays, _marks(snapshot, words)
    rows = _all_of(marks, snapshot.columns.rows) if marks else _NONE
    shortest = np.minimum(arrays.name_words[rows], arrays.organization_words[rows])
    return bool(np.any(arrays.alive[rows] & (2 * len(set(words)) > shortest)))


def _marks(snapshot: Snapshot, words: Sequence[str]) -> list[Postings]:
    """For each word the listings that have it in a name."""
    return [snapshot.text.postings(NAME_MARK + stem(word, "en")) for word in words]


def _all_of(marks: Sequence[Postings], limit: int) -> Rows:
    shortest = min((postings.slots for postings in marks), key=len)
    rows = shortest[shortest < limit].astype(np.intp)
    for postings in marks:
        rows = rows[_weights((postings,), rows) > 0]
    return rows


def _terms(snapshot: Snapshot, word: str, language: str, *, may_go_on: bool) -> list[str]:
    known = [term for term in sorted(stems(word, language)) if snapshot.holds(term)]
    if known or not may_go_on or len(word) < _SHORTEST_PREFIX:
        return known
    return snapshot.text.beginning_with(word)


def _weights(lists: Sequence[Postings], rows: Rows) -> Weights:
    """The greatest weight of any of these terms in each row."""
    weights = np.zeros(len(rows), np.float32)
    for postings in lists:
        if len(postings.slots) and len(rows):
            np.maximum(weights, _weights_of(postings, rows), out=weights)
    return weights


def _weights_of(postings: Postings, rows: Rows) -> Weights:
    if len(rows) * _LOOK_UP > len(postings.slots):
        laid_out = np.zeros(max(int(postings.slots[-1]), int(rows[-1])) + 1, np.float32)
        laid_out[postings.slots] = postings.weights
        return laid_out[rows]
    places = np.minimum(np.searchsorted(postings.slots, rows), len(postings.slots) - 1)
    return np.where(postings.slots[places] == rows, postings.weights[places], np.float32(0))


def _within(postings: Postings, rows: int) -> NDArray[np.int32]:
    """Slots of the columns we hold; the words may be a commit ahead."""
    slots = postings.slots
    return slots if not len(slots) or slots[-1] < rows else slots[slots < rows]


def _places(few: Rows, rows: Rows) -> Rows:
    """Where these rows stand among those."""
    if not len(rows):
        return _NONE
    places = np.minimum(np.searchsorted(rows, few), len(rows) - 1)
    return np.asarray(places[rows[places] == few])

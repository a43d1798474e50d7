"""Words against the index: who holds all of them, who holds some, who is called so; and how well (BM25)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analyzer import NAME_MARK
from search.snapshot import Mask, Snapshot, Words
from search.words import stem, stems

_K1, _B = 1.2, 0.6
_SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class TextMatch:
    """`all_words`, `some_words` and `named` are masks; scores are 0 where nothing matches."""

    all_words: Mask
    some_words: Mask
    named: Mask
    scores: NDArray[np.float32]


def nothing(snapshot: Snapshot) -> TextMatch:
    empty = np.zeros(snapshot.columns.rows, np.bool_)
    return TextMatch(empty, empty, empty, np.zeros(snapshot.columns.rows, np.float32))


def match(snapshot: Snapshot, words: Sequence[str], language: str, *, names: bool) -> TextMatch:
    """`names`: the words may be those of a place. The last word may be only begun: people search as they type."""
    if not words:
        return nothing(snapshot)
    held = np.zeros(snapshot.columns.rows, np.int16)
    called = np.zeros(snapshot.columns.rows, np.int16)
    scores = np.zeros(snapshot.columns.rows, np.float32)
    for place, word in enumerate(words):
        weights = _weights(snapshot, _terms(snapshot.text, word, language, may_go_on=place == len(words) - 1))
        held += weights > 0
        scores += _bm25(snapshot, weights)
        called += _weights(snapshot, [NAME_MARK + stem(word, "en")]) > 0
    enough = max(len(words) * 2 // 3, 1)
    return TextMatch(held == len(words), held >= enough, (called == len(words)) & names, scores)


def _terms(text: Words, word: str, language: str, *, may_go_on: bool) -> list[str]:
    known = [term for term in stems(word, language) if text.has(term)]
    if known or not may_go_on or len(word) < _SHORTEST_PREFIX:
        return known
    return text.beginning_with(word)


def _weights(snapshot: Snapshot, terms: Sequence[str]) -> NDArray[np.float32]:
    weights = np.zeros(snapshot.columns.rows, np.float32)
    for term in terms:
        postings = snapshot.text.postings(term)
        fits = (postings.slots >= 0) & (postings.slots < len(weights))
        slots = postings.slots[fits]
        weights[slots] = np.maximum(weights[slots], postings.weights[fits])
    return weights


def _bm25(snapshot: Snapshot, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    holding = int(np.count_nonzero(weights))
    if not holding:
        return weights
    lengths = snapshot.columns.arrays.words
    rarity = np.log(1 + (snapshot.columns.rows - holding + 0.5) / (holding + 0.5))
    damped = weights + _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
    return np.asarray(rarity * weights * (_K1 + 1) / damped, np.float32)

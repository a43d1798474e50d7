"""What all the telling words of a sentence speak for together: in a long story one loose word must not decide.

Counts in which phrases of our own lists each word stands (naive Bayes). Phrases are found in matching, and how sure one
makes us is weighing's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from resources_db.needs import NEEDS
from search.lexicon import GAP, NOTHING, needs_phrases, root, small_words
from search.matching import Match
from search.sentence import Sentence
from search.tongues import Tongues

# Chosen on questions nobody had seen when the word lists were written, with the lists of that time.
_UNSEEN = 0.1  # as if every word had stood this often in phrases of every need
_PER_SURENESS = 8.0  # log-odds that what a phrase said is worth, from _BARELY on
_BARELY = 0.5
_CLEARLY = 0.5  # log-odds by which another need must be ahead of the surest
_FEWEST_WORDS = 2
_SOUNDS_ONLY = 2.5  # log-odds from which the words are rather those of sayings
_BEHIND = 0.96  # what was as sure comes right behind
_LANGUAGES = ("en", "es")  # whose lists are long enough to be counted
_MEANINGS = {meaning: at for at, meaning in enumerate((*NEEDS, NOTHING))}


@dataclass(frozen=True, slots=True)
class _Table:
    """A row for each root of one language: how much it speaks for each meaning, in log-odds."""

    row: Mapping[str, int]
    speaks: NDArray[np.float32]


def led_by_all_words(
    sentence: Sentence, spoken: Tongues, sure: Mapping[str, float], silent: Iterable[Match]
) -> dict[str, float]:
    """`sure` with the need first that the words speak for together, where it is clearly another; else as it was.

    The words of `silent` matches (refused, or sayings) are not asked.
    """
    speaks = _speaks(sentence, spoken, {i for match in silent for i in match.positions})
    if not sure or speaks is None or speaks[_MEANINGS[NOTHING]] > _SOUNDS_ONLY:
        return dict(sure)
    score = {need: float(speaks[_MEANINGS[need]]) for need in NEEDS}
    for need, confidence in sure.items():
        score[need] += _PER_SURENESS * (confidence - _BARELY)
    surest, likeliest = max(sure, key=sure.__getitem__), max(score, key=score.__getitem__)
    if score[likeliest] < score[surest] + _CLEARLY:
        return dict(sure)
    behind = {need: min(confidence, sure[surest] * _BEHIND) for need, confidence in sure.items() if need != likeliest}
    return {likeliest: sure[surest], **behind}


def warm() -> None:
    """Make the tables now."""
    for language in _LANGUAGES:
        _table(language)


def _speaks(sentence: Sentence, spoken: Tongues, silent: set[int]) -> NDArray[np.float32] | None:
    """The log-odds of each meaning; None where too few words are known to say anything together."""
    language = spoken.order[0]
    if language not in _LANGUAGES:
        return None
    table, small = _table(language), small_words(language)
    told = (
        root(unit, language)
        for at, unit in enumerate(sentence.units)
        if spoken.main[at] == language and at not in silent and unit not in small
    )
    rows = [table.row[word] for word in dict.fromkeys(told) if word in table.row]
    return None if len(rows) < _FEWEST_WORDS else np.asarray(table.speaks[rows].sum(axis=0))


@cache
def _table(language: str) -> _Table:
    small = {root(word, language) for word in small_words(language)} | {GAP}
    counted: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for entry in needs_phrases(language):
        words = [word for word in dict.fromkeys(entry.key) if word not in small]
        for meaning, confidence in entry.meanings:
            for word in words if meaning in _MEANINGS else ():
                counted[word][_MEANINGS[meaning]] += confidence / (len(words) * len(entry.meanings))
    times = np.full((len(counted), len(_MEANINGS)), _UNSEEN)
    for row, said in enumerate(counted.values()):
        times[row, list(said)] += list(said.values())
    of_meaning, of_word = times / times.sum(axis=0), times.sum(axis=1, keepdims=True) / times.sum()
    return _Table({word: row for row, word in enumerate(counted)}, np.log(of_meaning / of_word).astype(np.float32))

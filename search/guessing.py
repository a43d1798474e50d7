"""What words probably mean that stand in no phrase as said: by the phrases of the lexicon they occur in.

A word that occurs only in phrases of one need speaks for that need; one that occurs everywhere says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from resources_db.needs import NEEDS
from search.lexicon import BY_CHARACTER, NOTHING, needs_phrases, root, small_words
from search.sentence import Sentence
from search.tongues import Tongues

_CLEAR, _POSSIBLE = 0.45, 0.25  # share of what the words say
_FEWEST_PHRASES = 2  # one phrase with a word in it is no pattern
_SURE_AT_LEAST, _SURE_MORE = 0.5, 0.2


def likely(sentence: Sentence, spoken: Tongues, free: Iterable[int]) -> dict[str, float]:
    """Needs these words clearly point to, never very sure."""
    shares = _shares(sentence, spoken, free)
    return {need: _SURE_AT_LEAST + _SURE_MORE * (share - _CLEAR) for need, share in shares.items() if share >= _CLEAR}


def possible(sentence: Sentence, spoken: Tongues, at: Iterable[int]) -> tuple[str, ...]:
    """Needs worth offering, likeliest first."""
    shares = _shares(sentence, spoken, at)
    return tuple(sorted((need for need in shares if shares[need] >= _POSSIBLE), key=lambda need: -shares[need]))


def _shares(sentence: Sentence, spoken: Tongues, at: Iterable[int]) -> dict[str, float]:
    said: dict[str, float] = defaultdict(float)
    for i in at:
        language = spoken.main[i]
        if language in BY_CHARACTER or sentence.units[i] in small_words(language):
            continue
        for meaning, share in _of_word(root(sentence.units[i], language), language).items():
            said[meaning] += share * share  # a word that points one way counts for more than one that points to many
    total = sum(said.values())
    return {meaning: share / total for meaning, share in said.items() if meaning in NEEDS} if total else {}


@lru_cache(maxsize=4096)
def _of_word(word: str, language: str) -> Mapping[str, float]:
    entries = needs_phrases(language).by_word.get(word, ())
    if len(entries) < _FEWEST_PHRASES:
        return {}
    said: dict[str, float] = defaultdict(float)
    for entry in entries:
        for meaning, sure in entry.meanings:
            said[meaning if meaning in NEEDS else NOTHING] += sure / (entry.telling * len(entry.meanings))
    total = sum(said.values())
    return {meaning: share / total for meaning, share in said.items()}

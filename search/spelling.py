"""Mends the spelling of a question's words, guarded so that real words and names stay as they are."""

from collections.abc import Callable
from functools import cache

from rapidfuzz.distance import OSA

from search.lexicon import LANGUAGES, needs_phrases, plain_words, small_words
from search.words import stem

_SHORTEST = 4  # three letters are too few to guess from
_LONG = 9  # from here on two slips are forgiven
_SWAPPED_LETTER = 6  # in shorter words another letter is mostly another word ("form", "from"), not a slip

Known = Callable[[str], bool]


@cache
def _by_first_letter() -> dict[str, tuple[str, ...]]:
    words = sorted(word for language in LANGUAGES for word in needs_phrases(language).vocabulary)
    grouped: dict[str, list[str]] = {}
    for word in dict.fromkeys(words):
        if len(word) >= _SHORTEST and word.isalpha() and not _is_small(word):
            grouped.setdefault(word[0], []).append(word)
    return {letter: tuple(found) for letter, found in grouped.items()}


@cache
def _lexicon_words() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in needs_phrases(language).vocabulary)


def is_ours(word: str) -> bool:
    """The lexicon holds this folded word or its stem."""
    return word in _lexicon_words() or any(
        stem(word, language) in needs_phrases(language).stems for language in LANGUAGES
    )


def mend(word: str, known: Known | None = None) -> str:
    """The word the writer most likely meant; the same word when in doubt."""
    if len(word) < _SHORTEST or not word.isalpha() or not word.isascii() or _leave(word, known):
        return word
    allowed = 2 if len(word) >= _LONG else 1
    scored = [(OSA.distance(word, other, score_cutoff=allowed), other) for other in _candidates(word, allowed)]
    near = [(distance, _rarity(other), other) for distance, other in scored if distance <= allowed]
    return min(near)[2] if near else word


def _leave(word: str, known: Known | None) -> bool:
    if word in plain_words() or _is_small(word):
        return True
    return is_ours(word) or (known is not None and known(word))


def _is_small(word: str) -> bool:
    return any(word in small_words(language) for language in LANGUAGES)


def _candidates(word: str, allowed: int) -> list[str]:
    # A wrong first letter is rare and a right one tells "good" from "food"; a swap of the first two is let through.
    letters = {word[0], word[1]}
    return [
        other
        for letter in letters
        for other in _by_first_letter().get(letter, ())
        if abs(len(other) - len(word)) <= allowed
        and (letter == word[0] or other[1] == word[0])
        and (len(word) >= _SWAPPED_LETTER or len(other) != len(word) or sorted(other) == sorted(word))
    ]


@cache
def _rarity(word: str) -> int:
    """Fewer entries with this word make it a later choice."""
    return -sum(stem(word, language) in entry.key for language in LANGUAGES for entry in needs_phrases(language))

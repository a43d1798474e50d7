"""Mends the spelling of a question's words, guarded so that real words and names stay as they are."""

from collections.abc import Callable, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from search.lexicon import (
    LANGUAGES,
    known_words,
    needs_phrases,
    plain_words,
    root,
    short_forms,
    small_words,
    vocabulary,
)
from search.tongues import LATIN, Tongues

_SHORTEST = 4  # three letters are too few to guess from
_SHORTEST_PART = 3
_LONGEST = 20
_LONG = 9  # from here on two slips are forgiven
_SWAPPED_LETTER = 6  # in shorter words another letter is mostly another word ("form", "from"), not a slip
_NEVER = frozenset({"vi"})  # without accents its short words are too near to each other

Known = Callable[[str], bool]


def written_out(units: Sequence[str], spoken: Tongues) -> dict[int, tuple[str, ...]]:
    """The units that are short for other words in the language of the sentence."""
    found = ((i, short_forms(spoken.main[i]).get(unit)) for i, unit in enumerate(units))
    return {i: words for i, words in found if words}


def mend_all(
    units: Sequence[str], spoken: Tongues, page: str, known: Known | None = None
) -> dict[int, tuple[str, ...]]:
    """The units that were most likely slips, and what was meant."""
    languages = tuple(dict.fromkeys((*(main for main in spoken.main if main in LATIN), page, "en", "es")))
    found = ((i, mend_unit(unit, known, languages)) for i, unit in enumerate(units) if spoken.foreign[i])
    return {i: meant for i, meant in found if meant}


def mend_unit(word: str, known: Known | None, languages: Sequence[str]) -> tuple[str, ...]:
    """The word or the two words that were meant; nothing when the word may stand."""
    meant = mend(word, known, languages)
    if meant != word:
        return (meant,)
    return () if known is not None and known(word) else _two_words(word, languages)


def _two_words(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """A phrase of the lexicon with its space forgotten: "lightbill"."""
    if not 2 * _SHORTEST_PART <= len(word) <= _LONGEST or not word.isalpha():
        return ()
    for language in languages:
        entries = needs_phrases(language).by_first
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            parts = (word[:at], word[at:])
            key = tuple(root(part, language) for part in parts)
            if any(entry.key == key for entry in entries.get(key[0], ())):
                return parts
    return ()


def mend(word: str, known: Known | None = None, languages: Sequence[str] = ("en", "es")) -> str:
    """The word the writer most likely meant; the same word when in doubt."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or not word.isascii() or _leave(word, known):
        return word
    allowed = 2 if len(word) >= _LONG else 1
    found = [
        (OSA.distance(word, other, score_cutoff=allowed), place, other, language)
        for place, language in enumerate(languages)
        if language in LATIN and language not in _NEVER
        for other in _candidates(word, allowed, language)
    ]
    near = [
        (distance, place, _rarity(other, lang), other) for distance, place, other, lang in found if distance <= allowed
    ]
    return min(near)[3] if near else word


def _leave(word: str, known: Known | None) -> bool:
    if any(word in known_words(language) for language in LATIN):
        return True
    if any(root(word, language) in needs_phrases(language).stems for language in ("en", "es")):
        return True
    return known is not None and known(word)


@cache
def _by_first_letter(language: str) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for word in sorted(vocabulary(language)):
        if len(word) >= _SHORTEST and word.isalpha() and not _is_common(word):
            grouped.setdefault(word[0], []).append(word)
    return {letter: tuple(found) for letter, found in grouped.items()}


def _is_common(word: str) -> bool:
    return any(word in small_words(language) or word in plain_words(language) for language in LANGUAGES)


def _candidates(word: str, allowed: int, language: str) -> list[str]:
    # A wrong first letter is rare and a right one tells "good" from "food"; a swap of the first two is let through.
    return [
        other
        for letter in {word[0], word[1]}
        for other in _by_first_letter(language).get(letter, ())
        if abs(len(other) - len(word)) <= allowed
        and (letter == word[0] or other[1] == word[0])
        and (len(word) >= _SWAPPED_LETTER or len(other) != len(word) or sorted(other) == sorted(word))
    ]


@cache
def _rarity(word: str, language: str) -> int:
    """Fewer entries with this word make it a later choice."""
    return -len(needs_phrases(language).by_word.get(root(word, language), ()))

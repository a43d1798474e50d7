"""Mends the spelling of a question's words, guarded so that real words and names stay as they are."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Protocol

from rapidfuzz.distance import OSA

from search import sounds
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
_SHORTEST_NAME = 5
_LONGEST = 20
_LONG = 9  # from here on two slips are forgiven
_SWAPPED_LETTER = 6  # in shorter words another letter is mostly another word ("form", "from"), not a slip
_NEVER = frozenset({"vi"})  # without accents its short words are too near to each other

Known = Callable[[str], bool]
Words = tuple[str, ...]


class Listed(Protocol):
    """The words of the directory; what stands there is no slip."""

    def knows(self, word: str, /) -> bool: ...

    def names_beginning(self, letters: str, /) -> Iterable[tuple[str, int]]:
        """Words of names that begin so, and how often each stands in one."""
        ...


class _NothingListed:
    def knows(self, _word: str) -> bool:
        return False

    def names_beginning(self, _letters: str) -> Iterable[tuple[str, int]]:
        return ()


NOTHING_LISTED: Listed = _NothingListed()


def written_out(units: Sequence[str], spoken: Tongues) -> dict[int, Words]:
    """The units that are short for other words, in the language of the sentence or in one mixed into it."""
    found = {}
    for i, unit in enumerate(units):
        languages = (spoken.main[i], *(("en", "es") if spoken.foreign[i] else ()))
        words = next((short_forms(one)[unit] for one in languages if unit in short_forms(one)), ())
        if words:
            found[i] = words
    return found


def mend_all(units: Sequence[str], spoken: Tongues, page: str, listed: Listed = NOTHING_LISTED) -> dict[int, Words]:
    """The units that were most likely slips, and what was meant."""
    languages = tuple(dict.fromkeys((*(main for main in spoken.main if main in LATIN), page, "en", "es")))
    slips = [
        i for i, unit in enumerate(units) if spoken.foreign[i] and not _leave(unit, listed.knows) and _may_mend(unit)
    ]
    mended: dict[int, Words] = {}
    words = list(units)
    for way in (_by_sound, _by_neighbour, _by_itself, _by_neighbour):  # a mended word helps the one beside it
        for i in slips:
            meant = () if i in mended else way(words, i, languages, listed)
            if meant:
                mended[i] = meant
                words[i] = meant[0]
    return mended


def _by_sound(units: Sequence[str], at: int, languages: Sequence[str], _listed: Listed) -> Words:
    meant = sounds.meant(units[at]) if languages[0] == "es" else ""
    return (meant,) if meant else ()


def _by_itself(units: Sequence[str], at: int, languages: Sequence[str], listed: Listed) -> Words:
    word = units[at]
    meant = mend(word, None, languages)
    if meant != word:
        return (meant,)
    return _two_words(word, languages) or _name(word, listed)


def _by_neighbour(units: Sequence[str], at: int, languages: Sequence[str], _listed: Listed) -> Words:
    """Beside "wheel", "chare" is a chair: two slips are forgiven where the word beside it makes a phrase of ours."""
    word = units[at]
    allowed = 2 if len(word) > _SHORTEST else 1
    found: list[tuple[int, int, str]] = []
    for place, language in enumerate(one for one in languages if one in LATIN and one not in _NEVER):
        slip = root(word, language)
        for beside in (*units[max(at - 1, 0) : at], *units[at + 1 : at + 2]):
            if beside in small_words(language):
                continue
            for part in _partners(root(beside, language), language):
                distance = OSA.distance(slip, part, score_cutoff=allowed)
                if distance <= allowed and 2 * distance < len(part) and part[0] == slip[0]:
                    found.append((distance, place, part))
    if not found:
        return ()
    _distance, place, part = min(found)
    return (_written([one for one in languages if one in LATIN and one not in _NEVER][place])[part],)


@lru_cache(maxsize=2_048)
def _partners(word: str, language: str) -> tuple[str, ...]:
    """Roots that stand in a phrase with this one."""
    written = _written(language)
    entries = needs_phrases(language).by_word.get(word, ())
    parts = dict.fromkeys(part for entry in entries for part in entry.key if part != word)
    return tuple(part for part in parts if len(part) >= _SHORTEST and part in written)


@cache
def _written(language: str) -> dict[str, str]:
    """A word as written for each root, the shortest one."""
    words = sorted(vocabulary(language), key=lambda word: (-len(word), word))
    return {root(word, language): word for word in words}


def _name(word: str, listed: Listed) -> Words:
    """The word of a listing's name that was meant; the commonest of the nearest."""
    if len(word) < _SHORTEST_NAME:
        return ()
    allowed = 2 if len(word) >= _LONG else 1
    beginnings = dict.fromkeys((word[:2], word[1] + word[0]))
    near = [
        (OSA.distance(word, other, score_cutoff=allowed), -often, other)
        for beginning in beginnings
        for other, often in listed.names_beginning(beginning)
    ]
    best = min(near, default=None)
    return (best[2],) if best and best[0] <= allowed else ()


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


def _may_mend(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and word.isascii()


def mend(word: str, known: Known | None = None, languages: Sequence[str] = ("en", "es")) -> str:
    """The word the writer most likely meant; the same word when in doubt."""
    if not _may_mend(word) or _leave(word, known):
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

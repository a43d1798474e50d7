"""Phrases in a sentence: every place where an entry of the lexicon stands, and the best set that does not overlap."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.lexicon import BY_CHARACTER, GAP, NOTHING, Entry, Phrases, small_words
from search.words import root

_MOST_SKIPPED = 4
_MOST_BETWEEN = 8  # characters that may stand in the gap of a phrase
_MOST_APART = 6
LOOSE_ORDER = 0.85  # the words are there, in another order


@dataclass(frozen=True, slots=True)
class Sentence:
    """Units in order: words, or characters of CJK; `ends` is where the run of each unit ends."""

    units: tuple[str, ...]
    starts: frozenset[int]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found on these unit positions; `sure` scales its meanings."""

    entry: Entry
    positions: tuple[int, ...]
    sure: float = 1.0
    language: str = "en"

    @property
    def is_nothing(self) -> bool:
        return any(meaning == NOTHING for meaning, _sure in self.entry.meanings)


def in_order(sentence: Sentence, phrases: Phrases) -> Iterator[Match]:
    """Entries whose words stand in this order, with nothing but small words between them."""
    if not phrases.by_first:
        return
    language = phrases.language
    small = small_words(language)
    told = [root(unit, language) for unit in sentence.units]
    for start, first in enumerate(told):
        for entry in phrases.by_first.get(first, ()):
            positions = _follow(told, sentence.units, small, entry.key, start)
            if positions and (
                language not in BY_CHARACTER or len(positions) > 1 or _stands_alone(sentence, small, start)
            ):
                yield Match(entry, positions, language=language)


def _follow(
    told: Sequence[str], words: Sequence[str], small: frozenset[str], key: Sequence[str], start: int
) -> tuple[int, ...]:
    rest = _rest(told, words, small, key[1:], start + 1)
    return () if rest is None else (start, *rest)


def _rest(
    told: Sequence[str], words: Sequence[str], small: frozenset[str], key: Sequence[str], at: int
) -> tuple[int, ...] | None:
    """Where the units of `key` stand from here on; after a gap the next one may stand a little further on."""
    if not key:
        return ()
    gap = key[0] == GAP
    wanted, left = (key[1], key[2:]) if gap else (key[0], key[1:])
    for place in range(at, min(at + (_MOST_BETWEEN if gap else _MOST_SKIPPED) + 1, len(told))):
        if told[place] == wanted:
            rest = _rest(told, words, small, left, place + 1)
            if rest is not None or not gap:
                return None if rest is None else (place, *rest)
        elif not gap and words[place] not in small:
            return None
    return None


def _stands_alone(sentence: Sentence, small: frozenset[str], at: int) -> bool:
    """A single character is a word only where nothing but small ones stand around it."""
    before = at
    while before not in sentence.starts and sentence.units[before - 1] in small:
        before -= 1
    return before in sentence.starts and all(unit in small for unit in sentence.units[at + 1 : sentence.ends[at]])


def any_order(sentence: Sentence, phrases: Phrases, free: frozenset[int]) -> Iterator[Match]:
    """Entries of two or more telling words that stand close together in another order, on free positions only."""
    if phrases.language in BY_CHARACTER:
        return
    small = small_words(phrases.language)
    units = sentence.units
    where = {root(units[i], phrases.language): i for i in sorted(free) if units[i] not in small}
    if len(where) < 2:
        return
    seen: set[tuple[str, ...]] = set()
    for word in where:
        for entry in phrases.by_word.get(word, ()):
            if len(entry.key) < 2 or entry.key in seen or not all(part in where for part in entry.key):
                continue
            seen.add(entry.key)
            positions = tuple(sorted(where[part] for part in entry.key))
            if positions[-1] - positions[0] < _MOST_APART and len(set(positions)) == len(entry.key):
                yield Match(entry, positions, sure=LOOSE_ORDER, language=phrases.language)


def _surest(match: Match) -> float:
    return match.sure * max(sure for _meaning, sure in match.entry.meanings)


def best(matches: Iterable[Match], rank: Callable[[str], int]) -> list[Match]:
    """Most telling words first, then the longest, what is no need, the likeliest language, the surest.

    Two of one language may share the same words.
    """
    ranked = sorted(
        matches,
        key=lambda m: (-m.entry.telling, -len(m.positions), not m.is_nothing, rank(m.language), -_surest(m)),
    )
    taken: dict[int, Match] = {}
    kept: list[Match] = []
    for match in ranked:
        other = taken.get(match.positions[0])
        twin = other is not None and other.positions == match.positions and other.language == match.language
        if (twin and other is not None and not other.is_nothing) or not any(i in taken for i in match.positions):
            kept.append(match)
            taken.update((i, match) for i in match.positions)
    return sorted(kept, key=lambda m: m.positions)

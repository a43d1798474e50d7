"""Phrases in a sentence: every place where an entry of the lexicon stands, and the best set that does not overlap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.lexicon import Entry, Phrases, small_words
from search.words import stem

_MOST_SKIPPED = 4
_MOST_APART = 6
LOOSE_ORDER = 0.85  # the words are there, in another order


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found on these word positions; `sure` scales its meanings."""

    entry: Entry
    positions: tuple[int, ...]
    sure: float = 1.0
    language: str = "en"

    @property
    def span(self) -> frozenset[int]:
        return frozenset(range(self.positions[0], self.positions[-1] + 1)) if self.positions else frozenset()


def in_order(words: Sequence[str], phrases: Phrases) -> Iterator[Match]:
    """Entries whose words stand in this order, with nothing but small words between them."""
    small = small_words(phrases.language)
    told = [stem(word, phrases.language) for word in words]
    for start, first in enumerate(told):
        for entry in phrases.by_first.get(first, ()):
            positions = _follow(told, words, small, entry.key, start)
            if positions:
                yield Match(entry, positions, language=phrases.language)


def _follow(
    told: Sequence[str], words: Sequence[str], small: frozenset[str], key: Sequence[str], start: int
) -> tuple[int, ...]:
    positions = [start]
    at = start + 1
    for wanted in key[1:]:
        skipped = 0
        while at < len(told) and told[at] != wanted and words[at] in small and skipped < _MOST_SKIPPED:
            at += 1
            skipped += 1
        if at >= len(told) or told[at] != wanted:
            return ()
        positions.append(at)
        at += 1
    return tuple(positions)


def any_order(words: Sequence[str], phrases: Phrases, free: frozenset[int]) -> Iterator[Match]:
    """Entries of two or more telling words that stand close together in another order, on free positions only."""
    small = small_words(phrases.language)
    where = {stem(words[i], phrases.language): i for i in sorted(free) if words[i] not in small}
    if len(where) < 2:
        return
    for entry in dict.fromkeys(entry for word in where for entry in phrases.by_word.get(word, ())):
        if len(entry.key) > 1 and all(word in where for word in entry.key):
            positions = tuple(sorted(where[word] for word in entry.key))
            if positions[-1] - positions[0] < _MOST_APART and len(set(positions)) == len(entry.key):
                yield Match(entry, positions, sure=LOOSE_ORDER, language=phrases.language)


def _surest(match: Match) -> float:
    return match.sure * max(sure for _meaning, sure in match.entry.meanings)


def best(matches: Iterable[Match], language: str) -> list[Match]:
    """Most telling words first, then the longest, the surest, the page's language. Two may share the same words."""
    ranked = sorted(
        matches,
        key=lambda m: (-m.entry.telling, -len(m.positions), -_surest(m), m.language != language),
    )
    taken: set[int] = set()
    kept: list[Match] = []
    for match in ranked:
        places = set(match.positions)
        twin = any(places == set(other.positions) for other in kept)
        if twin or not places & taken:
            kept.append(match)
            taken |= places
    return sorted(kept, key=lambda m: m.positions)

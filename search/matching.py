"""Phrases in a sentence: every place where an entry of the lexicon stands, and the best set that does not overlap."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from search.lexicon import BY_CHARACTER, GAP, NOTHING, Entry, Phrases, joining_words, root, small_words
from search.sentence import Sentence

_MOST_SKIPPED = 4
_MOST_BETWEEN = 8  # characters that may stand in the gap of a phrase
_PARTICLE = 1  # characters between two Korean words that are written as one
_MOST_APART = 8
LOOSE_ORDER = 0.85  # the words are there, in another order
_BESIDE_IT = 0.97  # one of those words says the need by itself


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


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence as one language hears it: roots, small words, and where a word may begin after a gap."""

    roots: Sequence[str]
    units: Sequence[str]
    small: frozenset[str]
    starts: frozenset[int] | None  # None: anywhere

    def may_begin(self, at: int, after: int) -> bool:
        """Korean words begin after a space; who leaves spaces out still writes at most a particle between."""
        return self.starts is None or at in self.starts or at - after <= _PARTICLE

    def parts(self, at: int) -> bool:
        """A space between two Korean syllables parts words; one beside a number or Latin letters does not."""
        if self.starts is None or at not in self.starts:
            return False
        return not (self.units[at].isascii() or self.units[at - 1].isascii())


def in_order(sentence: Sentence, phrases: Phrases) -> Iterator[Match]:
    """Entries whose words stand in this order, with nothing but small words between them."""
    if not phrases.by_first:
        return
    language = phrases.language
    small = small_words(language)
    roots = [root(unit, language) for unit in sentence.units]
    told = _Told(roots, sentence.units, small, sentence.starts if language == "ko" else None)
    said = set(roots)
    for start, first in enumerate(roots):
        for entry in phrases.by_first.get(first, ()):
            positions = _follow(told, entry.key, start) if entry.key[-1] in said else ()
            if positions and (
                language not in BY_CHARACTER or len(positions) > 1 or _stands_alone(sentence, small, start)
            ):
                yield Match(entry, positions, language=language)


def _follow(told: _Told, key: Sequence[str], start: int) -> tuple[int, ...]:
    short = len(key) > 1 and key[1] == GAP  # a single character before a gap is a word of its own
    if short and told.starts is not None and start not in told.starts:
        return ()
    rest = _rest(told, key[1:], start + 1)
    return () if rest is None else (start, *rest)


def _rest(told: _Told, key: Sequence[str], at: int) -> tuple[int, ...] | None:
    """Where the units of `key` stand from here on; after a gap the next one may stand a little further on."""
    if not key:
        return ()
    gap = key[0] == GAP
    wanted, left = (key[1], key[2:]) if gap else (key[0], key[1:])
    for place in range(at, min(at + (_MOST_BETWEEN if gap else _MOST_SKIPPED) + 1, len(told.roots))):
        if not gap and told.parts(place):
            return None
        if told.roots[place] == wanted and (not gap or told.may_begin(place, at)):
            rest = _rest(told, left, place + 1)
            if rest is not None or not gap:
                return None if rest is None else (place, *rest)
        elif not gap and told.units[place] not in told.small:
            return None
    return None


def _stands_alone(sentence: Sentence, small: frozenset[str], at: int) -> bool:
    """A single character is a word only where nothing but small ones stand around it."""
    before = at
    while before not in sentence.starts and sentence.units[before - 1] in small:
        before -= 1
    return before in sentence.starts and all(unit in small for unit in sentence.units[at + 1 : sentence.end_of_run(at)])


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
            if entry.meanings[0][0] == NOTHING:
                continue  # a saying has one order: "taxes for free" is not tax-free
            seen.add(entry.key)
            positions = tuple(sorted(where[part] for part in entry.key))
            if positions[-1] - positions[0] < _MOST_APART and len(set(positions)) == len(entry.key):
                yield Match(entry, positions, sure=LOOSE_ORDER, language=phrases.language)


def is_a_list(sentence: Sentence, match: Match, said: Iterable[Match]) -> bool:
    """An "and" stands between two of its words that each mean something by themselves: "a dentist and a ride"."""
    joining = joining_words(match.language)
    first, last = match.positions[0], match.positions[-1]
    ands = [i for i in range(first, last) if sentence.units[i] in joining]
    alone = [m for m in said if set(m.positions) <= set(match.positions)] if ands else []
    before, after = min((m.positions[-1] for m in alone), default=last), max((m.positions[0] for m in alone), default=0)
    return any(before < i < after for i in ands)


def _strength(match: Match) -> float:
    """Telling words, a little more for small ones said with them, less for words in another order."""
    with_small = 0.5 if len(match.positions) > match.entry.telling else 0.0
    return match.entry.telling + with_small - (0.75 if match.sure < 1 else 0.0)


def _surest(match: Match) -> float:
    return match.sure * max(sure for _meaning, sure in match.entry.meanings)


def best(matches: Iterable[Match], rank: Callable[[str], int]) -> list[Match]:
    """Most telling words first, then the longest, what is no need, the likeliest language, the surest.

    Two of one language may share the same words.
    """
    ranked = sorted(
        matches,
        key=lambda m: (-_strength(m), -len(m.positions), not m.is_nothing, rank(m.language), -_surest(m)),
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


def as_sure_as_its_words(kept: Iterable[Match], found: Iterable[Match]) -> list[Match]:
    """Words in another order are no less sure than one of them that says the same need by itself."""
    alone = [m for m in found if m.sure == 1.0]
    return [_lifted(match, alone) if match.sure < 1.0 else match for match in kept]


def _lifted(match: Match, alone: Iterable[Match]) -> Match:
    meant = dict(match.entry.meanings)
    inside = [m for m in alone if set(m.positions) <= set(match.positions)]
    sure = [_BESIDE_IT * said / meant[need] for m in inside for need, said in m.entry.meanings if need in meant]
    return replace(match, sure=min(1.0, max([match.sure, *sure])))


def unused(sentence: Sentence, taken: Iterable[Match]) -> list[int]:
    """Units that stand in none of the matches."""
    used = {i for match in taken for i in match.positions}
    return [i for i in range(len(sentence.units)) if i not in used]

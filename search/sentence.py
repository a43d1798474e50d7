"""A question as a row of units: words, or single characters where a script is written without spaces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.words import pairs, runs, units

_MOST_UNITS, _LONGEST = 60, 48  # nobody says more, no word is longer


@dataclass(frozen=True, slots=True)
class Sentence:
    """Folded units in order; `starts` says where a run of letters begins, so that its characters belong together."""

    units: tuple[str, ...]
    starts: frozenset[int]

    def end_of_run(self, at: int) -> int:
        end = at + 1
        while end < len(self.units) and end not in self.starts:
            end += 1
        return end

    def index_words(self, kept: Iterable[int]) -> tuple[str, ...]:
        """These units as the index holds them: characters of one run are pairs there."""
        by_run: dict[int, str] = {}
        for at in kept:
            end = self.end_of_run(at)
            by_run[end] = by_run.get(end, "") + self.units[at]
        return tuple(word for _end, run in sorted(by_run.items()) for word in pairs(run))


def of(text: str) -> Sentence:
    words: list[str] = []
    starts: set[int] = set()
    for run in runs(text):
        if len(words) < _MOST_UNITS:
            starts.add(len(words))
            words += (unit[:_LONGEST] for unit in units(run)[: _MOST_UNITS - len(words)])
    return Sentence(tuple(words), frozenset(starts))


def rewritten(sentence: Sentence, changes: Mapping[int, Sequence[str]]) -> tuple[Sentence, frozenset[int]]:
    """The sentence with some units put in other words, and where those stand."""
    if not changes:
        return sentence, frozenset()
    words: list[str] = []
    starts: set[int] = set()
    new: set[int] = set()
    for at, unit in enumerate(sentence.units):
        put = changes.get(at, (unit,))
        if at in changes:
            new.update(range(len(words), len(words) + len(put)))
            starts |= new
        elif at in sentence.starts:
            starts.add(len(words))
        words += put
    return Sentence(tuple(words), frozenset(starts)), frozenset(new)

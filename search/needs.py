"""From a sentence to sub-needs: what does the person need, how sure are we, and what else do the words ask for.

Owns the reading of words only. Places in words are read in whereabouts; the finding of listings is the engine's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from resources_db.needs import NEEDS
from search import guessing, spelling, tongues
from search.lexicon import BY_CHARACTER, NOTHING, constraint_phrases, context_rules, danger_phrases, needs_phrases
from search.lexicon import small_words as small_words_of
from search.matching import Match, Sentence, any_order, best, in_order
from search.tongues import LATIN, Tongues
from search.words import pairs, root, runs, units

_MOST_WORDS = 60
_ENOUGH = 0.5
_MOST_NEEDS, _MOST_INSTEAD = 4, 3
_WEAK, _STRONG = 0.6, 0.8
_SPELLED, _FROM_CONTEXT = 0.9, 0.9
_UNSURE = 0.75  # below this, other readings of the same words are offered
_FILTERS = ("open_", "lang_", "no_papers", "has_room", "by_phone")  # constraints that are no words to search for


@dataclass(frozen=True, slots=True)
class NeedReading:
    """One need read from the words, and how sure we are (0 to 1)."""

    need: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Correction:
    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`instead` are needs the words may also mean, to be offered; `words` are all index words, `telling` those that
    say something, `rest` those nothing was read from; `language` is what most of it is written in.
    """

    needs: tuple[NeedReading, ...] = ()
    instead: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    words: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    language: str = "en"


def read(text: str, language: str = "en", known: spelling.Known | None = None, *, mend: bool = True) -> Reading:
    """`known` says whether a word occurs in the index; such words are never taken for slips."""
    page = tongues.page_language(language)
    typed, spoken = _sentence(text), None
    spoken = tongues.of(typed.units, text, page)
    mended = spelling.mend_all(typed.units, spoken, page, known) if mend else {}
    sentence = typed
    if mended:
        sentence = Sentence(tuple(mended.get(i, unit) for i, unit in enumerate(typed.units)), typed.starts, typed.ends)
        spoken = tongues.of(sentence.units, text, page)
    taken = _take(sentence, spoken)
    sure = _sure(sentence, spoken, taken, frozenset(mended))
    kept = _kept(sure)
    return Reading(
        needs=kept,
        instead=_instead(sentence, spoken, sure, kept, taken),
        constraints=_constraints(taken),
        urgent=_urgent(sentence, spoken),
        corrections=tuple(Correction(typed.units[i], word) for i, word in sorted(mended.items())),
        words=_index_words(sentence, range(len(sentence.units))),
        telling=_telling(sentence, spoken, taken),
        rest=tuple(sentence.units[i] for i in _free(sentence, taken) if not _is_small(sentence, spoken, i)),
        language=spoken.order[0],
    )


def _sentence(text: str) -> Sentence:
    words: list[str] = []
    starts: set[int] = set()
    ends: list[int] = []
    for run in runs(text):
        found = units(run)[: _MOST_WORDS - len(words)]
        if found:
            starts.add(len(words))
            words += found
            ends += [len(words)] * len(found)
    return Sentence(tuple(words), frozenset(starts), tuple(ends))


def _take(sentence: Sentence, spoken: Tongues) -> list[Match]:
    order = spoken.order
    found: list[Match] = []
    for language in order:
        for phrases in (needs_phrases(language), constraint_phrases(language)):
            found.extend(m for m in in_order(sentence, phrases) if spoken.may_read(language, m.positions))
    long_ones = best((m for m in found if len(m.positions) > 1), order.index)
    free = frozenset(range(len(sentence.units))) - {i for m in long_ones for i in m.positions}
    for language in order:
        loose = any_order(sentence, needs_phrases(language), free)
        found.extend(m for m in loose if spoken.may_read(language, m.positions))
    return best(found, order.index)


def _sure(sentence: Sentence, spoken: Tongues, taken: Sequence[Match], mended: frozenset[int]) -> dict[str, float]:
    """Every need the words may mean, with how sure."""
    sure: dict[str, float] = {}
    for match in taken:
        factor = match.sure * (_SPELLED if mended & set(match.positions) else 1.0)
        for meaning, confidence in match.entry.meanings:
            if meaning in NEEDS:
                sure[meaning] = max(sure.get(meaning, 0.0), confidence * factor)
    if not sure and not any(match.is_nothing for match in taken):
        sure.update(guessing.likely(sentence, spoken, _free(sentence, taken)))
    _add_context(sentence, spoken, sure)
    return sure


def _kept(sure: Mapping[str, float]) -> tuple[NeedReading, ...]:
    least = _WEAK if sure and max(sure.values()) >= _STRONG else _ENOUGH
    ranked = sorted(sure.items(), key=lambda item: -item[1])[:_MOST_NEEDS]
    return tuple(NeedReading(need, round(confidence, 2)) for need, confidence in ranked if confidence >= least)


def _instead(
    sentence: Sentence,
    spoken: Tongues,
    sure: Mapping[str, float],
    kept: Sequence[NeedReading],
    taken: Sequence[Match],
) -> tuple[str, ...]:
    """Other needs the words may mean: read too weakly, or like other phrases with these words."""
    read_already = {item.need for item in kept}
    others = dict.fromkeys(need for need, _ in sorted(sure.items(), key=lambda item: -item[1]))
    if not any(match.is_nothing for match in taken) and max((item.confidence for item in kept), default=0) < _UNSURE:
        others.update(dict.fromkeys(guessing.possible(sentence, spoken, range(len(sentence.units)))))
    return tuple(need for need in others if need not in read_already)[:_MOST_INSTEAD]


def _add_context(sentence: Sentence, spoken: Tongues, sure: dict[str, float]) -> None:
    if not sure:
        return
    for language in spoken.order:
        joined = "".join(sentence.units) if language in BY_CHARACTER else ""
        said = frozenset(root(unit, language) for unit in sentence.units)
        for rule in context_rules(language):
            beside = rule.needs & sure.keys()
            if not beside or not (rule.words & said or any(word in joined for word in rule.words if joined)):
                continue
            confidence = max(sure[need] for need in beside) * _FROM_CONTEXT
            if rule.instead:
                for need in beside - {rule.gives}:
                    del sure[need]
            sure[rule.gives] = max(sure.get(rule.gives, 0.0), confidence)


def _constraints(taken: Iterable[Match]) -> tuple[str, ...]:
    named = (meaning for match in taken for meaning, _ in match.entry.meanings)
    return tuple(dict.fromkeys(m for m in named if m not in NEEDS and m != NOTHING))


def _urgent(sentence: Sentence, spoken: Tongues) -> tuple[str, ...]:
    """Read in every language in these letters: here a miss is worse than a false alarm."""
    languages = dict.fromkeys((*spoken.order, *(LATIN if set(spoken.main) & set(LATIN) else ())))
    found = [m for language in languages for m in in_order(sentence, danger_phrases(language))]
    harmless = [m for m in found if m.is_nothing]
    dangers = [
        m
        for m in found
        if not m.is_nothing
        and (len(m.positions) > 1 or spoken.may_read(m.language, m.positions))
        and not any(set(m.positions) & set(h.positions) and len(h.positions) >= len(m.positions) for h in harmless)
    ]
    return tuple(dict.fromkeys(kind for m in dangers for kind, _sure in m.entry.meanings))


def _free(sentence: Sentence, taken: Iterable[Match]) -> list[int]:
    used = {i for match in taken for i in match.positions}
    return [i for i in range(len(sentence.units)) if i not in used]


def _is_small(sentence: Sentence, spoken: Tongues, at: int) -> bool:
    return sentence.units[at] in small_words_of(spoken.main[at])


def _telling(sentence: Sentence, spoken: Tongues, taken: Iterable[Match]) -> tuple[str, ...]:
    """Index words worth a look in the listings' text: no small words, no filters."""
    filters = {i for m in taken for i in m.positions if m.entry.meanings[0][0].startswith(_FILTERS)}
    kept = [i for i in range(len(sentence.units)) if i not in filters and not _is_small(sentence, spoken, i)]
    return _index_words(sentence, kept)


def _index_words(sentence: Sentence, kept: Iterable[int]) -> tuple[str, ...]:
    """Characters of one run stand in the index as pairs."""
    by_run: dict[int, str] = {}
    for i in kept:
        end = sentence.ends[i]
        by_run[end] = by_run.get(end, "") + sentence.units[i]
    return tuple(word for _end, run in sorted(by_run.items()) for word in pairs(run))

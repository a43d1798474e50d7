"""From a sentence to sub-needs: what does the person need, how sure are we, and what else do the words ask for.

Owns the reading of words only. Places in words are read in whereabouts; the finding of listings is the engine's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from resources_db.needs import NEEDS
from search import guessing, spelling, tongues
from search import sentence as sentences
from search.lexicon import BY_CHARACTER, NOTHING, constraint_phrases, context_rules, danger_phrases, needs_phrases, root
from search.lexicon import small_words as small_words_of
from search.matching import Match, any_order, best, in_order
from search.sentence import Sentence, rewritten
from search.tongues import LATIN, Tongues

_ENOUGH = 0.5
_MOST_NEEDS, _MOST_INSTEAD = 4, 3
_WEAK, _STRONG = 0.6, 0.8
_SPELLED, _FROM_CONTEXT = 0.9, 0.9
# Beside another need these mostly say why: "cannot pay rent, my hours were cut", "no insurance and my tooth hurts".
_BACKGROUND = frozenset({"health_insurance", "job_search", "emergency_funds"})
_UNSURE = 0.75  # below this, other readings of the same words are offered
_IN_DANGER = 0.9
# What a person in danger needs, also when no word names it. Bodily danger is for 911; a clinic is second best.
_OF_DANGER: Mapping[str, tuple[str, float]] = {
    "suicide": ("crisis_support", _IN_DANGER),
    "overdose": ("harm_reduction", _IN_DANGER),
    "violence": ("dv_safety", _IN_DANGER),
    "child_abuse": ("dv_safety", _IN_DANGER),
    "no_shelter": ("emergency_shelter", _IN_DANGER),
    "medical": ("primary_care", _ENOUGH),
    "poison": ("primary_care", _ENOUGH),
}
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
    typed = sentences.of(text)
    spoken = tongues.of(typed.units, text, page)
    sentence, _ = rewritten(typed, spelling.written_out(typed.units, spoken))
    if sentence is not typed:
        spoken = tongues.of(sentence.units, text, page)
    mends = spelling.mend_all(sentence.units, spoken, page, known) if mend else {}
    corrections = tuple(Correction(sentence.units[i], " ".join(words)) for i, words in sorted(mends.items()))
    sentence, mended = rewritten(sentence, mends)
    if mends:
        spoken = tongues.of(sentence.units, text, page)
    taken = _take(sentence, spoken)
    dangers, harmless = _dangers(sentence, spoken)
    urgent = tuple(dict.fromkeys(kind for match in dangers for kind, _sure in match.entry.meanings))
    heard = [*taken, *harmless]
    sure = _with_danger(urgent, _sure(sentence, spoken, heard, mended))
    kept = _kept(sure)
    return Reading(
        needs=kept,
        instead=_instead(sentence, spoken, sure, kept, heard),
        constraints=_constraints(taken),
        urgent=urgent,
        corrections=corrections,
        words=sentence.index_words(range(len(sentence.units))),
        telling=_telling(sentence, spoken, taken),
        rest=tuple(sentence.units[i] for i in _free(sentence, taken) if not _is_small(sentence, spoken, i)),
        language=spoken.order[0],
    )


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


def _with_danger(urgent: Iterable[str], sure: Mapping[str, float]) -> dict[str, float]:
    """The need of a danger stands before others as sure as it."""
    first = dict(_OF_DANGER[kind] for kind in urgent if kind in _OF_DANGER)
    return {need: max(first.get(need, 0.0), sure.get(need, 0.0)) for need in (*first, *sure)}


def _kept(sure: Mapping[str, float]) -> tuple[NeedReading, ...]:
    least = _WEAK if sure and max(sure.values()) >= _STRONG else _ENOUGH
    ranked = sorted(sure.items(), key=lambda item: (-item[1], item[0] in _BACKGROUND))[:_MOST_NEEDS]
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


def _dangers(sentence: Sentence, spoken: Tongues) -> tuple[list[Match], list[Match]]:
    """What sounds like danger and is, and what only sounds so.

    Read in every language in these letters: here a miss is worse than a false alarm.
    """
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
    return dangers, harmless


def _free(sentence: Sentence, taken: Iterable[Match]) -> list[int]:
    used = {i for match in taken for i in match.positions}
    return [i for i in range(len(sentence.units)) if i not in used]


def _is_small(sentence: Sentence, spoken: Tongues, at: int) -> bool:
    return sentence.units[at] in small_words_of(spoken.main[at])


def _telling(sentence: Sentence, spoken: Tongues, taken: Iterable[Match]) -> tuple[str, ...]:
    """Index words worth a look in the listings' text: no small words, no filters."""
    filters = {i for m in taken for i in m.positions if m.entry.meanings[0][0].startswith(_FILTERS)}
    kept = [i for i in range(len(sentence.units)) if i not in filters and not _is_small(sentence, spoken, i)]
    return sentence.index_words(kept)

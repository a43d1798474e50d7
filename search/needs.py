"""From a sentence to sub-needs: what does the person need, how sure are we, and what else do the words ask for.

Owns the reading of words only. Places in words are read in whereabouts; the finding of listings is the engine's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resources_db.needs import NEEDS
from search import spelling
from search.lexicon import (
    LANGUAGES,
    NOTHING,
    constraint_phrases,
    context_rules,
    danger_phrases,
    needs_phrases,
    small_words,
)
from search.matching import Match, any_order, best, in_order
from search.words import split

_MOST_WORDS = 60
_ENOUGH = 0.5
_MOST_NEEDS = 4
_WEAK, _STRONG = 0.6, 0.8
_SPELLED, _FROM_CONTEXT = 0.9, 0.9


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
    """Everything a sentence says to us. `words` are folded; `rest` are those that no phrase explained."""

    needs: tuple[NeedReading, ...] = ()
    constraints: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def read(text: str, language: str = "en", known: spelling.Known | None = None) -> Reading:
    """`known` says whether a word occurs in the index; such words are never taken for slips."""
    typed = split(text)[:_MOST_WORDS]
    words = [spelling.mend(word, known) for word in typed]
    mended = {i for i, (a, b) in enumerate(zip(typed, words, strict=True)) if a != b}
    tongues = _tongues(language)
    taken = _take(words, tongues, language)
    return Reading(
        needs=_needs(words, taken, mended),
        constraints=_constraints(taken),
        urgent=_urgent(words, tongues),
        corrections=tuple(Correction(typed[i], words[i]) for i in sorted(mended)),
        words=tuple(words),
        rest=_rest(words, taken),
    )


def _tongues(language: str) -> tuple[str, ...]:
    ours = language if language in LANGUAGES else "en"
    return (ours, *(other for other in LANGUAGES if other != ours))


def _take(words: Sequence[str], tongues: Iterable[str], language: str) -> list[Match]:
    found: list[Match] = []
    for tongue in tongues:
        found.extend(in_order(words, needs_phrases(tongue)))
        found.extend(in_order(words, constraint_phrases(tongue)))
    long_ones = best((m for m in found if len(m.positions) > 1), language)
    free = frozenset(range(len(words))) - {i for m in long_ones for i in m.positions}
    loose = [m for tongue in tongues for m in any_order(words, needs_phrases(tongue), free)]
    return best([*found, *loose], language)


def _needs(words: Sequence[str], taken: Iterable[Match], mended: set[int]) -> tuple[NeedReading, ...]:
    sure: dict[str, float] = {}
    for match in taken:
        factor = match.sure * (_SPELLED if mended & set(match.positions) else 1.0)
        for meaning, confidence in match.entry.meanings:
            if meaning in NEEDS:
                sure[meaning] = max(sure.get(meaning, 0.0), confidence * factor)
    _add_context(words, sure)
    if sure and max(sure.values()) >= _STRONG:
        sure = {need: confidence for need, confidence in sure.items() if confidence >= _WEAK}
    ranked = sorted(sure.items(), key=lambda item: -item[1])[:_MOST_NEEDS]
    return tuple(NeedReading(need, round(confidence, 2)) for need, confidence in ranked if confidence >= _ENOUGH)


def _add_context(words: Sequence[str], sure: dict[str, float]) -> None:
    said = frozenset(words)
    for rule in context_rules():
        beside = rule.needs & sure.keys()
        if not beside or not rule.words & said:
            continue
        confidence = max(sure[need] for need in beside) * _FROM_CONTEXT
        if rule.instead:
            for need in beside - {rule.gives}:
                del sure[need]
        sure[rule.gives] = max(sure.get(rule.gives, 0.0), confidence)


def _constraints(taken: Iterable[Match]) -> tuple[str, ...]:
    named = (meaning for match in taken for meaning, _ in match.entry.meanings)
    return tuple(dict.fromkeys(m for m in named if m not in NEEDS and m != NOTHING))


def _urgent(words: Sequence[str], tongues: Iterable[str]) -> tuple[str, ...]:
    kinds = [m.entry.meanings[0][0] for tongue in tongues for m in in_order(words, danger_phrases(tongue))]
    return tuple(dict.fromkeys(kinds))


def _rest(words: Sequence[str], taken: Iterable[Match]) -> tuple[str, ...]:
    used = {i for match in taken for i in match.positions}
    small = small_words("en") | small_words("es")
    return tuple(word for i, word in enumerate(words) if i not in used and word not in small)

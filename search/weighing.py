"""From the phrases found in a sentence to needs with how sure we are, and to other needs worth offering."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from resources_db.needs import NEEDS
from search import guessing
from search.lexicon import (
    BY_CHARACTER,
    asking_words,
    circumstances,
    context_rules,
    joining_words,
    root,
    small_words,
)
from search.matching import Match, unused
from search.sentence import Sentence
from search.tongues import Tongues

_ENOUGH = 0.5
_MOST_NEEDS, _MOST_INSTEAD = 4, 3
_WEAK, _STRONG = 0.6, 0.8
_SPELLED, _FROM_CONTEXT, _BESIDE = 0.9, 0.9, 0.7
_TOLD, _SINGLE = 0.96, 0.97
_AS_SURE = 0.8  # a need said less surely than this share of another explains nothing of it
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
Sure = dict[str, float]


def weigh(
    sentence: Sentence, spoken: Tongues, heard: Sequence[Match], urgent: Iterable[str], mended: frozenset[int]
) -> Sure:
    """Every need the words may mean, with how sure; `mended` are the units we corrected."""
    sure = _said(sentence, heard, mended)
    if not sure and not any(match.is_nothing for match in heard):
        sure.update(guessing.likely(sentence, spoken, unused(sentence, heard)))
    if any(match.is_nothing for match in heard):  # beside a saying, a loose word is a part of what it is about
        sure = {need: confidence for need, confidence in sure.items() if confidence > _WEAK}
    _add_context(sentence, spoken, sure, heard)
    return _beside(_with_danger(urgent, sure))


def surest(sure: Mapping[str, float]) -> dict[str, float]:
    """What is sure enough to search for, surest first."""
    least = _WEAK if sure and max(sure.values()) >= _STRONG else _ENOUGH
    ranked = sorted(sure.items(), key=lambda item: -item[1])[:_MOST_NEEDS]
    return {need: round(confidence, 2) for need, confidence in ranked if confidence >= least}


def others(
    sentence: Sentence, spoken: Tongues, sure: Mapping[str, float], kept: Mapping[str, float], heard: Sequence[Match]
) -> tuple[str, ...]:
    """Needs the words may mean besides: read too weakly, or like other phrases with these words."""
    found = dict.fromkeys(need for need, _ in sorted(sure.items(), key=lambda item: -item[1]))
    if not any(match.is_nothing for match in heard) and max(kept.values(), default=0) < _UNSURE:
        found.update(dict.fromkeys(guessing.possible(sentence, spoken, range(len(sentence.units)))))
    return tuple(need for need in found if need not in kept)[:_MOST_INSTEAD]


def _said(sentence: Sentence, heard: Sequence[Match], mended: frozenset[int]) -> Sure:
    sure: Sure = {}
    heard = _more_than_filters(heard)
    shades = _shades(sentence, heard)
    for match, shade in zip(heard, shades, strict=True):
        factor = match.sure * (_SPELLED if mended & set(match.positions) else 1.0)
        for meaning, confidence in match.entry.meanings:
            if meaning in NEEDS:
                firm = confidence * factor
                sure[meaning] = max(sure.get(meaning, 0.0), firm * shade if firm >= _STRONG else firm)
    return sure


def _more_than_filters(heard: Sequence[Match]) -> list[Match]:
    """Words that say how help must be are a need only where no other is named: "womens shelter no id"."""
    filters = {m.positions for m in heard if not _is_need(m) and not m.is_nothing}
    kept = [m for m in heard if not (_is_need(m) and m.positions in filters)]
    return kept if any(map(_is_need, kept)) else list(heard)


def _shades(sentence: Sentence, heard: Sequence[Match]) -> list[float]:
    """What is asked for stands a shade before what is only told, and a telling phrase before a single word.

    "Homeless client looking for a soup kitchen", "the landlord won't answer his phone". Only where a list of words of
    asking was written for the language.
    """
    asked = _asked(sentence, heard)
    told = any(_is_need(match) and match.entry.telling > 1 for match in heard)
    shades = []
    for asks, match in zip(asked, heard, strict=True):
        single = _SINGLE if told and match.entry.telling == 1 else 1.0
        shade = min(_TOLD if any(asked) and not asks else 1.0, single)
        shades.append(shade if asking_words(match.language) else 1.0)
    return shades


def _asked(sentence: Sentence, heard: Sequence[Match]) -> list[bool]:
    """A word of asking stands in the phrase, or before it with nothing but small words between.

    "Food and diapers": what follows something asked for is asked for too.
    """
    so_far: set[int] = set()
    asked = []
    for match in heard:
        asking, units = asking_words(match.language), sentence.units
        first = _after(sentence, match, so_far)
        asks = first > 0 and (units[first - 1] in asking or first - 1 in so_far)
        asks = asks or any(units[i] in asking for i in match.positions)
        asks = asks and _is_need(match)
        so_far.update(match.positions if asks else ())
        asked.append(asks)
    return asked


def _after(sentence: Sentence, match: Match, heard: Collection[int] = ()) -> int:
    """Where the small words before a match begin, after a telling word, a word of asking or something heard."""
    asking, small, units = asking_words(match.language), small_words(match.language), sentence.units
    first = match.positions[0]
    while first and units[first - 1] in small and units[first - 1] not in asking and first - 1 not in heard:
        first -= 1
    return first


def _is_need(match: Match) -> bool:
    return any(meaning in NEEDS for meaning, _sure in match.entry.meanings)


def _with_danger(urgent: Iterable[str], sure: Sure) -> Sure:
    """The need of a danger stands before others as sure as it."""
    first = dict(_OF_DANGER[kind] for kind in urgent if kind in _OF_DANGER)
    return {need: max(first.get(need, 0.0), sure.get(need, 0.0)) for need in (*first, *sure)}


def _beside(sure: Sure) -> Sure:
    """What is mostly the reason for another need that was said as surely is taken less seriously than it."""
    return {
        need: confidence * (_BESIDE if any(_explains(need, other, sure) for other in sure) else 1.0)
        for need, confidence in sure.items()
    }


def _explains(need: str, other: str, sure: Sure) -> bool:
    """`need` is the circumstance of `other`, and not the other way round."""
    if need == other or sure[other] < sure[need] * _AS_SURE:
        return False
    return _may_explain(need, other) and not _may_explain(other, need)


def _may_explain(need: str, other: str) -> bool:
    others = circumstances().get(need)
    return others is not None and (not others or other in others)


def _add_context(sentence: Sentence, spoken: Tongues, sure: Sure, heard: Sequence[Match]) -> None:
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
                    if not _stand_in_a_list(sentence, heard, need, rule.gives):
                        del sure[need]
            sure[rule.gives] = max(sure.get(rule.gives, 0.0), confidence)


def _stand_in_a_list(sentence: Sentence, heard: Sequence[Match], need: str, other: str) -> bool:
    """Both were said, with an "and" between: "a dentist and a ride"."""
    one, two = ([m for m in heard if need in dict(m.entry.meanings)] for need in (need, other))
    return any(
        sentence.units[i] in joining_words(a.language)
        for a in one
        for b in two
        for i in range(min(a.positions[-1], b.positions[-1]), max(a.positions[0], b.positions[0]))
    )

"""From a sentence to sub-needs: what does the person need, how sure are we, and what else do the words ask for.

Owns the reading of words only. Places in words are read in whereabouts; the finding of listings is the engine's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resources_db.needs import NEEDS
from search import likeness, spelling, tongues, unwanted, weighing
from search import sentence as sentences
from search.lexicon import (
    LANGUAGES,
    NOTHING,
    accented_words,
    constraint_phrases,
    context_rules,
    danger_phrases,
    needs_phrases,
)
from search.lexicon import small_words as small_words_of
from search.matching import Match, any_order, as_sure_as_its_words, best, in_order, is_a_list, unused
from search.sentence import Sentence, rewritten
from search.spelling import NOTHING_LISTED, Listed
from search.tongues import LATIN, MIXED_IN, Tongues
from search.words import split

_TIME, _WHO, _FREE = "open_", "for_", "free"
_FILTERS = (_TIME, "lang_", "no_papers", "has_room", "by_phone")  # constraints that are no words to search for


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
    say something, `rest` those nothing was read from; `language` is what most of it is written in. `only_sounds`: no
    need was read, and something in it sounds like one and is none ("rent a tuxedo").
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
    only_sounds: bool = False


def says_nothing(text: str, language: str = "en") -> bool:
    """No word at all, or only small ones ("of the") that together mean nothing either: there is nothing to search."""
    small = frozenset[str]().union(*map(small_words_of, LANGUAGES))
    if not all(word in small for word in split(text)):
        return False
    said = read(text, language)
    return not (said.needs or said.constraints or said.urgent)


def read(text: str, language: str = "en", listed: Listed = NOTHING_LISTED, *, mend: bool = True) -> Reading:
    """`listed` are the words of the directory: what stands there is no slip, and slips in names are mended by them."""
    page = tongues.page_language(language)
    typed = sentences.of(text)
    spoken = tongues.of(typed.units, text, page)
    sentence, _ = rewritten(typed, spelling.written_out(typed.units, spoken))
    if sentence is not typed:
        spoken = tongues.of(sentence.units, text, page)
    mends = spelling.mend_all(sentence.units, spoken, page, listed) if mend else {}
    corrections = tuple(Correction(sentence.units[i], " ".join(words)) for i, words in sorted(mends.items()))
    sentence, mended = rewritten(sentence, mends)
    if mends:
        spoken = tongues.of(sentence.units, text, page)
    taken = _take(sentence, spoken)
    dangers, harmless = _dangers(sentence, spoken)
    urgent = tuple(dict.fromkeys(kind for match in dangers for kind, _sure in match.entry.meanings))
    heard = unwanted.without(sentence, spoken, [*taken, *harmless])
    sure = weighing.weigh(sentence, spoken, heard, urgent, mended)
    if not urgent:
        silent = [match for match in (*taken, *harmless) if match.is_nothing or match not in heard]
        sure = likeness.led_by_all_words(sentence, spoken, sure, silent)
    kept = weighing.surest(sure)
    return Reading(
        needs=tuple(NeedReading(need, confidence) for need, confidence in kept.items()),
        instead=weighing.others(sentence, spoken, sure, kept, heard),
        constraints=_constraints([*taken, *_times(sentence, spoken, taken)]),
        urgent=urgent,
        corrections=corrections,
        words=sentence.index_words(range(len(sentence.units))),
        telling=_telling(sentence, spoken, taken),
        rest=tuple(sentence.units[i] for i in unused(sentence, taken) if not _is_small(sentence, spoken, i)),
        language=spoken.order[0],
        only_sounds=not kept and any(match.is_nothing for match in heard),
    )


def warm() -> None:
    """Make the tables of every language now, so that the first question need not wait."""
    for language in LANGUAGES:
        for table in (needs_phrases, danger_phrases, constraint_phrases, context_rules, accented_words):
            table(language)
    likeness.warm()


def _take(sentence: Sentence, spoken: Tongues) -> list[Match]:
    order = spoken.order
    found: list[Match] = []
    for language in order:
        for phrases in (needs_phrases(language), constraint_phrases(language)):
            heard = in_order(sentence, phrases)
            found.extend(m for m in heard if spoken.may_read(language, m.positions, m.entry.telling))
    long_ones = best((m for m in found if m.entry.telling > 1), order.index)
    free = frozenset(range(len(sentence.units))) - {i for m in long_ones for i in m.positions}
    said = [m for m in found if not m.is_nothing]
    for language in order:
        loose = any_order(sentence, needs_phrases(language), free)
        heard = (m for m in loose if spoken.may_read(language, m.positions))
        found.extend(m for m in heard if not is_a_list(sentence, m, said))
    kept = best(found, order.index)
    return as_sure_as_its_words(kept, found) if kept else _one_english_word(sentence, spoken)


def _one_english_word(sentence: Sentence, spoken: Tongues) -> list[Match]:
    """A single word that its own language only knows inside borrowed phrases ("food" of "food stamps") is English."""
    telling = [at for at in range(len(sentence.units)) if not _is_small(sentence, spoken, at)]
    if len(telling) != 1:
        return []
    return best(in_order(sentence, needs_phrases(MIXED_IN)), spoken.order.index)


def _constraints(taken: Iterable[Match]) -> tuple[str, ...]:
    named = (meaning for match in taken for meaning, _ in match.entry.meanings)
    return tuple(dict.fromkeys(m for m in named if m not in NEEDS and m != NOTHING))


def _times(sentence: Sentence, spoken: Tongues, taken: Sequence[Match]) -> Iterator[Match]:
    """Times, people and "free" inside longer phrases: "hot meal tonight" is a meal, and this evening."""
    sayings = {i for match in taken if match.is_nothing for i in match.positions}
    for language in spoken.order:
        for match in in_order(sentence, constraint_phrases(language)):
            inside = match.entry.meanings[0][0].startswith((_TIME, _WHO, _FREE))
            if inside and not sayings & set(match.positions) and spoken.may_read(language, match.positions):
                yield match


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
        and (len(m.positions) > 2 or spoken.may_read(m.language, m.positions))
        and not any(set(m.positions) & set(h.positions) and len(h.positions) >= len(m.positions) for h in harmless)
    ]
    return dangers, harmless


def _is_small(sentence: Sentence, spoken: Tongues, at: int) -> bool:
    return sentence.units[at] in small_words_of(spoken.main[at])


def _telling(sentence: Sentence, spoken: Tongues, taken: Iterable[Match]) -> tuple[str, ...]:
    """Index words worth a look in the listings' text: no small words, no filters."""
    filters = {i for m in taken for i in m.positions if m.entry.meanings[0][0].startswith(_FILTERS)}
    kept = [i for i in range(len(sentence.units)) if i not in filters and not _is_small(sentence, spoken, i)]
    return sentence.index_words(kept)

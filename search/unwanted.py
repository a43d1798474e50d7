"""What a sentence names and does not ask for: "not a shelter, I need an apartment". Asks nothing of what is meant."""

from collections.abc import Iterable, Sequence

from resources_db.needs import NEEDS
from search.lexicon import NOTHING, unwanted_phrases
from search.matching import Match, in_order
from search.sentence import Sentence
from search.tongues import Tongues

_BETWEEN, _OR = "between", "or"  # words that may stand before what is refused, and words that go on refusing


def without(sentence: Sentence, spoken: Tongues, heard: Sequence[Match]) -> list[Match]:
    """`heard` without what stands after words of refusing; all of it where nothing else is asked for."""
    refused = _refused(sentence, spoken, heard)
    kept = [match for match in heard if match.positions not in refused]
    return kept if any(map(_is_need, kept)) else list(heard)


def _refused(sentence: Sentence, spoken: Tongues, heard: Sequence[Match]) -> set[tuple[int, ...]]:
    told = [m for language in spoken.order for m in in_order(sentence, unwanted_phrases(language))]
    refusing, between, going_on = (_where(told, kind) for kind in (NOTHING, _BETWEEN, _OR))
    refused: set[tuple[int, ...]] = set()
    for match in heard if refusing else ():
        first = match.positions[0]
        before = first if first in refusing | going_on else first - 1  # "necesito comida" may be the phrase itself
        while before in between and before not in refusing:
            before -= 1
        goes_on = before in going_on and any(before - 1 in positions for positions in refused)
        if _is_need(match) and (before in refusing or goes_on):
            refused.add(match.positions)
    return refused


def _where(told: Iterable[Match], kind: str) -> set[int]:
    """The last words of these phrases, where they stand together: "ya tengo" is not in "ya no tengo"."""
    return {
        m.positions[-1]
        for m in told
        if m.entry.meanings[0][0] == kind and m.positions[-1] - m.positions[0] == len(m.positions) - 1
    }


def _is_need(match: Match) -> bool:
    return any(meaning in NEEDS for meaning, _sure in match.entry.meanings)

"""What every way is given and must give back. Words are read once for all: understanding is not what is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.corpus import NOW
from bench.queries import Asked
from search import question, text_match
from search.columns import NEED_NUMBER
from search.criteria import OpenWhen, SearchCriteria
from search.geocode import Place
from search.question import Question
from search.rows import minute
from search.snapshot import Snapshot
from search.words import stem

MINUTE = minute(NOW)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with its words looked up: any of the terms of a word will do, every word must be there."""

    kind: str
    criteria: SearchCriteria
    asked: Question
    needs: tuple[int, ...]
    place: Place | None
    radius_m: float
    language: str
    open_now: bool
    words: tuple[tuple[str, ...], ...]
    name: tuple[str, ...]  # as names are marked in the index; empty when the words are no name


@dataclass(frozen=True, slots=True)
class Reply:
    """`page` holds slots in order."""

    total: int
    open_now: int
    needs: Mapping[int, int]
    page: tuple[int, ...]


class Way(Protocol):
    name: str
    ordered_alike: bool

    def ask(self, reading: Reading) -> Reply: ...


def read(snapshot: Snapshot, questions: Sequence[Asked]) -> list[Reading]:
    return [_read(snapshot, one) for one in questions]


def _read(snapshot: Snapshot, one: Asked) -> Reading:
    asked = question.put(snapshot, one.criteria)
    last = len(asked.words) - 1
    return Reading(
        kind=one.kind,
        criteria=one.criteria,
        asked=asked,
        needs=tuple(NEED_NUMBER[need] for need in asked.needs),
        place=asked.place,
        radius_m=asked.radius_m,
        language=asked.language,
        open_now=asked.open_when is OpenWhen.NOW,
        words=tuple(
            tuple(text_match._terms(snapshot, word, asked.lang, may_go_on=place == last))
            for place, word in enumerate(asked.words)
        ),
        name=tuple("=" + stem(word, "en") for word in asked.words) if asked.may_be_a_name else (),
    )

"""The questions, read from the two halves. Who tunes the word lists looks at `tuning.csv` only (see README.md)."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bench.relevance.directory import HERE
from search.criteria import SearchCriteria

NEAR = "45202"


class Half(StrEnum):
    TUNING = "tuning"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Question:
    """`expects` holds needs, or listings as @id; `needs` must all be read; `has` are chips, as field or field:value."""

    id: str
    lang: str
    kind: str
    text: str
    page: str
    expects: frozenset[str]
    needs: frozenset[str]
    has: tuple[str, ...]
    urgent: str
    never: frozenset[str]

    @property
    def group(self) -> str:
        """Both scripts of Chinese are one language here."""
        return self.lang.split("-")[0]

    @property
    def criteria(self) -> SearchCriteria:
        """As the page asks: the words, about where the person is, and the language of the page."""
        return SearchCriteria(q=self.text, near=NEAR, lang=self.page or self.group)


@cache
def load(half: Half) -> tuple[Question, ...]:
    with (HERE / f"{half}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(_question, csv.DictReader(file)))


def _question(row: dict[str, str]) -> Question:
    return Question(
        id=row["id"],
        lang=row["lang"],
        kind=row["kind"],
        text=row["text"],
        page=row["page"],
        expects=frozenset(_several(row["expects"])),
        needs=frozenset(_several(row["needs"])),
        has=_several(row["has"]),
        urgent=row["urgent"],
        never=frozenset(_several(row["never"])),
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)

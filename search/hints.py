"""Words of names in sorted arrays, so that the beginning of a word finds names by bisection. Made with the columns.

One entry for each word of a service's name and of its organization's. Those of changed listings are kept beside the
many, which stay as they are, until they are many too. What is suggested from them is in suggest.py.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.rows import IndexRow
from search.words import fold

WORD_BYTES = 12
SHOWN_BYTES = 64
_ORGANIZATION_ROWS = 3  # an organization is still suggested when one of its services goes
_RUN = re.compile(r"[^\W_]+")
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_MOST_WORDS = 12
_FEW_LATE, _LATE_SHARE = 2_000, 64  # so many late entries, or this part of all, stand beside the others


class Part(IntEnum):
    """Whose word an entry is; a later word than the first is one more. Stored in a column: the numbers stay."""

    NAME_FIRST = 0
    NAME_LATER = 1
    ORGANIZATION_FIRST = 2
    ORGANIZATION_LATER = 3


@dataclass(frozen=True, slots=True)
class Hints:
    """Entries by word; equal words by name, so that the first of a stretch are the first by the alphabet."""

    word: NDArray[np.bytes_]
    row: NDArray[np.int32]
    part: NDArray[np.int8]


def build(rows: Sequence[IndexRow]) -> Hints:
    """Entries of these rows. A confidential place is never suggested; a service with many places once."""
    found: list[tuple[str, int, Part]] = []
    of_organization: Counter[str] = Counter()
    for number, row in _told(rows):
        found.append((row.name, number, Part.NAME_FIRST))
        of_organization[row.organization] += 1
        if of_organization[row.organization] <= _ORGANIZATION_ROWS:
            found.append((row.organization, number, Part.ORGANIZATION_FIRST))
    found.sort(key=lambda one: one[0].casefold())  # equal words stay in this order
    entries = [
        (cut(word), number, first + bool(place))
        for name, number, first in found
        for place, word in enumerate(words_of(name))
    ]
    words = np.array([word for word, _, _ in entries], f"S{WORD_BYTES}")
    order = np.argsort(words, kind="stable")
    return Hints(
        words[order],
        np.array([number for _, number, _ in entries], np.int32)[order],
        np.array([part for _, _, part in entries], np.int8)[order],
    )


def merged(old: Hints, new: Hints, first_row: int) -> Hints:
    """Both together, still in order; the rows of `new` stand behind those of `old`."""
    places = np.searchsorted(old.word, new.word)
    return Hints(
        np.insert(old.word, places, new.word),
        np.insert(old.row, places, new.row + np.int32(first_row)),
        np.insert(old.part, places, new.part),
    )


def late(early: Hints, before: Hints, new: Hints, first_row: int) -> tuple[Hints, Hints]:
    """The early and the late entries with those of new rows, which stand from `first_row` on."""
    late = merged(before, new, first_row)
    if len(late.word) <= max(_FEW_LATE, len(early.word) // _LATE_SHARE):
        return early, late
    return merged(early, late, 0), build(())


def found(early: Hints, late: Hints, beginning: str, *, whole: bool) -> Hints:
    """All entries of the words that begin so, or of this very word, in order."""
    first, then = _between(early, beginning, whole=whole), _between(late, beginning, whole=whole)
    return merged(first, then, 0) if len(then.word) else first


def _between(held: Hints, beginning: str, *, whole: bool) -> Hints:
    place = stretch(held.word, beginning, whole=whole)
    return Hints(held.word[place], held.row[place], held.part[place])


def stretch(words: NDArray[np.bytes_], beginning: str, *, whole: bool) -> slice:
    """Where the words stand that begin so, or that are this very word."""
    key = cut(beginning)
    last = key if whole else key.ljust(WORD_BYTES, b"\xff")
    return slice(int(np.searchsorted(words, key)), int(np.searchsorted(words, last, side="right")))


def cut(word: str) -> bytes:
    """As much of a word as a column holds."""
    return word.encode("utf-8")[:WORD_BYTES]


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """Folded words as written, in order; a run without spaces (Chinese) also from each of its letters on."""
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        found.append(run)
        if _NO_SPACES.match(run):
            found.extend(run[start:] for start in range(1, len(run)))
    return tuple(found[:_MOST_WORDS])


def shown(text: str) -> bytes:
    """A name as a column holds it."""
    return text.encode("utf-8", "ignore")[:SHOWN_BYTES]


def read(held: bytes) -> str:
    """The name again; half a letter at a cut end is left out."""
    return held.decode("utf-8", "ignore")


def _told(rows: Sequence[IndexRow]) -> Iterator[tuple[int, IndexRow]]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.service_id not in seen and not row.confidential:
            seen.add(row.service_id)
            yield number, row

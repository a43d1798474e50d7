"""Lines of the note for the health record, made to fit: at most 15 lines of 80 columns. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = 80
LINES = 15
STEERING = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True, slots=True)
class Block:
    """One need: what it is and how it stands, its code if it has one, and a line for each try, the oldest first."""

    need: str
    code: str = ""
    tries: tuple[str, ...] = ()

    @property
    def whole(self) -> list[str]:
        """Everything."""
        return [f"{self.need} {self.code}".strip(), *self.tries]

    @property
    def newest(self) -> list[str]:
        """With the newest try only; how many came before it is said."""
        if len(self.tries) < 2:
            return self.whole
        return [self.whole[0], f"{self.tries[-1]} ({len(self.tries) - 1} earlier)"]


def fitted(head: Sequence[str], blocks: Sequence[Block], goals: Sequence[str], tail: Sequence[str]) -> list[str]:
    """At most 15 lines of 80 columns. First and last lines always stay; the rest goes in the order it can be missed.

    First all but the newest try of each need, then the goals, the tries, the codes, and then needs, which are counted.
    """
    wanted = (
        [line for block in blocks for line in block.whole] + list(goals),
        [line for block in blocks for line in block.newest] + list(goals),
        [line for block in blocks for line in block.newest],
        [block.whole[0] for block in blocks],
        [block.need for block in blocks],
    )
    for middle in wanted:
        lines = _wrapped([*head, *middle, *tail])
        if len(lines) <= LINES:
            return lines
    return _cut(_wrapped(head), [block.need for block in blocks], _wrapped(tail))


def _cut(head: list[str], needs: Sequence[str], tail: list[str]) -> list[str]:
    room = LINES - len(head) - len(tail) - 1
    kept: list[str] = []
    for number, need in enumerate(needs):
        lines = _wrapped([need])
        if len(kept) + len(lines) > room:
            return [*head, *kept, f"({len(needs) - number} more in Handrail)", *tail]
        kept += lines
    return [*head, *kept, *tail]


def _wrapped(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, COLUMNS, subsequent_indent="    ")]


def one_line(words: str, most: int = COLUMNS) -> str:
    """Words of people, cut to one line of the note."""
    return textwrap.shorten(plain(words), most, placeholder=" ...")


def plain(words: str) -> str:
    """Words of people on one line, without letters that steer a screen or turn the direction of writing."""
    spaced = "".join(" " if letter.isspace() else letter for letter in words)
    return " ".join("".join(letter for letter in spaced if unicodedata.category(letter) not in STEERING).split())

"""What readers hand over: neutral records with HSDS names, and what was wrong, with file, line and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final, Literal, Protocol, TypeAlias

from resources_db.importers.problem_words import message_of

Copies: TypeAlias = Literal["once", "agree", "first"]
"""What a second record with the same id means: a doubled row; a nested copy that must agree; the first row counts."""


NoteSort: TypeAlias = Literal["note", "original"]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Where:
    file: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of the input. `value` is what stood there, cut short; never from a private column."""

    where: Where
    code: str
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        """A whole sentence: what is wrong and what was done about it."""
        return message_of(self.code)

    def as_row(self) -> dict[str, object]:
        return {
            "severity": self.severity.value,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "value": self.value,
        }


@dataclass(slots=True)
class Neutral:
    """One record as its source has it. References hold the source's ids; `columns` names the source's own columns."""

    kind: str
    external_id: str
    values: dict[str, object]
    where: Where
    extra: dict[str, object] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    copies: Copies = "once"


@dataclass(frozen=True, slots=True)
class Note:
    """Words about a record for the directory team alone: a note of the source, or its words before markup was removed.

    Notes of a source are kept only when the person who imports asks for it; without that they are dropped unread.
    """

    kind: str
    external_id: str
    text: str
    where: Where
    field: str = ""
    sort: NoteSort = "note"


class _Mark(Enum):
    BLANK = "blank"


CLEAR: Final = _Mark.BLANK
"""A value that says: empty this field. A blank cell alone says nothing; the mapping decides which one is meant."""

Item: TypeAlias = Neutral | Problem | Note


class Reader(Protocol):
    """A format: is this it, and what is in it?"""

    name: str
    complete_parts: bool

    def read(self) -> Iterator[Item]: ...


OUR_EXTRAS = frozenset(
    {"x_filled", "x_extension", "x_address_text", "x_at", "x_availability", "x_translations", "x_confirmed"}
)
"""Members of our own export that have no column and are known all the same."""

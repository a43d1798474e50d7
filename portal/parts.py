"""What the components of templates/components take: frozen rows of ready words, made by presenters.

Owns the shapes only. Everything a person reads here is already in their language; states are stored words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Protocol


class RoomFacts(Protocol):
    """What `status.room` reads of a capacity statement."""

    @property
    def state(self) -> str: ...
    @property
    def until(self) -> date | str | None: ...
    @property
    def said_at(self) -> date | str | None: ...


@dataclass(frozen=True, slots=True)
class Room:
    """Room as words: for pages that have no capacity statement at hand."""

    state: str = "unknown"
    until: date | str | None = None
    said_at: date | str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenWords:
    """Open, later, closed, call_first or unknown; `when` is the clock word that goes with it."""

    state: str = "unknown"
    when: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One hit of a search, in the order of a phone call: what, open, room, how fresh, why it stands here."""

    number: int
    key: str
    name: str
    href: str
    distance: str = ""
    about: str = ""
    open: OpenWords = field(default_factory=OpenWords)
    room: RoomFacts | None = None
    checked_days: int | None = None
    checked_words: str = ""
    """Both ages, where phone and hours differ."""
    doubt: str = ""
    """Why it may have changed, when people said so."""
    why: str = ""
    phone: str = ""
    chosen: bool = False
    lower: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One row of the worklist, read like a sentence: who, why, when."""

    id: str
    who: str
    href: str
    because: str
    tagline: str = ""
    more: str = ""
    due: str = ""
    late: bool = False
    icon: str = "ring-dots"
    family: str = "calm"
    next: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need of a patient, led by its days without help."""

    name: str
    state: str
    days: int | None = None
    long: bool = False
    more: str = ""
    about: str = ""
    status: str = ""
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one side said, in its own words; `meaning` is a translation by us."""

    by: str
    text: str = ""
    strong: str = ""
    lang: str = ""
    meaning: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One post on the rail: something both know, or a word of the agency, the patient, or each."""

    state: str
    title: str = ""
    when: str = ""
    at: str = ""
    by: str = ""
    agency: Voice | None = None
    patient: Voice | None = None
    drawing: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in a change, and whether it differs from the other side."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class StackedRow:
    """One bar of parts; None where a number is hidden because it is small."""

    name: str
    parts: tuple[int | None, ...]


def changed_pieces(was: str, now: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts as runs of words, so that only what differs is struck or underlined."""
    old, new = was.split(), now.split()
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        _add(before, old[a:b], changed=kind != "equal")
        _add(after, new[c:d], changed=kind != "equal")
    return tuple(before), tuple(after)


def _add(pieces: list[Piece], words: Sequence[str], *, changed: bool) -> None:
    if words:
        pieces.append(Piece(" ".join(words), changed))

"""What is asked of search, as one frozen value that reads from a query string and writes itself back. Pure.

Hostile or clumsy input never raises: numbers are clamped, unknown words left out, and what was wrong is told.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from resources_db.needs import DOMAINS, NEEDS
from search.audience import Group

MILE = 1609.344
DEFAULT_RADIUS_M = 16_093
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 100, 500_000
DEFAULT_LIMIT, LARGEST_LIMIT = 20, 100
LARGEST_OFFSET = 10_000
CHECKED_DAYS = (90, 180, 365)
OPEN_AT_DAYS = 7  # so far ahead the opening hours of every listing are surely laid out
_MOST_CHARACTERS = 300
_CLEANED = 4  # times so many characters are looked at: nobody waits for a pasted book
_MOST_REPEATED = 12
_WALL_TIME = re.compile(r"(2\d{3}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::\d\d(?:\.\d+)?)?", re.ASCII)


class Sort(StrEnum):
    """`soonest`: open now (longest left first), then by next opening, then those whose hours nobody knows."""

    BEST = "best"
    NEAR = "near"
    SOONEST = "soonest"
    NAME = "name"


class Cost(StrEnum):
    """What a person pays; a fee and an insurance both mean "not free"."""

    FREE = "free"
    SLIDING = "sliding"
    PAID = "paid"
    UNKNOWN = "unknown"


class Travel(StrEnum):
    """How the person gets about: how fast a place farther away counts less."""

    WALK = "walk"
    BUS = "bus"
    CAR = "car"


class OpenWhen(StrEnum):
    """Filter on opening hours; days are the next such day in the place's zone."""

    NOW = "now"
    TODAY = "today"
    TONIGHT = "tonight"
    WEEKEND = "weekend"
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Problem(StrEnum):
    """What was wrong with a field of the query string."""

    NOT_A_NUMBER = "not_a_number"
    NOT_A_TIME = "not_a_time"
    UNKNOWN_WORD = "unknown_word"
    BAD_CHARACTER = "bad_character"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    field: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """`without` names chips the person removed: needs or constraints that must not be read from the words again.

    `open_at` is a wall time without zone: each place is asked by its own clock. It wins over `open_when`.
    """

    q: str = ""
    near: str = ""
    radius_m: int = DEFAULT_RADIUS_M
    needs: tuple[str, ...] = ()
    domain: str = ""
    without: tuple[str, ...] = ()
    language: str = ""
    open_when: OpenWhen | None = None
    open_at: datetime | None = None
    has_room: bool = False
    no_papers: bool = False
    by_phone: bool = False
    who: Group | None = None
    wheelchair: bool = False
    cost: tuple[Cost, ...] = ()
    checked: int = 0
    travel: Travel | None = None
    sort: Sort = Sort.BEST
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    lang: str = "en"

    @property
    def is_empty(self) -> bool:
        """Nothing asked for: a place or a filter alone is no question."""
        return not (self.q.strip() or self.needs or self.domain)

    def to_pairs(self) -> list[tuple[str, str]]:
        """Only what differs from the default, in a fixed order; the page's language is not part of it."""
        pairs = [("q", self.q), ("near", self.near)]
        if self.radius_m != DEFAULT_RADIUS_M:
            pairs.append(("radius_m", str(self.radius_m)))
        pairs += [("need", need) for need in self.needs]
        pairs += [("domain", self.domain)]
        pairs += [("without", word) for word in self.without]
        pairs += [("language", self.language), ("open", self.open_when or "")]
        pairs += [("open_at", f"{self.open_at:%Y-%m-%dT%H:%M}" if self.open_at else "")]
        flags = (
            ("has_room", self.has_room), ("no_papers", self.no_papers), ("by_phone", self.by_phone),
            ("wheelchair", self.wheelchair),
        )  # fmt: skip
        pairs += [(name, "1" if wanted else "") for name, wanted in flags]
        pairs += [("who", self.who or "")]
        pairs += [("cost", cost) for cost in self.cost]
        pairs += [("checked", str(self.checked) if self.checked else ""), ("travel", self.travel or "")]
        pairs += [("sort", self.sort if self.sort != Sort.BEST else "")]
        pairs += [("limit", str(self.limit) if self.limit != DEFAULT_LIMIT else "")]
        pairs += [("offset", str(self.offset) if self.offset else "")]
        return [(name, value) for name, value in pairs if value]

    def to_query(self) -> str:
        return urlencode(self.to_pairs())

    def without_chip(self, word: str) -> "SearchCriteria":
        """The same question with one chip removed; a chosen need is dropped, a read one is forbidden."""
        if word in self.needs:
            return replace(self, needs=tuple(need for need in self.needs if need != word), offset=0)
        return replace(self, without=tuple(dict.fromkeys((*self.without, word))), offset=0)

    def page(self, number: int) -> "SearchCriteria":
        return replace(self, offset=max(number - 1, 0) * self.limit)


@dataclass(slots=True)
class _Reader:
    """Takes fields out of a query string and notes what was wrong."""

    values: Mapping[str, Sequence[str]]
    problems: list[FieldProblem]

    def text(self, name: str, most: int = _MOST_CHARACTERS) -> str:
        typed = next(iter(self.values.get(name, ())), "")
        clean = clean_text(typed[: _CLEANED * most])
        if "\x00" in typed or any("\ud800" <= letter <= "\udfff" for letter in typed):
            self.problems.append(FieldProblem(name, Problem.BAD_CHARACTER))
        if len(clean) > most:
            self.problems.append(FieldProblem(name, Problem.TOO_LONG))
        return clean[:most].strip()

    def number(self, name: str, default: int, low: int, high: int) -> int:
        typed = self.text(name, 40)
        if not typed:
            return default
        try:
            value = float(typed)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self.problems.append(FieldProblem(name, Problem.NOT_A_NUMBER))
            return default
        return int(min(max(value, low), high))

    def flag(self, name: str) -> bool:
        return self.text(name, 8).casefold() in {"1", "true", "yes", "on", "y"}

    def words(self, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        typed = [clean_text(part).strip() for value in self.values.get(name, ()) for part in value.split(",")]
        known = set(allowed)
        if any(word and word not in known for word in typed):
            self.problems.append(FieldProblem(name, Problem.UNKNOWN_WORD))
        return tuple(dict.fromkeys(word for word in typed if word in known))[:_MOST_REPEATED]

    def word(self, name: str, allowed: Iterable[str]) -> str:
        return next(iter(self.words(name, allowed)), "")

    def wall_time(self, name: str) -> datetime | None:
        """A local date and minute as browsers write it; seconds are left out."""
        typed = self.text(name, 40)
        found = _WALL_TIME.fullmatch(typed)
        try:
            read = datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
        except ValueError:  # the 31st of June
            read = None
        if typed and read is None:
            self.problems.append(FieldProblem(name, Problem.NOT_A_TIME))
        return read

    def code(self, name: str) -> str:
        """A language code: letters only."""
        typed = self.text(name, 12).replace("_", "-").split("-")[0].casefold()
        if typed and not (typed.isascii() and typed.isalpha() and len(typed) <= 3):
            self.problems.append(FieldProblem(name, Problem.UNKNOWN_WORD))
            return ""
        return typed


CONSTRAINT_WORDS = (
    "open", "language", "near", "has_room", "no_papers", "by_phone", "who", "wheelchair", "cost", "travel", "spelling",
)  # fmt: skip


def from_query(values: Mapping[str, Sequence[str]]) -> tuple[SearchCriteria, tuple[FieldProblem, ...]]:
    """Criteria that can always be used, and what was wrong with the query string."""
    reader = _Reader(values, [])
    criteria = SearchCriteria(
        q=reader.text("q"),
        near=reader.text("near", 80),
        radius_m=reader.number("radius_m", DEFAULT_RADIUS_M, SMALLEST_RADIUS_M, LARGEST_RADIUS_M),
        needs=reader.words("need", NEEDS),
        domain=reader.word("domain", DOMAINS),
        without=reader.words("without", (*NEEDS, *CONSTRAINT_WORDS)),
        language=reader.code("language"),
        open_when=_open_when(reader),
        open_at=reader.wall_time("open_at"),
        has_room=reader.flag("has_room"),
        no_papers=reader.flag("no_papers"),
        by_phone=reader.flag("by_phone"),
        who=_who(reader),
        wheelchair=reader.flag("wheelchair"),
        cost=tuple(Cost(word) for word in reader.words("cost", list(Cost))),
        checked=int(reader.word("checked", [str(days) for days in CHECKED_DAYS]) or 0),
        travel=_travel(reader),
        sort=Sort(reader.word("sort", list(Sort)) or Sort.BEST),
        limit=reader.number("limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT),
        offset=reader.number("offset", 0, 0, LARGEST_OFFSET),
        lang=reader.code("lang") or "en",
    )
    return criteria, tuple(reader.problems)


def _open_when(reader: _Reader) -> OpenWhen | None:
    if reader.flag("open_now"):
        return OpenWhen.NOW
    word = reader.word("open", list(OpenWhen))
    return OpenWhen(word) if word else None


def _who(reader: _Reader) -> Group | None:
    word = reader.word("who", list(Group))
    return Group(word) if word else None


def _travel(reader: _Reader) -> Travel | None:
    word = reader.word("travel", list(Travel))
    return Travel(word) if word else None


def clean_text(text: str) -> str:
    """Without control, bidi, zero-width and unpaired surrogate characters; one space for many."""
    kept = "".join(" " if letter.isspace() else letter for letter in text if letter.isspace() or _is_text(letter))
    return " ".join(kept.split())


def _is_text(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"} or letter in "\u200c\u200d"

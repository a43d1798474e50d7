"""What a reason on Today is made of: its words, and the facts of an item read safely."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resources_db.vocab import WhyCode


@dataclass(frozen=True, slots=True)
class Why:
    """The sentence, the line below it, and the drawing that stands before the row."""

    because: str
    more: str = ""
    icon: str = "ring-dots"
    family: str = "calm"


class Told(Protocol):
    """What of an item its words are made of."""

    @property
    def why(self) -> WhyCode: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    @property
    def words(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def subneed(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """An item that is told of elsewhere than on the list."""

    why: WhyCode
    facts: Mapping[str, object]
    words: str
    first_name: str
    subneed: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an item, read safely: a missing one is an empty word, never an error on the list."""

    item: Told
    now: dt.datetime
    zone: str

    def text(self, name: str) -> str:
        value = self.item.facts.get(name)
        return value if isinstance(value, str) else ""

    def count(self, name: str) -> int:
        value = self.item.facts.get(name)
        return value if isinstance(value, int) else 0

    def day(self, name: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    @property
    def agency(self) -> str:
        return self.text("agency")

    @property
    def name(self) -> str:
        return self.item.first_name

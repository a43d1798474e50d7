"""What a reason on Today is made of: its words, and the facts of an item read safely."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from referrals.caseload import TodayItem


@dataclass(frozen=True, slots=True)
class Why:
    """The sentence, the line below it, and the drawing that stands before the row."""

    because: str
    more: str = ""
    icon: str = "ring-dots"
    family: str = "calm"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an item, read safely: a missing one is an empty word, never an error on the list."""

    item: TodayItem
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

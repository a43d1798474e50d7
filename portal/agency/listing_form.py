"""The form "Is this listing right?" and the room question: what stands there now, what was typed, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import use_language
from portal import place_words
from resources_db import capacity
from resources_db.listing_fields import FIELDS
from resources_db.vocab import FieldGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from resources_db.repositories.listing import Listing, ListingPhone

ASKED: Final = ("hours", "phone", "documents")
GROUPS: Final = (FieldGroup.HOURS, FieldGroup.CONTACT, FieldGroup.WHO_CAN_GO)
"""What "All still true" vouches for."""
LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: its name, its words, what the listing says, what was typed."""

    name: str
    label: str
    was: str
    value: str
    lines: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class ListingForm:
    """The three facts that patients rely on."""

    rows: tuple[FieldRow, ...]
    checked: str = ""
    problem: str = ""

    @property
    def changes(self) -> dict[str, str]:
        """What differs from the listing."""
        return {row.name: row.value for row in self.rows if _plain(row.value) != _plain(row.was)}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the summary on top: the field and what is wrong with it."""
        return [(row.name, row.error) for row in self.rows if row.error]


def of(listing: Listing, now: datetime, typed: Mapping[str, str] | None = None, error: str = "") -> ListingForm:
    """The form, filled with the listing's words or with what was typed; `error` names the field that does not hold."""
    labels = {"hours": _("Opening hours"), "phone": _("Phone"), "documents": _("What to bring")}
    rows = []
    for name in ASKED:
        was = _shown(listing, name)
        value = was if typed is None else typed.get(name, was)[:LONGEST]
        problem = _("Type a phone number with 10 digits, such as 513-555-0160.") if name == error else ""
        lines = name != "phone" or "\n" in was
        rows.append(FieldRow(name, labels[name], was, value, lines, problem))
    return ListingForm(tuple(rows), _checked(listing, now))


def room_now(listing: Listing | None, now: datetime) -> capacity.RoomNow:
    """What counts of what the agency said last."""
    if listing is None:
        return capacity.RoomNow(None)
    return capacity.current(listing.capacity, now=now, timezone=listing.timezone)


def date_of(typed: Mapping[str, str], prefix: str = "") -> date | None:
    """The day typed in three fields; None when all are empty. Raises ValueError for a day that is none."""
    parts = [typed.get(prefix + name, "").strip() for name in ("month", "day", "year")]
    if not any(parts):
        return None
    month, day, year = (int(part) for part in parts)
    return date(year + 2000 if year < 100 else year, month, day)


def clock_of(typed: Mapping[str, str]) -> time | None:
    """The clock time typed, or None. Raises ValueError for a time that is none."""
    text = typed.get("clock", "").strip()
    return time.fromisoformat(text).replace(tzinfo=None) if text else None


def _shown(listing: Listing, name: str) -> str:
    if name == "hours" and not listing.hours_text:
        with use_language("en"):  # proposed hours are read by a program, and by a directory team
            return place_words.weekly_hours(listing)
    if name == "phone":
        return "\n".join(dict.fromkeys(_phone(one) for one in listing.phones))
    return FIELDS[name].read(listing)


def _phone(one: ListingPhone) -> str:
    number = formatting.phone(one.number) if one.number else one.display
    return f"{number} x{one.extension}" if one.extension else number


def _plain(text: str) -> str:
    return " ".join(text.split())


def _checked(listing: Listing, now: datetime) -> str:
    if listing.confirmed_at is None:
        return ""
    day = formatting.local(listing.confirmed_at, listing.timezone).date()
    today = formatting.local(now, listing.timezone).date()
    return formatting.short_date(day) if day.year == today.year else formatting.date(day)

"""The form in which a listing is edited: by its agency from a link or an account, and by the directory team.

Owns what stands in the fields and what differs from what was shown. Who may publish what is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext as _
from portal import field_words, freshness_words, need_words
from resources_db import week
from resources_db.listing_fields import FIELDS
from resources_db.needs import NEEDS
from resources_db.vocab import CapacityState, Confidentiality, FieldGroup
from resources_db.week import BadSpanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from resources_db.freshness import Freshness
    from resources_db.repositories.listing import Listing

LONGEST: Final = 4_000
SEEN: Final = "seen."
WEEK_SEEN: Final = "seen.week"
GROUPS: Final[Mapping[FieldGroup, tuple[str, ...]]] = {
    FieldGroup.HOURS: ("hours",),
    FieldGroup.CONTACT: ("phone", "email", "url"),
    FieldGroup.WHO_CAN_GO: (
        "documents", "eligibility", "minimum_age", "maximum_age", "cost_kind", "cost", "languages", "access",
        "how_to_start",
    ),
    FieldGroup.WHAT: ("name", "description", "alert", "alert_until", "status"),
    FieldGroup.PLACE: ("address_1", "address_2", "city", "state", "postal_code", "accessibility"),
}  # fmt: skip
"""In the order of the page: what patients rely on first stands first."""
SHORT: Final = frozenset({"minimum_age", "maximum_age", "state", "postal_code"})
PARTS: Final = ("o1", "c1", "o2", "c2")
ROOM: Final = (
    CapacityState.OPEN,
    CapacityState.LIMITED,
    CapacityState.WAITLIST,
    CapacityState.FULL,
    CapacityState.OUT_OF_FUNDS,
)


@dataclass(frozen=True, slots=True)
class EditField:
    """One field: what stands in it, what was shown, what is wrong with it."""

    name: str
    label: str
    value: str
    seen: str
    error: str = ""
    hint: str = ""

    @property
    def kind(self) -> str:
        """text, area, choice, day."""
        if self.choices:
            return "choice"
        return "day" if self.name == "alert_until" else "area" if FIELDS[self.name].many_lines else "text"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The words of a coded field."""
        known = [(value, str(words)) for value, words in field_words.CODED.get(self.name, {}).items()]
        return [("", _("Not said")), *known] if known and self.name == "access" else known

    @property
    def short(self) -> str:
        """How wide it is."""
        return "short" if self.name in SHORT else ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of the week form: names and values of its fields."""

    number: int
    day: str
    values: Mapping[str, str]
    error: str = ""

    def value(self, part: str) -> str:
        """What stands in a part of this day: o1, c1, o2, c2, closed."""
        return self.values.get(f"d{self.number}-{part}", "")

    @property
    def twice(self) -> bool:
        """Whether a second time is filled in."""
        return bool(self.value("o2") or self.value("c2"))


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields."""

    group: str
    heading: str
    fields: tuple[EditField, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class EditForm:
    """The whole form. `week_fits`: the hours are a plain week, so the days stand filled in."""

    sections: tuple[Section, ...]
    days: tuple[DayRow, ...]
    week_seen: str
    week_fits: bool
    week_typed: bool = False
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Read:
    """What was typed: what differs from what was shown, and what does not hold."""

    changes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def of(
    listing: Listing,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    leave_out: Sequence[FieldGroup] = (),
    notes: Mapping[FieldGroup, str] | None = None,
) -> EditForm:
    """The form, filled with the listing or with what was typed."""
    errors, notes = errors or {}, notes or {}
    sections = tuple(
        Section(
            group.value,
            str(field_words.GROUPS[group]),
            tuple(_field(listing, name, typed, errors.get(name, "")) for name in names),
            notes.get(group, ""),
        )
        for group, names in groups(listing).items()
        if group not in leave_out
    )
    known = week.of_rules(listing.rules)
    values = week.form_of(known) if typed is None else typed
    days = tuple(
        DayRow(day, formatting.weekday(day), values, errors.get(f"d{day}", "")) for day in range(len(week.DAYS))
    )
    shown = week.words(known) if known else ""
    problems = tuple((_field_id(name), text) for name, text in errors.items())
    typed_week = typed is not None and any(one.value(part) for one in days for part in PARTS)
    return EditForm(sections, days, (typed or {}).get(WEEK_SEEN, shown), known is not None, typed_week, problems)


def groups(listing: Listing) -> dict[FieldGroup, tuple[str, ...]]:
    """The fields of this listing; without a public place of its own it has no address here."""
    placed = listing.location_id is not None and listing.confidentiality is Confidentiality.PUBLIC
    return {group: names for group, names in GROUPS.items() if placed or group is not FieldGroup.PLACE}


def read(listing: Listing, typed: Mapping[str, str]) -> Read:
    """What differs from what the page showed, with what does not hold."""
    found = Read()
    for name in [name for names in groups(listing).values() for name in names if name != "hours"]:
        if name in typed and _plain(typed[name]) != _plain(typed.get(SEEN + name, shown(listing, name))):
            _take(found, name, typed[name].replace("\r\n", "\n").strip()[:LONGEST])
    _read_hours(listing, typed, found)
    return found


def read_room(typed: Mapping[str, str]) -> tuple[str, str]:
    """The text of a word about room, and what is wrong with it; both empty where nothing was chosen."""
    state = typed.get("room", "")
    if state not in set(ROOM):
        return "", ""
    until, weeks = typed.get("room-until", "").strip(), typed.get("room-weeks", "").strip()
    text = state
    if until and state != CapacityState.OPEN:
        text += f" until {until}"
    if weeks and state == CapacityState.WAITLIST:
        text += f" {weeks} weeks"
    code = FIELDS["room"].check(text)
    return text, field_words.error("bad_date") if code else ""


def shown(listing: Listing, name: str) -> str:
    """What the field holds: as it is stored, languages by their names."""
    text = FIELDS[name].read(listing)
    return field_words.shown(name, text) if name == "languages" else text


def notes_of(fresh: Freshness, now: datetime) -> dict[FieldGroup, str]:
    """How old each group is, in words."""
    return {
        group: row.said for group, row in zip(freshness_words.GROUPS, freshness_words.rows(fresh, now), strict=True)
    }


def needs() -> list[tuple[str, str]]:
    """All needs with their words, for the directory team."""
    return sorted(((one, need_words.need(one)) for one in NEEDS), key=lambda pair: pair[1])


def _take(found: Read, name: str, text: str) -> None:
    code = FIELDS[name].check(text)
    if code:
        found.errors[name] = field_words.error(code)
    found.changes[name] = text


def _read_hours(listing: Listing, typed: Mapping[str, str], found: Read) -> None:
    """Either the words or the days: whichever was changed. Both at once is a question back."""
    words_changed = "hours" in typed and _plain(typed["hours"]) != _plain(
        typed.get(SEEN + "hours", shown(listing, "hours"))
    )
    try:
        days = week.of_form(typed)
    except BadSpanError as bad:
        found.errors[f"d{bad.day}"] = _("Type when it opens and when it closes, such as 9 am and 5 pm.")
        return
    known = typed.get(WEEK_SEEN, "")
    has_days = any(name.startswith("d0-") for name in typed)
    days_changed = has_days and week.words(days) != known and (bool(known) or any(days))
    if words_changed and days_changed:
        found.errors["hours"] = _("Change the days or the words, not both.")
    if days_changed:
        found.changes["hours"] = week.words(days)
    elif words_changed:
        _take(found, "hours", typed["hours"].replace("\r\n", "\n").strip()[:LONGEST])


def _field(listing: Listing, name: str, typed: Mapping[str, str] | None, error: str) -> EditField:
    was = shown(listing, name)
    if typed is None:
        return EditField(name, field_words.label(name), was, was, error, _hint(name))
    seen = typed.get(SEEN + name, was)
    return EditField(name, field_words.label(name), typed.get(name, was)[:LONGEST], seen, error, _hint(name))


def _hint(name: str) -> str:
    return {
        "phone": _("One number a line."),
        "documents": _("One thing a line."),
        "languages": _("With commas between."),
        "alert": _("Such as “Closed Friday”. It shows above everything else."),
        "alert_until": _("Year, month and day, such as 2026-12-24."),
    }.get(name, "")


def _field_id(name: str) -> str:
    return f"{name}-o1" if name[1:].isdigit() and name.startswith("d") else name


def _plain(text: str) -> str:
    return " ".join(text.split())

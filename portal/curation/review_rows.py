"""Rows of the review page: the queue, each field now beside proposed, the week of hours day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext, ngettext
from i18n.catalog import lazy_gettext as _
from portal import field_words
from portal.parts import Piece, changed_pieces
from resources_db import proposals, week
from resources_db.listing_fields import FIELDS
from resources_db.vocab import ChangeOrigin, FieldGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from resources_db.freshness import Freshness
    from resources_db.models.curation import ListingChange, ListingChangeField
    from resources_db.repositories.listing import Listing
    from resources_db.week import Week

ORIGINS: Final[Mapping[ChangeOrigin, LazyText]] = {
    ChangeOrigin.AGENCY_MEMBER: _("by the agency"),
    ChangeOrigin.AGENCY_LINK: _("by the agency"),
    ChangeOrigin.NAVIGATOR: _("by a navigator"),
    ChangeOrigin.PATIENT_REPORT: _("by a patient"),
    ChangeOrigin.IMPORT: _("by an import"),
    ChangeOrigin.CAMPAIGN: _("by the agency"),
}
BY_TEAM: Final = _("by a colleague")
AGENCY, NAVIGATOR, PATIENT, IMPORT = "agency", "navigator", "patient", "import"
FILTERS: Final[Mapping[str, tuple[LazyText, frozenset[ChangeOrigin]]]] = {
    AGENCY: (_("From agencies"), proposals.BY_AGENCY),
    NAVIGATOR: (_("From navigators"), frozenset({ChangeOrigin.NAVIGATOR})),
    PATIENT: (_("From patients"), frozenset({ChangeOrigin.PATIENT_REPORT})),
    IMPORT: (_("From imports"), frozenset({ChangeOrigin.IMPORT})),
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A waiting proposal in the list at the side."""

    id: str
    title: str
    line: str
    here: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class GridDay:
    """One day of the week, now and proposed."""

    day: str
    was: str
    now: str

    @property
    def changed(self) -> bool:
        return self.was != self.now


@dataclass(frozen=True, slots=True)
class Typed:
    """What the reviewer chose for a field so far."""

    choice: str = ""
    value: str | None = None
    why: str = ""
    own_why: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: as published now, as proposed, as it was when they wrote, and what the reviewer chose so far."""

    name: str
    label: str
    was: tuple[Piece, ...]
    now: tuple[Piece, ...]
    seen: str
    proposed: str
    moved: bool
    """Published was something else, `before`, when this was sent: a conflict of three."""
    before: str
    grid: tuple[GridDay, ...]
    doubt: str
    many_lines: bool
    typed: Typed

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values of a coded field, for a choice instead of a text."""
        return [(value, str(words)) for value, words in field_words.CODED.get(self.name, {}).items()]


def queue_row(change: ListingChange, title: str, when: str, *, here: bool, href: str = "") -> QueueRow:
    """`3 fields, by the agency, today`."""
    count = len(open_fields(change))
    fields = ngettext("%(num)s field", "%(num)s fields", count)
    line = gettext("%(fields)s, %(by)s, %(when)s", fields=fields, by=by(change), when=when)
    return QueueRow(str(change.id), title, line, here, href)


def by(change: ListingChange) -> str:
    """Who proposed it, as a role."""
    return str(BY_TEAM if change.submitter_label == proposals.BY_TEAM else ORIGINS[change.origin])


def open_fields(change: ListingChange) -> list[ListingChangeField]:
    """The fields nobody has decided, in the order of a listing."""
    order = list(FIELDS)
    waiting = [field for field in change.fields if field.decision is None]
    return sorted(waiting, key=lambda field: order.index(field.field))


def field_rows(change: ListingChange, listing: Listing, typed: Mapping[str, Typed]) -> list[FieldRow]:
    """The open fields, each with what is published at this moment."""
    return [field_row(field, listing, typed.get(field.field, Typed())) for field in open_fields(change)]


def field_row(field: ListingChangeField, listing: Listing, typed: Typed) -> FieldRow:
    """One field beside what is published."""
    name = field.field
    published = FIELDS[name].read(listing)
    was, now = changed_pieces(field_words.shown(name, published), field_words.shown(name, field.new))
    return FieldRow(
        name=name,
        label=field_words.label(name),
        was=was,
        now=now,
        seen=published,
        proposed=field.new,
        moved=published.strip() != field.old.strip(),
        before=field_words.shown(name, field.old),
        grid=_grid(listing, field.new) if name == "hours" else (),
        doubt=_doubt(field.new) if name == "hours" else "",
        many_lines=FIELDS[name].many_lines,
        typed=typed,
    )


def _grid(listing: Listing, proposed: str) -> tuple[GridDay, ...]:
    before, after = week.of_rules(listing.rules), week.of_text(proposed)
    if after is None:
        return ()
    days = range(len(week.DAYS))
    return tuple(GridDay(formatting.weekday(day, short=True), _spans(before, day), _spans(after, day)) for day in days)


def _spans(known: Week | None, day: int) -> str:
    if known is None:
        return ""
    return ", ".join(f"{week.clock(opens)}-{week.clock(closes)}" for opens, closes in known[day]) or gettext("closed")


def _doubt(proposed: str) -> str:
    from resources_db.hours import TRUSTED, parse

    read = parse(proposed)
    if not proposed.strip() or read.confidence >= TRUSTED:
        return ""
    return gettext("We are not sure how to read this. The listing would say “call first”.")


def freshness_rows(fresh: Freshness, now: datetime) -> list[tuple[str, int | None]]:
    """Each group with the days since somebody confirmed it, None = never."""
    return [
        (str(field_words.GROUPS[group]), (now - one.confirmed_at).days if one.confirmed_at else None)
        for group, one in fresh.groups.items()
        if group is not FieldGroup.CAPACITY
    ]

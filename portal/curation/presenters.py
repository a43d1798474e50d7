"""Words and rows of the review page: proposals beside what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n.catalog import gettext, ngettext
from i18n.catalog import lazy_gettext as _
from portal.parts import Piece, changed_pieces
from resources_db.listing_fields import FIELDS
from resources_db.vocab import ChangeOrigin, FieldGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from resources_db.freshness import Freshness
    from resources_db.models.curation import ListingChange
    from resources_db.repositories.listing import Listing

LABELS: Final[Mapping[str, LazyText]] = {
    "name": _("Name"),
    "description": _("What it is"),
    "needs": _("Needs it helps with"),
    "hours": _("Hours"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "url": _("Website"),
    "documents": _("What to bring"),
    "languages": _("Languages"),
    "cost_kind": _("Kind of cost"),
    "cost": _("Cost in words"),
    "access": _("How to get in"),
    "eligibility": _("Who can go"),
    "minimum_age": _("From which age"),
    "maximum_age": _("Up to which age"),
    "how_to_start": _("How to start"),
    "alert": _("Notice"),
    "alert_until": _("Last day of the notice"),
    "room": _("Room"),
    "status": _("Open or closed"),
    "address_1": _("Street"),
    "address_2": _("Second line of the address"),
    "city": _("City"),
    "state": _("State"),
    "postal_code": _("ZIP code"),
    "accessibility": _("Getting in with a wheelchair or other needs"),
}
ORIGINS: Final[Mapping[ChangeOrigin, LazyText]] = {
    ChangeOrigin.AGENCY_MEMBER: _("by the agency"),
    ChangeOrigin.AGENCY_LINK: _("by the agency"),
    ChangeOrigin.NAVIGATOR: _("by a navigator"),
    ChangeOrigin.PATIENT_REPORT: _("by a patient"),
    ChangeOrigin.IMPORT: _("by an import"),
    ChangeOrigin.CAMPAIGN: _("by the agency"),
}
GROUPS: Final[Mapping[FieldGroup, LazyText]] = {
    FieldGroup.CONTACT: _("Phone and e-mail"),
    FieldGroup.HOURS: _("Hours"),
    FieldGroup.PLACE: _("Place"),
    FieldGroup.WHO_CAN_GO: _("Who can go"),
    FieldGroup.WHAT: _("What it is"),
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A waiting proposal in the list at the side."""

    id: str
    title: str
    line: str
    here: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: as published now, as proposed, and what the reviewer chose so far."""

    name: str
    label: str
    was: tuple[Piece, ...]
    now: tuple[Piece, ...]
    seen: str
    changed_since: bool
    choice: str = ""


def queue_row(change: ListingChange, title: str, when: str, *, here: bool) -> QueueRow:
    """`3 fields, by the agency, today`."""
    count = len([field for field in change.fields if field.decision is None])
    fields = ngettext("%(num)s field", "%(num)s fields", count)
    line = gettext("%(fields)s, %(by)s, %(when)s", fields=fields, by=str(ORIGINS[change.origin]), when=when)
    return QueueRow(str(change.id), title, line, here)


def field_rows(change: ListingChange, listing: Listing, chosen: Mapping[str, str]) -> list[FieldRow]:
    """The open fields, each with what is published at this moment."""
    return [
        _field_row(field.field, field.old, field.new, listing, chosen) for field in change.fields if not field.decision
    ]


def _field_row(name: str, old: str, new: str, listing: Listing, chosen: Mapping[str, str]) -> FieldRow:
    published = FIELDS[name].read(listing)
    was, now = changed_pieces(published, new)
    return FieldRow(
        name, str(LABELS[name]), was, now, published, published.strip() != old.strip(), chosen.get(name, "")
    )


def freshness_rows(fresh: Freshness, now: datetime) -> list[tuple[str, int | None]]:
    """Each group with the days since somebody confirmed it, None = never."""
    return [
        (str(GROUPS[group]), (now - one.confirmed_at).days if one.confirmed_at else None)
        for group, one in fresh.groups.items()
        if group in GROUPS
    ]

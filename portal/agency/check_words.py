"""The page "Is your listing still right?" in words: each listing with its facts, each group with its own date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext, ngettext
from portal import freshness_words, place_words
from referrals import listing_check
from resources_db import freshness
from resources_db.vocab import FieldGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.listing_check import AskedListing
    from resources_db.repositories.listing import Listing

ANSWERS: Final[Mapping[str, LazyText]] = {
    listing_check.STILL_RIGHT: lazy_gettext("You said that all is right."),
    listing_check.CHANGED: lazy_gettext("You sent changes."),
    listing_check.CLOSED: lazy_gettext("You said that it closed or moved."),
    listing_check.NOT_US: lazy_gettext("You said that this is not you."),
}
MOST_PLACES: Final = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One group of facts: what stands there now, and when somebody last said that it is right."""

    name: str
    lines: tuple[str, ...]
    said: str
    family: str
    drawing: str


@dataclass(frozen=True, slots=True)
class Card:
    """One listing of the page."""

    id: str
    name: str
    facts: tuple[Fact, ...]
    more_places: str
    answer: str


def card(one: AskedListing, now: datetime) -> Card:
    """A listing as its agency sees it; of many places the first few are shown."""
    first = one.places[0]
    hidden = len(one.places) - MOST_PLACES
    return Card(
        id=str(one.row.id),
        name=first.name,
        facts=tuple(_fact(group, one.places, now) for group in freshness.SPOKEN_OF),
        more_places=ngettext("and %(num)s more place", "and %(num)s more places", hidden) if hidden > 0 else "",
        answer=str(ANSWERS[one.row.answer]) if one.row.answer else "",
    )


def _fact(group: FieldGroup, places: tuple[Listing, ...], now: datetime) -> Fact:
    read = _READ[group]
    shown = places[:MOST_PLACES] if group in {FieldGroup.HOURS, FieldGroup.PLACE, FieldGroup.CONTACT} else places[:1]
    lines = dict.fromkeys(line for place in shown for line in read(place) if line)
    dates = [place.confirmed.get(group) for place in places]
    oldest = None if None in dates else min(at for at in dates if at is not None)
    said = _("Confirmed %(when)s.", when=formatting.ago(oldest, now)) if oldest else _("Nobody has confirmed it yet.")
    family, drawing = freshness_words.FAMILIES[freshness.grade(oldest, now)]
    return Fact(str(freshness_words.GROUPS[group]), tuple(lines) or (_("Nothing on file"),), said, family, drawing)


def _contact(listing: Listing) -> list[str]:
    phones = [formatting.phone(one.number) if one.number else one.display for one in listing.phones]
    return [*phones, listing.email]


def _hours(listing: Listing) -> list[str]:
    return [listing.hours_text or place_words.weekly_hours(listing)]


def _place(listing: Listing) -> list[str]:
    return [", ".join(listing.address_lines)]


def _who(listing: Listing) -> list[str]:
    return [listing.eligibility, *listing.documents]


def _what(listing: Listing) -> list[str]:
    return [listing.description]


_READ: Final[Mapping[FieldGroup, Callable[[Listing], list[str]]]] = {
    FieldGroup.CONTACT: _contact,
    FieldGroup.HOURS: _hours,
    FieldGroup.PLACE: _place,
    FieldGroup.WHO_CAN_GO: _who,
    FieldGroup.WHAT: _what,
}

"""How old the facts of a listing are, in words: by group on its page, shortly in a list. Shared by all rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from resources_db import freshness, reviews
from resources_db.freshness import Grade
from resources_db.vocab import ConfirmMethod, FieldGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from resources_db.freshness import Freshness
    from resources_db.repositories.listing import Listing

GROUPS: Final[Mapping[FieldGroup, LazyText]] = {
    FieldGroup.CONTACT: lazy_gettext("Phone and e-mail"),
    FieldGroup.HOURS: lazy_gettext("Hours"),
    FieldGroup.PLACE: lazy_gettext("Place"),
    FieldGroup.WHO_CAN_GO: lazy_gettext("Who can go"),
    FieldGroup.WHAT: lazy_gettext("What it is"),
}
GRADES: Final[Mapping[Grade, LazyText]] = {
    Grade.FRESH: lazy_gettext("Fresh"),
    Grade.AGEING: lazy_gettext("Ageing"),
    Grade.STALE: lazy_gettext("Stale"),
    Grade.NEVER: lazy_gettext("Never confirmed"),
}
METHODS: Final[Mapping[ConfirmMethod, LazyText]] = {
    ConfirmMethod.AGENCY_LINK: lazy_gettext("by the agency"),
    ConfirmMethod.SMS_REPLY: lazy_gettext("by the agency, by text"),
    ConfirmMethod.PHONE_CALL: lazy_gettext("by the directory team, by phone"),
    ConfirmMethod.VISIT: lazy_gettext("by the directory team, on a visit"),
    ConfirmMethod.WEBSITE: lazy_gettext("by the directory team, from the website"),
    ConfirmMethod.IMPORT: lazy_gettext("by the source"),
}
FAMILIES: Final[Mapping[Grade, tuple[str, str]]] = {
    Grade.FRESH: ("good", "check"),
    Grade.AGEING: ("calm", "clock"),
    Grade.STALE: ("warn", "warning"),
    Grade.NEVER: ("warn", "ring-question"),
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of fields: its words, when it was confirmed and by whom, and its grade as the status words take it."""

    name: str
    said: str
    grade: str
    family: str
    drawing: str


def line(listing: Listing, now: datetime) -> str:
    """What a reader relies on first, such as "Phone confirmed 12 days ago, hours 400 days ago"."""
    return line_of(listing.confirmed.get(FieldGroup.CONTACT), listing.confirmed.get(FieldGroup.HOURS), now)


def line_of(phone: datetime | None, hours: datetime | None, now: datetime) -> str:
    """The same from the two moments."""
    if phone is None and hours is None:
        return _("Nobody has confirmed phone or hours yet.")
    if phone is None:
        assert hours is not None
        return _("Hours confirmed %(when)s, phone never.", when=formatting.ago(hours, now))
    if hours is None:
        return _("Phone confirmed %(when)s, hours never.", when=formatting.ago(phone, now))
    if phone.date() == hours.date():
        return _("Phone and hours confirmed %(when)s.", when=formatting.ago(phone, now))
    return _(
        "Phone confirmed %(phone)s, hours %(hours)s.",
        phone=formatting.ago(phone, now),
        hours=formatting.ago(hours, now),
    )


def short(listing: Listing, now: datetime) -> str:
    """Where phone and hours are of different ages: both, for a row of a list. Nothing where one number says it all."""
    phone, hours = listing.confirmed.get(FieldGroup.CONTACT), listing.confirmed.get(FieldGroup.HOURS)
    if freshness.grade(phone, now) is freshness.grade(hours, now):
        return ""
    return line(listing, now).removesuffix(".")


def rows(fresh: Freshness, now: datetime) -> list[GroupRow]:
    """Every group with its own date, for a listing's page and the agency's."""
    found = []
    for group, label in GROUPS.items():
        one = fresh.groups[group]
        if one.confirmed_at is None:
            said = _("Nobody has confirmed it yet.")
        elif one.method is None:
            said = _("Confirmed %(when)s.", when=formatting.ago(one.confirmed_at, now))
        else:
            how = str(METHODS[one.method])
            said = _("Confirmed %(when)s, %(how)s.", when=formatting.ago(one.confirmed_at, now), how=how)
        found.append(GroupRow(str(label), said, str(GRADES[one.grade]), *FAMILIES[one.grade]))
    return found


def doubt(listing: Listing, now: datetime) -> str:
    """The banner of a listing that two people found wrong lately; else nothing."""
    if not reviews.may_have_changed(listing.doubts, now):
        return ""
    return _("People told us that something here is not right. Call first.")

"""Rows of the queue in words: which listing, why, how often it is used, what is stale, whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext, ngettext
from portal import freshness_words, review_words
from referrals.listing_use import Use
from resources_db import freshness
from resources_db.freshness import Grade
from resources_db.vocab import FieldGroup, ReviewWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.listing_queue import Entry
    from resources_db.repositories.listing import Listing

USES: Final[Mapping[Use, LazyText]] = {
    Use.WEEKLY: lazy_gettext("Used every week"),
    Use.SOMETIMES: lazy_gettext("Used now and then"),
    Use.NEVER: lazy_gettext("Not used in 90 days"),
}
AGE_ALONE: Final = frozenset({ReviewWhy.OUTDATED, ReviewWhy.NEVER_CONFIRMED})


@dataclass(frozen=True, slots=True)
class Row:
    """One listing of the queue."""

    id: str
    name: str
    organization: str
    href: str
    edit: str
    why: str
    said: str
    notes: tuple[str, ...]
    use: str
    fresh: str
    stale: str
    phone: str
    shown_phone: str
    places: str
    family: str
    drawing: str
    taken: str


def rows(
    entries: Sequence[Entry], listings: Sequence[Listing], people: Mapping[uuid.UUID, str], now: datetime
) -> list[Row]:
    """The rows of a page; `people` are the names of those who took one on."""
    by_service: dict[uuid.UUID, list[Listing]] = {}
    for listing in listings:
        by_service.setdefault(listing.service_id, []).append(listing)
    return [_row(entry, by_service.get(entry.service_id, []), people, now) for entry in entries]


def _row(entry: Entry, places: list[Listing], people: Mapping[uuid.UUID, str], now: datetime) -> Row:
    phone = next((one.main_phone for one in places if one.main_phone), None)
    name = people.get(entry.assigned_to, "") if entry.assigned_to else ""
    return Row(
        id=str(entry.service_id),
        name=entry.name,
        organization=entry.organization if entry.organization != entry.name else "",
        href=url_for("directory.listing", key=str(places[0].key)) if places else "",
        edit=url_for("curation.listing_record", key=str(places[0].key)) if places else "",
        why=" · ".join(f"{review_words.why(why)}." for why in entry.whys),
        said=_said(entry, now),
        notes=tuple(review_words.note(text) for _why, text in entry.notes),
        use=str(USES[entry.use]),
        fresh=_fresh(entry, now),
        stale=_stale(entry, now),
        phone=phone.number if phone else "",
        shown_phone=formatting.phone(phone.number) if phone else "",
        places=ngettext("%(num)s place", "%(num)s places", len(places)) if len(places) > 1 else "",
        family="stop" if entry.times > 1 else "warn" if entry.times or entry.grade is Grade.NEVER else "calm",
        drawing="warning" if set(entry.whys) - AGE_ALONE else "clock",
        taken=_("%(name)s is on it", name=name) if name else "",
    )


def _said(entry: Entry, now: datetime) -> str:
    if not entry.times or entry.last_said_at is None:
        return ""
    when = formatting.ago(entry.last_said_at, now)
    return ngettext("Said once, %(when)s", "Said %(num)s times, last %(when)s", entry.times, when=when)


def _fresh(entry: Entry, now: datetime) -> str:
    phone, hours = entry.groups[FieldGroup.CONTACT], entry.groups[FieldGroup.HOURS]
    return freshness_words.line_of(phone, hours, now)


def _stale(entry: Entry, now: datetime) -> str:
    """The groups that need a word, as a list."""
    old = [
        str(freshness_words.GROUPS[group])
        for group, at in entry.groups.items()
        if freshness.grade(at, now) in {Grade.STALE, Grade.NEVER}
    ]
    return _("To ask about: %(groups)s", groups=formatting.list_of(old)) if old else ""

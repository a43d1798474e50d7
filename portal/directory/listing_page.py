"""One listing in full: what, when, where, how to start, what to bring, how sure we are. In words, nothing invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from flask import url_for

from i18n import formatting
from i18n.catalog import current_language
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import freshness_words, holiday_words, need_words, own_words, papers, search_words, who_can_go
from portal.directory import rows
from referrals.needs import SAFETY
from resources_db import hours
from resources_db.hours import DAY, TRUSTED
from resources_db.repositories.listing_texts import ALERT, BRING, DESCRIPTION, HOURS, NOTHING, START, WHO
from resources_db.repositories.listing_texts import COST as COST_WORDS
from resources_db.vocab import Access, Confidentiality, CostKind, ServiceStatus

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import date, datetime

    from portal.freshness_words import GroupRow
    from portal.parts import OpenWords, Room
    from portal.patient_context import PatientContext
    from resources_db.freshness import Freshness
    from resources_db.repositories.listing import Listing, ListingPhone
    from resources_db.repositories.listing_texts import Words

_DIRECTIONS = "https://www.openstreetmap.org/search"
_A_WEEK = 7

COST = {
    CostKind.FREE: lazy("Free"),
    CostKind.SLIDING: lazy("By income: you pay what you can"),
    CostKind.FEE: lazy("There is a fee"),
    CostKind.INSURANCE: lazy("Takes insurance"),
}
ACCESS = {
    Access.WALK_IN: lazy("Just come, no appointment"),
    Access.CALL_FIRST: lazy("Call first"),
    Access.APPOINTMENT: lazy("By appointment"),
    Access.REFERRAL_ONLY: lazy("A professional must ask for it"),
    Access.ONLINE: lazy("Online"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line; `lang` is set where the words are the source's own."""

    term: str
    lines: tuple[str, ...]
    own_words: bool = False
    machine: bool = False
    first_ours: bool = False
    """The first line is ours and in the reader's language, whoever wrote the others."""


@dataclass(frozen=True, slots=True)
class DayHours:
    day: str
    hours: str
    today: bool


@dataclass(frozen=True, slots=True)
class PhoneLine:
    number: str
    shown: str
    label: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    key: str
    service_id: uuid.UUID
    name: str
    organization: str
    description: Fact
    closed_for_good: bool
    alert: Fact
    open: OpenWords
    room: Room
    checked_days: int | None
    checked_words: str
    doubt: str
    fresh_line: str
    fresh_rows: tuple[GroupRow, ...]
    phones: tuple[PhoneLine, ...]
    directions: str
    place_lines: tuple[str, ...]
    hidden_place: bool
    area: str
    """Where a place is of which only the area is told."""
    protect_href: str
    website: str
    email: str
    week: tuple[DayHours, ...]
    hours_text: Fact
    facts: tuple[Fact, ...]
    dates: tuple[str, ...]
    lang: str
    patient: PatientContext | None
    back: str
    choose_href: str
    may_ask: bool
    """Whether a stranger may ask a care team about it: not for violence, where the directory and its phone lead."""

    @property
    def partly_english(self) -> bool:
        """Whether words stand here that are not in the reader's language."""
        free = (self.description, self.alert, self.hours_text, *self.facts)
        return bool(self.lang) and any(one.own_words and one.lines for one in free)


def page(
    listing: Listing,
    fresh: Freshness,
    patient: PatientContext | None,
    *,
    now: datetime,
    own: Mapping[str, Words] = NOTHING,
) -> ListingPage:
    """Everything of a listing that the public may see; `own` are its words in the reader's language."""
    hidden = listing.confidentiality is not Confidentiality.PUBLIC
    return ListingPage(
        key=str(listing.key),
        service_id=listing.key.service_id,
        name=listing.name,
        organization="" if listing.organization_name == listing.name else listing.organization_name,
        description=_free(DESCRIPTION, "", listing.description, own),
        closed_for_good=listing.status is not ServiceStatus.ACTIVE,
        alert=_free(ALERT, "", listing.alert_at(now), own),
        open=rows.open_words(listing.open_status(now), listing.timezone, now),
        room=rows.room(listing, now),
        checked_days=rows.checked_days(listing, now),
        checked_words=freshness_words.short(listing, now),
        doubt=freshness_words.doubt(listing, now),
        fresh_line=freshness_words.line(listing, now),
        fresh_rows=tuple(freshness_words.rows(fresh, now)),
        phones=tuple(_phone(phone) for phone in listing.phones if phone.kind != "fax"),
        directions=_directions(listing),
        place_lines=listing.address_lines if not hidden else (),
        hidden_place=hidden,
        area=_area(listing) if hidden else "",
        protect_href=url_for("curation.confidential_place", location_id=listing.location_id)
        if listing.location_id
        else "",
        website=listing.url if urlsplit(listing.url).scheme in {"http", "https"} else "",
        email=listing.email,
        week=_week(listing, now),
        hours_text=_free(HOURS, "", "" if _said(listing, HOURS) else listing.hours_text, own),
        facts=tuple(_facts(listing, own)),
        dates=tuple(_dates(listing, now)),
        lang="en" if current_language().code != "en" else "",
        patient=patient,
        back=url_for("directory.search") + (f"?for={patient.id}" if patient else ""),
        choose_href=_choose(listing, patient),
        may_ask=listing.status is ServiceStatus.ACTIVE and not SAFETY & {*listing.needs, *listing.also_serves},
    )


def _choose(listing: Listing, patient: PatientContext | None) -> str:
    if patient is None or not patient.compose_href:
        return ""
    return f"{patient.compose_href}?{urlencode({'listing': str(listing.key)})}"


def _phone(phone: ListingPhone) -> PhoneLine:
    shown = formatting.phone(phone.number) if phone.number else phone.display
    if phone.vanity:
        shown = f"{phone.vanity} ({shown})"
    return PhoneLine(phone.number, f"{shown} x{phone.extension}" if phone.extension else shown, phone.label)


def _area(listing: Listing) -> str:
    if not (listing.city and listing.zip3):
        return ""
    # Translators: where a protected place is, no closer than this: "In Cincinnati, ZIP codes that begin with 452."
    return _("In %(city)s, ZIP codes that begin with %(digits)s.", city=listing.city, digits=listing.zip3)


def _directions(listing: Listing) -> str:
    if not listing.address_lines or listing.confidentiality is not Confidentiality.PUBLIC:
        return ""
    return f"{_DIRECTIONS}?{urlencode({'query': ', '.join(listing.address_lines)})}"


def _week(listing: Listing, now: datetime) -> tuple[DayHours, ...]:
    """The coming seven days; empty when the hours are not sure enough to lay out."""
    if not listing.rules or min(rule.confidence for rule in listing.rules) < TRUSTED:
        return ()
    today = formatting.local(now, listing.timezone).date()
    days = [today + timedelta(days=ahead) for ahead in range(_A_WEEK)]
    return tuple(DayHours(formatting.day(day), _day_hours(listing, day), day == today) for day in days)


def _day_hours(listing: Listing, day: date) -> str:
    if holiday := hours.holiday_unsaid(listing.rules, day):
        return _("%(holiday)s: call first", holiday=holiday_words.name(holiday))
    spans = hours.intervals(listing.rules, day)
    if not spans:
        return _("Closed")
    if spans == [(0, DAY)]:
        return _("Open all day")
    return formatting.list_of(formatting.hours(_clock(opens), _clock(closes)) for opens, closes in spans)


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _free(field: str, term: str, said: str, own: Mapping[str, Words]) -> Fact:
    """Free text: in the reader's language where there is one, else as the listing wrote it."""
    spoken = own.get(field) if said else None
    if spoken:
        return Fact(term, (spoken.text,), machine=spoken.machine)
    return Fact(term, _own(said), own_words=True)


def _said(listing: Listing, field: str) -> bool:
    """Whether the catalogs say it in the reader's language; then the English stays away."""
    return current_language().code != "en" and own_words.known(listing, field)


def _facts(listing: Listing, own: Mapping[str, Words]) -> list[Fact]:
    facts = [
        Fact(_("Helps with"), tuple(need_words.need(need) for need in (*listing.needs, *listing.also_serves))),
        Fact(_("How to start"), (str(ACCESS[listing.access]),) if listing.access else ()),
        _free(START, _("How to apply"), "" if _said(listing, START) else listing.application_process, own),
        _bring(listing, own),
        _cost(listing, own),
        _who(listing, own),
        Fact(_("Ages"), _ages(listing)),
        Fact(_("Languages"), tuple(search_words.language_name(code) for code in listing.languages)),
        Fact(_("Who is served"), tuple(area.text for area in listing.areas if area.text), own_words=True),
        Fact(_("Access for disabled people"), listing.accessibility, own_words=True),
    ]
    return [fact for fact in facts if fact.lines]


def _bring(listing: Listing, own: Mapping[str, Words]) -> Fact:
    if BRING in own and listing.documents:
        return _free(BRING, _("What to bring"), ", ".join(listing.documents), own)
    words = [papers.known(paper) for paper in listing.documents] if current_language().code != "en" else [None]
    if all(words):
        return Fact(_("What to bring"), tuple(word for word in words if word))
    return Fact(_("What to bring"), listing.documents, own_words=True)


def _who(listing: Listing, own: Mapping[str, Words]) -> Fact:
    foreign = current_language().code != "en"
    known = who_can_go.known(listing.eligibility) if foreign and WHO not in own else None
    return Fact(_("Who can go"), (known,)) if known else _free(WHO, _("Who can go"), listing.eligibility, own)


def _own(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _cost(listing: Listing, own: Mapping[str, Words]) -> Fact:
    said = _free(COST_WORDS, _("Cost"), listing.cost_text, own)
    words = COST.get(listing.cost_kind)
    return said if words is None else replace(said, lines=(str(words), *said.lines), first_ours=True)


def _ages(listing: Listing) -> tuple[str, ...]:
    low, high = listing.minimum_age, listing.maximum_age
    if low and high:
        return (_("%(low)s to %(high)s years", low=formatting.number(low), high=formatting.number(high)),)
    if low:
        return (_("%(low)s years and older", low=formatting.number(low)),)
    return (_("Up to %(high)s years", high=formatting.number(high)),) if high else ()


def _dates(listing: Listing, now: datetime) -> list[str]:
    """Two dates that never count as confirmed: changed, and looked at."""
    said = [_("Last changed %(when)s.", when=formatting.ago(listing.edited_at, now))]
    if listing.looked_at:
        said.append(_("Last looked at %(when)s.", when=formatting.ago(listing.looked_at, now)))
    return said

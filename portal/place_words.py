"""A listing in the patient's language, in the order of what a person does next: for the page and the printed list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from i18n import formatting
from i18n.catalog import current_language, patient
from portal import need_words, papers, who_can_go
from resources_db.hours import TRUSTED, OpenState
from resources_db.repositories.listing_texts import BRING, DESCRIPTION, HOURS, NOTHING, WHO, Words
from resources_db.repositories.listing_texts import COST as COST_WORDS
from resources_db.vocab import Access, CapacityState, CostKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resources_db.hours import HoursRule, OpenStatus
    from resources_db.repositories.listing import Listing

_ = patient.gettext

# Translators: what the place said about room; "room" means they can take people
ROOM = {
    CapacityState.OPEN: patient.lazy_gettext("there is room"),
    CapacityState.LIMITED: patient.lazy_gettext("there is some room"),
    CapacityState.WAITLIST: patient.lazy_gettext("there is a wait"),
    CapacityState.FULL: patient.lazy_gettext("full for now"),
    CapacityState.PAUSED: patient.lazy_gettext("paused for now"),
    CapacityState.OUT_OF_FUNDS: patient.lazy_gettext("no funds for now"),
}
COST = {
    # Translators: what a service costs
    CostKind.FREE: patient.lazy_gettext("Free"),
    CostKind.SLIDING: patient.lazy_gettext("You pay what you can, by income"),
    CostKind.FEE: patient.lazy_gettext("There is a cost. Ask when you call"),
    CostKind.INSURANCE: patient.lazy_gettext("They take insurance. Ask when you call"),
}
ACCESS = {
    # Translators: how to start with a service
    Access.WALK_IN: patient.lazy_gettext("Just go, no appointment"),
    Access.CALL_FIRST: patient.lazy_gettext("Call first"),
    Access.APPOINTMENT: patient.lazy_gettext("By appointment. Call to get one"),
    Access.REFERRAL_ONLY: patient.lazy_gettext("We ask for you. Wait for their call"),
    Access.ONLINE: patient.lazy_gettext("Online"),
}
EVERY_DAY = 7
ADDRESS = "address"
"""Marks the one fact that is an address."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of facts. `lang` is set where the words are not in the reader's language."""

    term: str
    text: str
    lang: str = ""
    machine: bool = False
    """A machine translated it; shown with that mark only."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place on the patient's page."""

    name: str
    what: str
    what_lang: str
    what_machine: bool
    shut: bool
    headline: str
    detail: str
    phone: str
    phone_shown: str
    directions: str
    facts: tuple[Fact, ...]
    english_parts: bool


def place(
    listing: Listing,
    *,
    now: dt.datetime,
    map_url: str,
    own: Mapping[str, Words] = NOTHING,
    address: bool = True,
) -> Place:
    """The place in the language of the moment; `own` are its free texts in that language, as far as they may be shown.

    A place that is not public, or shown without `address`, has no address and no directions.
    """
    status = listing.open_status(now)
    headline, detail = open_words(status, listing.timezone, now)
    main = listing.main_phone
    facts = tuple(fact for fact in _facts(listing, now, own) if address or fact.lang != ADDRESS)
    # Where no address may stand, none may hide in a description either.
    what, what_lang = _what(listing, own) if address else (Words(""), current_language().code)
    return Place(
        name=listing.name,
        what=what.text,
        what_lang=what_lang,
        what_machine=what.machine,
        shut=status.state is not OpenState.OPEN,
        headline=headline,
        detail=detail,
        phone=main.number if main else "",
        phone_shown=formatting.phone(main.number) if main else "",
        directions=_directions(listing, map_url) if address else "",
        facts=facts,
        english_parts="en" in {what_lang, *(fact.lang for fact in facts)},
    )


def _what(listing: Listing, own: Mapping[str, Words]) -> tuple[Words, str]:
    """What it is, and in which language: its own words in the reader's language, else the name of the need."""
    code = current_language().code
    words = Words(listing.description) if code == "en" else own.get(DESCRIPTION, Words(""))
    if listing.sensitive or not (words.text or listing.needs):
        return Words(""), code
    return (words, code) if words.text else (Words(need_words.need(listing.needs[0])), need_words.need_language())


def open_words(status: OpenStatus, zone: str, now: dt.datetime) -> tuple[str, str]:
    """Whether the door is open, as a headline and the clock word that goes with it."""
    if status.state is OpenState.OPEN:
        until = _("Today until %(time)s", time=formatting.time(status.until, zone)) if status.until else ""
        return _("Open now"), until
    if status.state is OpenState.CLOSED:
        return _("Closed now"), _next_opening(status.opens_at, zone, now)
    return _("Call first"), _("We are not sure about the hours.")


def _next_opening(opens_at: dt.datetime | None, zone: str, now: dt.datetime) -> str:
    if opens_at is None:
        return ""
    time = formatting.time(opens_at, zone)
    day = formatting.local(opens_at, zone).date()
    if day == formatting.local(now, zone).date():
        return _("Opens today at %(time)s", time=time)
    return _("Opens %(day)s at %(time)s", day=formatting.long_day(day), time=time)


def _facts(listing: Listing, now: dt.datetime, own: Mapping[str, Words]) -> list[Fact]:
    found = [
        _where(listing),
        Fact(_("How to start"), str(ACCESS[listing.access])) if listing.access else None,
        *_papers(listing, own),
        _cost(listing, own),
        _who(listing, own),
        _speaks(listing),
        _days(listing, own),
        _checked(listing, now),
    ]
    return [fact for fact in found if fact]


def _where(listing: Listing) -> Fact | None:
    if not listing.address_lines:
        return None
    return Fact(_("Where"), ", ".join(listing.address_lines), ADDRESS)


def _papers(listing: Listing, own: Mapping[str, Words]) -> list[Fact]:
    if not listing.documents:
        return []
    words = [papers.known(paper) for paper in listing.documents]
    if all(words):
        return [Fact(_("What to bring"), formatting.sentences(word for word in words if word))]
    return [_free(_("What to bring"), ", ".join(listing.documents), own.get(BRING))]


def _free(term: str, said: str, spoken: Words | None) -> Fact:
    """Free text: in the reader's language where there is one, else as the listing wrote it."""
    return Fact(term, spoken.text, machine=spoken.machine) if spoken else Fact(term, said, "en")


def _cost(listing: Listing, own: Mapping[str, Words]) -> Fact | None:
    words = COST.get(listing.cost_kind)
    if words is not None:
        return Fact(_("Cost"), str(words))
    return _free(_("Cost"), listing.cost_text, own.get(COST_WORDS)) if listing.cost_text else None


def _who(listing: Listing, own: Mapping[str, Words]) -> Fact | None:
    if not listing.eligibility:
        return None
    foreign = current_language().code != "en"
    known = who_can_go.known(listing.eligibility) if foreign and WHO not in own else None
    if known:
        return Fact(_("Who can go"), known)
    return _free(_("Who can go"), listing.eligibility, own.get(WHO))


def _speaks(listing: Listing) -> Fact | None:
    if not listing.languages:
        return None
    return Fact(_("They speak"), formatting.list_of(map(formatting.language_name, listing.languages)))


def _days(listing: Listing, own: Mapping[str, Words]) -> Fact | None:
    weekly = _weekly(listing.rules)
    if weekly:
        return Fact(_("Days"), "; ".join(weekly))
    return _free(_("Days"), listing.hours_text, own.get(HOURS)) if listing.hours_text else None


def weekly_hours(listing: Listing) -> str:
    """The opening hours as one line, where they are plainly weekly."""
    return weekly_rules(listing.rules)


def weekly_rules(rules: Sequence[HoursRule]) -> str:
    """The same of rules alone."""
    return "; ".join(_weekly(rules))


def _weekly(rules: Sequence[HoursRule]) -> list[str]:
    """Weekly hours in words, nothing when any rule is not plainly weekly: half a week would mislead."""
    regular = [rule for rule in rules if not rule.special]
    if min((rule.confidence for rule in rules), default=0.0) < TRUSTED:
        return []
    if not regular or any(rule.monthly or rule.month_days or rule.every != 1 for rule in regular):
        return []
    days_by_span: dict[tuple[int, int], list[int]] = {}
    for rule in regular:
        days_by_span.setdefault((rule.opens, rule.closes), []).extend(rule.weekdays)
    return [_span(sorted(set(days)), opens, closes) for (opens, closes), days in days_by_span.items()]


def _span(days: list[int], opens: int, closes: int) -> str:
    start, end = _clock(opens), _clock(closes)
    if len(days) == EVERY_DAY:
        return _("Every day, %(hours)s", hours=formatting.hours(start, end))
    return formatting.day_and_hours(days, start, end)


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)


def _checked(listing: Listing, now: dt.datetime) -> Fact | None:
    words = []
    today = formatting.local(now, listing.timezone).date()
    if listing.confirmed_at:
        checked = formatting.local(listing.confirmed_at, listing.timezone).date()
        words.append(_("We checked %(when)s.", when=formatting.days_ago(checked, today)))
    room = listing.capacity
    if room and room.state in ROOM:
        said = formatting.short_date(formatting.local(room.said_at, listing.timezone).date())
        words.append(_("On %(date)s they said: %(room)s.", date=said, room=str(ROOM[room.state])))
    return Fact(_("Checked"), formatting.sentences(words)) if words else None


def _directions(listing: Listing, map_url: str) -> str:
    if not map_url or not listing.address_lines or listing.sensitive:
        return ""
    query = " ".join(listing.address_lines)
    return f"{map_url}?{urlencode({'query': query})}"

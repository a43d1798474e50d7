"""The rows of Today: what each says, and what can be done with it at once. Makes words of items; asks no database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import need_words
from portal.caseload import next_places, presenters, today_view, why_words
from portal.parts import TodoRow
from referrals import rereferral, worklist
from resources_db.vocab import WhyCode

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from portal.caseload.today_view import View
    from referrals.absences import Away
    from referrals.caseload import TodayItem
    from resources_db.listing_key import ListingKey
    from resources_db.repositories.listing import Listing

W = WhyCode
WORDS_FOR: dict[WhyCode, str] = {
    W.NO_ANSWER_TWICE: "missed_you",
    W.HOME_FROM_HOSPITAL: "call_me",
    W.PATIENT_WANTS_CALL: "missed_you",
    W.CONTACT_DUE: "how_did_it_go",
    W.NEED_UNSURE: "how_did_it_go",
    W.DISAGREEMENT: "how_did_it_go",
    W.NEEDS_PAPERS: "bring_papers",
    W.AGENCY_FULL: "on_it",
    W.AGENCY_SAID_NO: "on_it",
    W.NOT_SERVED: "on_it",
    W.NO_REPLY: "on_it",
    W.NO_RESPONSE: "on_it",
    W.PATIENT_COULD_NOT: "on_it",
    W.PATIENT_OTHER_HELP: "on_it",
    W.WAITLIST_OTHERS: "on_it",
}
"""Which of the shipped texts stands ready when Text is pressed on an item."""
ANSWERED_IN_TEXTS = frozenset({W.PATIENT_WROTE, W.MAY_WANT_STOP})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page: what it says, and what can be done with it at once."""

    todo: TodoRow
    patient_id: uuid.UUID
    first_name: str
    phone: str
    agency: str
    agency_phone: str
    ask_for: str
    careful: str
    """How to reach the person safely, where the record says so."""
    text_href: str
    next_href: str
    next_first: bool
    """Whether another place is the next step, or one beside a call to the agency."""
    decide_href: str
    outcome_href: str
    all_href: str
    all_words: str


@dataclass(frozen=True, slots=True)
class Day:
    """What all rows of one page share."""

    now: dt.datetime
    zone: str
    view: View
    away: Mapping[uuid.UUID, Away]
    places: Mapping[ListingKey, Listing]
    """The listings that items are about or hold ready."""
    counts: Mapping[uuid.UUID, int]
    """How many items each patient has on this page."""


def _answers(item: TodayItem) -> str:
    """The answers that an item about a screening is about."""
    screening_id = item.facts.get("screening") if item.why is W.SCREENING_WAITS else None
    return url_for("screening.result", screening_id=screening_id) if screening_id else ""


def row(item: TodayItem, day: Day) -> Row:
    """One item as the page shows it."""
    why = why_words.words(item, now=day.now, zone=day.zone)
    due, late = _due(item.due_at, day)
    need = need_words.need(item.subneed) if item.subneed else ""
    record = url_for("caseload.record", patient_id=item.patient_id)
    texts = url_for("caseload.conversation", patient_id=item.patient_id)
    home = texts if item.why in ANSWERED_IN_TEXTS else _answers(item) or record
    referral = url_for("caseload.referral", referral_id=item.referral_id, back="today") if item.referral_id else ""
    many = day.counts.get(item.patient_id, 0) if day.view.patient_id is None else 0
    place = day.places.get(item.place) if item.place and item.why in today_view.KINDS["agency"][1] else None
    return Row(
        todo=TodoRow(
            id=str(item.id),
            who=item.name,
            href=referral or home,
            because=why.because,
            tagline=" · ".join(word for word in (presenters.language_name(item.language), need) if word),
            more=why.more,
            due=due,
            late=late,
            icon=why.icon,
            family=why.family,
            next=_next(item, day),
            mark=_sleeps(item, day) if day.view.view == "snoozed" else _for_whom(item, day),
        ),
        patient_id=item.patient_id,
        first_name=item.first_name,
        phone=item.phone,
        agency=place.name if place else "",
        agency_phone=place.main_phone.number if place and place.main_phone else "",
        ask_for=item.ask_for,
        careful=item.safe_contact,
        text_href=_text(item, texts),
        next_href=url_for("caseload.next_place", item_id=item.id) if item.why in worklist.NEXT_PLACES else "",
        next_first=item.why is not W.NO_REPLY,
        decide_href=f"{record}#consent" if item.why is W.MAY_WANT_STOP else "",
        outcome_href=f"{referral}#learned" if referral else "",
        all_href=day.view.href(patient_id=item.patient_id) if many > 1 else "",
        all_words=ngettext("%(num)s item of %(name)s", "All %(num)s items of %(name)s", many, name=item.first_name)
        if many > 1
        else "",
    )


def _next(item: TodayItem, day: Day) -> str:
    """The best place that stands ready and still has not said that it is full."""
    ready = (day.places[key] for key in rereferral.ready(item.facts) if key in day.places)
    best = next((one for one in ready if not rereferral.is_full(one, day.now)), None)
    return _("Next: %(place)s", place=next_places.words(best, item.zip, now=day.now)) if best is not None else ""


def _text(item: TodayItem, texts: str) -> str:
    if not item.may_text:
        return ""
    ready = WORDS_FOR.get(item.why)
    return f"{texts}?ready={ready}#write" if ready else f"{texts}#write"


def _for_whom(item: TodayItem, day: Day) -> str:
    away = day.away.get(item.owner_id) if item.owner_id else None
    if away is None:
        return ""
    name = away.who.name.split(" ")[0]
    return _("for %(name)s until %(date)s", name=name, date=formatting.short_date(away.until_on))


def _sleeps(item: TodayItem, day: Day) -> str:
    assert item.snoozed_until is not None
    local = formatting.local(item.snoozed_until, day.zone)
    return _("Sleeps until %(day)s.", day=formatting.day(local.date()))


def _due(due_at: dt.datetime, day: Day) -> tuple[str, bool]:
    due, today = formatting.local(due_at, day.zone).date(), formatting.local(day.now, day.zone).date()
    if due < today:
        return ngettext("%(num)s day late", "%(num)s days late", (today - due).days), True
    if due == today:
        return _("Today"), True
    return formatting.day(due), False

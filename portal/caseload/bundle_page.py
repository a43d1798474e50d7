"""The page of a bundle as it stands: what was picked, the places of each need, and what would be sent."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import listing_status, need_words, search_words
from portal.caseload import compose, send_words, texting_words
from portal.caseload.bundle_find import Search
from portal.parts import OpenWords
from referrals import bundle_places, needs, prepare, senders
from referrals.bundle_forms import MOST_NEEDS
from referrals.errors import Why
from resources_db.listing_key import BadListingKeyError, ListingKey

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.caseload.send_words import Earlier, FactRow
    from referrals.bundle_places import Offer
    from referrals.bundles import Kit
    from referrals.prepare import Draft
    from resources_db.models.people import Patient
    from resources_db.repositories.listing import CapacityView, Listing

MOST_NOTE = 500
MOST_KEY = 80
NONE, SKIP = "none", "skip"
"""Picks beside a place: the need goes on the list of the team, or stays out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it stands: in the address, in a preview, and in the pressed form. Picks are by position."""

    picks: tuple[str, ...]
    version: int
    form_key: str
    came_home: str = ""
    note: str = ""
    ticked: frozenset[str] | None = None
    with_person: bool = False

    def address(self, patient_id: uuid.UUID, bundle_id: uuid.UUID) -> str:
        """The address of this page as it stands; it carries ids and codes only."""
        pairs = [(f"p{number}", pick) for number, pick in enumerate(self.picks) if pick]
        pairs += [("v", str(self.version))]
        pairs += [("home", self.came_home)] if self.came_home else []
        pairs += [("with_person", "y")] if self.with_person else []
        return f"{url_for('caseload.bundle', patient_id=patient_id, bundle_id=bundle_id)}?{urlencode(pairs)}"


@dataclass(frozen=True, slots=True)
class Option:
    """One place of a need, in the order of a phone call."""

    pick: str
    name: str
    distance: str
    open: OpenWords
    room: CapacityView | None
    why: str


@dataclass(frozen=True, slots=True)
class NeedPart:
    """One need of the bundle: its name, what is picked for it, and why it stays out at first."""

    number: int
    name: str
    chosen: str
    options: tuple[Option, ...]
    words: str
    waits: bool
    """Whether the agreement to share is missing."""
    problem: str

    @property
    def place(self) -> Option | None:
        """The place that is picked."""
        return next((one for one in self.options if one.pick == self.chosen), None)

    @property
    def others(self) -> tuple[Option, ...]:
        """Places to swap it with."""
        return tuple(one for one in self.options if one.pick != self.chosen)


@dataclass(frozen=True, slots=True)
class View:
    """All of the page. `draft` is None where no need has a place; `share` are kinds of services to be agreed on."""

    parts: tuple[NeedPart, ...]
    picks: tuple[str, ...]
    draft: Draft | None
    facts: list[FactRow]
    agreed: list[str]
    warned: list[Earlier]
    text_why: str
    goes_out: str
    hours: str
    share: tuple[str, ...]
    listed: int
    """Needs that go on the list without a place."""


def of(session: Session, patient: Patient, kit: Kit, asked: Asked, *, now: datetime) -> View:
    """What the page shows for these picks; what was picked and is no longer offered falls back to the best place."""
    search = Search(session)
    offers = bundle_places.resolve(session, patient.id, kit, search, now=now)
    picked = asked.picks if asked.version in {0, kit.version} else ()
    picks = tuple(_settled(offer, picked, number) for number, offer in enumerate(offers))
    answering = {
        ListingKey.parse(pick): offer.item.subneed
        for offer, pick in zip(offers, picks, strict=True)
        if pick not in {NONE, SKIP}
    }
    zone = senders.org_of(session, patient.org_id).timezone
    draft = _draft(session, patient, answering, asked, now) if answering else None
    # A missing agreement is said once for all places, beside the button that mends it.
    problems = {
        place.subneed: send_words.why(place.problem)
        for place in (draft.places if draft else ())
        if place.problem and place.problem is not Why.NO_CONSENT
    }
    missing = draft.missing_consent if draft else ()
    waiting = {place.subneed for place in missing}
    return View(
        parts=tuple(
            _part(number, offer, picks[number], search, problems, waiting, now) for number, offer in enumerate(offers)
        ),
        picks=picks,
        draft=draft,
        facts=send_words.facts(draft, asked.ticked) if draft else [],
        agreed=compose.agreed(draft, zone) if draft else [],
        warned=send_words.warnings(draft.warnings, zone) if draft else [],
        text_why=texting_words.why(draft.texting) if draft else "",
        goes_out=texting_words.goes_out(draft.timing, zone) if draft else "",
        hours=formatting.hours(compose.rules().hours.opens, compose.rules().hours.closes),
        share=tuple(dict.fromkeys(needs.domain_of(place.subneed) for place in missing)),
        listed=picks.count(NONE),
    )


def _settled(offer: Offer, picked: Sequence[str], number: int) -> str:
    known = {str(place.key) for place in offer.places} | {NONE, SKIP}
    if number < len(picked) and picked[number] in known:
        return picked[number]
    if offer.left_out:
        return SKIP
    return str(offer.places[0].key) if offer.places else NONE


def _draft(session: Session, patient: Patient, answering: dict[ListingKey, str], asked: Asked, now: datetime) -> Draft:
    return prepare.prepare(
        session,
        patient_id=patient.id,
        keys=list(answering),
        answering=answering,
        form_key=asked.form_key,
        with_person=asked.with_person,
        now=now,
        rules=compose.rules(),
    )


def _part(
    number: int, offer: Offer, pick: str, search: Search, problems: dict[str, str], waiting: set[str], now: datetime
) -> NeedPart:
    subneed = offer.item.subneed
    words = ""
    if offer.agency:
        words = _("%(agency)s helps with this already.", agency=offer.agency)
    elif offer.not_wanted:
        words = _("The patient did not want help with this.")
    return NeedPart(
        number=number,
        name=need_words.need(subneed),
        chosen=pick,
        options=tuple(_option(subneed, place, search, now) for place in offer.places),
        words=words,
        waits=subneed in waiting and pick not in {NONE, SKIP},
        problem=problems.get(subneed, "") if pick not in {NONE, SKIP} else "",
    )


def _option(subneed: str, place: Listing, search: Search, now: datetime) -> Option:
    hit = search.hits[subneed, place.key]
    return Option(
        pick=str(place.key),
        name=place.name,
        distance=formatting.miles(hit.distance_m) if hit.distance_m is not None else "",
        open=listing_status.open_words(place, now),
        room=place.capacity,
        why=search_words.why(hit.why),
    )


def asked_now() -> Asked:
    values = request.values
    return Asked(
        picks=tuple(_pick(values.get(f"p{number}", "")) for number in range(MOST_NEEDS)),
        version=values.get("v", default=0, type=int),
        form_key=values.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(24),
        came_home=values.get("home", "")[:10].strip(),
        note=request.form.get("note", "")[:MOST_NOTE],
        ticked=frozenset(request.form.getlist("field")) if "fields_shown" in request.form else None,
        with_person=values.get("with_person") == "y",
    )


def _pick(typed: str) -> str:
    """A pick that can be one; anything else is as if nothing had been picked."""
    try:
        return typed if typed in {"", NONE, SKIP} else str(ListingKey.parse(typed))
    except BadListingKeyError:
        return ""

"""Shows the agency's page as far as this browser may see it: neutral, the code, the referral, or withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n import catalog
from i18n.locales import CatalogState
from portal import db, htmx, locale, need_words, room_words
from portal.agency import listing_form, passes, words
from portal.auth import link_guard
from referrals import agency, agency_messages, senders
from resources_db.models.access import AccessLink
from resources_db.models.referrals import AgencyContact
from resources_db.vocab import CapacityState, ReferralState

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

    from portal.agency.listing_form import ListingForm
    from referrals.agency import ReceiverView
    from resources_db.repositories.listing import Listing

MOST_KEY: Final = 80
MOST_TEXT: Final = 2_000
UNANSWERED: Final = frozenset({ReferralState.SENT, ReferralState.SEEN})


@dataclass(frozen=True, slots=True)
class Seen:
    """A link's referral as this browser sees it. `passed`: its button was pressed here within half an hour."""

    view: ReceiverView
    passed: bool
    stepped_up: bool
    stopped: bool
    zone: str
    hint: str = ""
    by_text: bool = False
    """Whether the agency has a phone on file, from which digits answer."""
    code_waits: bool = False
    locked: bool = False


def read(session: Session, *, just_opened: bool = False, record: bool = False) -> Seen:
    """What the page needs. With `record` a person shown is written down as a disclosure."""
    link = own_link(session)
    held = passes.held(session, link)
    stepped_up = held is not None and held.stepped_up
    now = db.now()
    view = agency.look(session, link, stepped_up=stepped_up, now=now, record=record)
    contact = session.get(AgencyContact, link.contact_id) if link.contact_id else None
    return Seen(
        view=view,
        passed=just_opened or held is not None,
        stepped_up=stepped_up,
        stopped=agency_messages.stopped(session, link),
        zone=senders.org_of(session, link.org_id).timezone,
        hint=_hint(contact),
        by_text=contact is not None and bool(contact.phone),
        code_waits=link.code_hash is not None and link.code_expires_at is not None and link.code_expires_at > now,
        locked=link.locked_at is not None,
    )


def own_link(session: Session) -> AccessLink:
    """The link of this request, as a row of this session."""
    return session.get_one(AccessLink, link_guard.opened().id)


def show(token: str, seen: Seen, *, status: int = 200, **more: object) -> Response:
    """The page that fits."""
    view = seen.view
    if view.withdrawn:
        return render(token, seen, "agency/withdrawn.html", status=status)
    if not seen.passed:
        return render(token, seen, "agency/neutral.html", status=status)
    if view.code_needed:
        speak(view.language)
        context = {"rows": words.before_code(), "answered": view.state not in UNANSWERED, "problem": "", **more}
        return render(token, seen, "agency/code.html", status=status, **context)
    context = {**_referral(seen), "note": "", **more}
    return render(token, seen, "agency/referral.html", status=status, **context)


def render(token: str, seen: Seen, template: str, *, status: int = 200, **more: object) -> Response:
    """A page of the agency, in its language, with the facts every one of them has."""
    view = seen.view
    speak(view.language)
    context: dict[str, object] = {
        "care_team": view.org_name,
        "care_phone": view.sender.phone,
        "view": view,
        "seen": seen,
        "sent_on": words.day(view, seen.zone),
        "undo_until": view.undo_until,
        "urls": {name: address(name, token) for name in ADDRESSES},
        "home": url_for("links.open_link", token=token, l=asked()),
        "key": new_key(),
        **more,
    }
    return htmx.render(template, block=None, status=status, **context)


def listing_context(seen: Seen, form: ListingForm | None = None) -> dict[str, object]:
    """Room and listing, for the pages that end with them."""
    listing = seen.view.listing
    return {
        "rooms": [(state.value, *words.ROOM[state]) for state in words.ROOM],
        "room": listing_form.room_now(listing, db.now()),
        "room_errors": [],
        "room_said": "",
        "room_note": room_note(listing),
        "room_weeks": "",
        "listing_problem": "",
        "listing_form": form or (listing_form.of(listing, db.now()) if listing else None),
    }


def room_note(listing: Listing | None) -> str:
    """How long the wait is, beside the word "Waitlist"."""
    said = listing.capacity if listing is not None else None
    return room_words.wait(said.weeks) if said is not None and said.state is CapacityState.WAITLIST else ""


def address(name: str, token: str) -> str:
    """Where a form of the page posts; the chosen language stays in the address."""
    return url_for(f"agency.{name}", token=token, l=asked())


def speak(code: str) -> None:
    """The language in the address, else the agency's own."""
    if asked() is None:
        locale.speak(code)


def asked() -> str | None:
    """The language chosen on the page; it lives in the address."""
    code = request.args.get(locale.ARGUMENT, "")
    complete = {one.code for one in catalog.offered() if one.status is CatalogState.COMPLETE}
    return code if code in complete else None


def new_key() -> str:
    """What makes a form sent twice count once."""
    return secrets.token_urlsafe(16)


def given_key() -> str:
    """The key of the form that was sent."""
    return request.form.get("key", "")[:MOST_KEY] or new_key()


def given_text() -> str:
    """What was typed in words."""
    return request.form.get("text", "").strip()[:MOST_TEXT]


ADDRESSES: Final = (
    "open_page",
    "check_code",
    "new_code",
    "answer",
    "undo",
    "ask",
    "say_room",
    "change_listing",
    "edit_page",
    "stop",
    "start",
    "answer_these_too",
)


def _referral(seen: Seen) -> dict[str, object]:
    speak(seen.view.language)  # the words below are made before the page is
    view = seen.view
    return {
        "heading": words.heading(view),
        "title": words.title(view),
        "need": need_words.need(view.subneed) if view.subneed else "",
        "person": words.person_rows(view.person, view.note) if view.person else [],
        "rows": words.answers(view),
        "answered": view.state not in UNANSWERED,
        **listing_context(seen),
    }


def _hint(contact: AgencyContact | None) -> str:
    from referrals import contacts

    ways = contacts.channels(contact) if contact is not None else ()
    if contact is None or not ways:
        return ""
    way = ways[0].value
    return words.contact_hint(way, contact.phone if way == "sms" else contact.email)

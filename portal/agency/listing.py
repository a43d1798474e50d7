"""What an agency says of its own service in the same visit: room, corrections, and that it wants no more messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.agency import edit, listing_form, page
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from referrals import agency_full, agency_listing, agency_messages
from resources_db import capacity, proposals
from resources_db.listing_fields import BadFieldError
from resources_db.proposals import ProposalError
from resources_db.vocab import CapacityState

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.agency.listing_form import ListingForm
    from portal.agency.page import Seen

SAME_VISIT: Final = timedelta(minutes=10)
"""The same word about room within this time is the same form sent twice."""
MOST_WEEKS, LONGEST_WEEKS = 104, 3
FARTHEST: Final = timedelta(days=366)


@blueprint.post("/r/<token>/agency/room")
@link("agency")
def say_room(token: str) -> ResponseReturnValue:
    """Whether the service has room: shown at once, with today's date."""
    said = request.form.get("room", "")
    state = CapacityState(said) if said in set(CapacityState) else None
    until, problem = _until(state)
    weeks, problem = _weeks(state) if not problem else (None, problem)
    others = False
    with db.transaction() as session:
        seen = page.read(session)
        if state is not None and not problem and seen.view.listing is not None:
            _say(session, seen, state, until, weeks)
            others = bool(state in agency_full.NO_ROOM and agency_full.waiting(session, page.own_link(session)))
    if seen.view.listing is None:
        return page.show(token, seen)
    if problem:
        page.speak(seen.view.language)
        return page.show(
            token,
            seen,
            status=422,
            room_errors=[("month", problem)],
            room_said=said,
            room_weeks=request.form.get("weeks", "")[:LONGEST_WEEKS],
        )
    if others:
        return htmx.redirect(url_for("agency.these_too", token=token, l=page.asked()))
    return htmx.redirect(url_for("agency.saved", token=token, what="room", l=page.asked()))


@blueprint.post("/r/<token>/agency/listing")
@link("agency")
def change_listing(token: str) -> ResponseReturnValue:
    """Corrections wait for the directory team; "all still true" confirms. Changed words are never taken for a yes."""
    problem = ""
    form: ListingForm | None = None
    with db.transaction() as session:
        seen = page.read(session)
        listing = seen.view.listing
        if listing is None:
            return page.show(token, seen)
        page.speak(seen.view.language)
        form = listing_form.of(listing, db.now(), request.form)
        try:
            what = _take(session, form)
        except BadFieldError as error:
            form, what = listing_form.of(listing, db.now(), request.form, error.field), ""
        except ProposalError:
            problem, what = _("Nothing is different yet. If all is right, press “All still true”."), ""
    if what:
        return htmx.redirect(url_for("agency.saved", token=token, what=what, l=page.asked()))
    return page.show(token, seen, status=422, listing_form=form, listing_problem=problem)


@blueprint.get("/r/<token>/agency/saved/<any(room, listing, true):what>")
@link("agency")
def saved(token: str, what: str) -> ResponseReturnValue:
    """Says that it arrived."""
    with db.reading() as session:
        seen = page.read(session)
        if not seen.passed or seen.view.listing is None:
            return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
        page.speak(seen.view.language)
        told = edit.sent(session, seen.view.listing) if what == "listing" else []
    note = page.room_note(seen.view.listing)
    return page.render(token, seen, "agency/saved.html", what=what, room_note=note, told=told)


@blueprint.post("/r/<token>/agency/stop")
@link("agency")
def stop(token: str) -> ResponseReturnValue:
    """No more messages about referrals; one button brings them back."""
    with db.transaction() as session:
        agency_messages.stop(session, page.own_link(session), now=db.now())
        seen = page.read(session)
    return page.render(token, seen, "agency/stopped.html")


@blueprint.post("/r/<token>/agency/start")
@link("agency")
def start(token: str) -> ResponseReturnValue:
    """The messages come again."""
    with db.transaction() as session:
        agency_messages.start(session, page.own_link(session), now=db.now())
    return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))


def _until(state: CapacityState | None) -> tuple[date | None, str]:
    if state is None:
        return None, _("Choose one of the four.")
    try:
        until = listing_form.date_of(request.form)
    except ValueError:
        return None, _("There is no such day. Type month, day and year.")
    if until is not None and not db.now().date() <= until <= (db.now() + FARTHEST).date():
        return None, _("Type a day from today on, at most a year ahead.")
    return (until if state is not CapacityState.OPEN else None), ""


def _weeks(state: CapacityState | None) -> tuple[int | None, str]:
    typed = request.form.get("weeks", "").strip()
    if state is not CapacityState.WAITLIST or not typed:
        return None, ""
    weeks = int(typed) if typed.isdecimal() and len(typed) <= LONGEST_WEEKS else 0
    if not 1 <= weeks <= MOST_WEEKS:
        return None, _("Type the weeks as a number from 1 to 104, or leave it empty.")
    return weeks, ""


def _say(session: Session, seen: Seen, state: CapacityState, until: date | None, weeks: int | None) -> None:
    listing, now = seen.view.listing, db.now()
    assert listing is not None
    last = capacity.current(listing.capacity, now=now, timezone=listing.timezone)
    said_at = last.said_at
    same = last.state is state and last.until == until and (listing.capacity is None or listing.capacity.weeks == weeks)
    if same and said_at is not None and now - said_at < SAME_VISIT:
        return
    agency_listing.say_room(session, page.own_link(session), state, until=until, weeks=weeks, now=now)


def _take(session: Session, form: ListingForm) -> str:
    row, changes, now = page.own_link(session), form.changes, db.now()
    if not changes and request.form.get("do") == "true":
        agency_listing.still_true(session, row, listing_form.GROUPS, now=now)
        return "true"
    if not changes:
        raise proposals.ProposalError("nothing_changed")
    agency_listing.propose(session, row, changes, now=now)
    return "listing"

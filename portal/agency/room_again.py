"""The page behind "do you have room again?": one tap says how it is now, seen by care teams at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, errors, htmx
from portal.agency import listing_form, page, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from portal.links import opens
from referrals import room_checks, senders
from resources_db import capacity
from resources_db.listing_key import ListingKey
from resources_db.models.curation import CapacityStatement
from resources_db.models.referrals import AgencyContact
from resources_db.repositories import listings
from resources_db.vocab import CapacityState, LinkPurpose

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.repositories.listing import Listing

SAID_BY: Final = "agency"


@opens(LinkPurpose.LISTING_CHECK, kind=room_checks.SUBJECT)
def show_room(token: str) -> ResponseReturnValue:
    """What was said last, and four ways to say how it is now."""
    with db.reading() as session:
        listing = _listing(session)
        if listing is None:
            return errors.link_not_working()
        return _show(session, token, listing)


@blueprint.post("/r/<token>/room-now")
@link("listing_check")
def say_room_now(token: str) -> ResponseReturnValue:
    """It counts at once, with today's date, and lapses by itself."""
    said, now = request.form.get("room", ""), db.now()
    state = CapacityState(said) if said in set(CapacityState) else None
    problem = "" if state else _("Choose one of the four.")
    try:
        until = listing_form.date_of(request.form)
    except ValueError:
        until, problem = None, _("There is no such day. Type month, day and year.")
    if until is not None and not now.date() <= until <= (now + room_checks.LONGEST).date():
        problem = _("Type a day from today on, at most a year ahead.")
    with db.transaction() as session:
        listing = _listing(session)
        if listing is None:
            return errors.link_not_working()
        if problem or state is None:
            return _show(session, token, listing, status=422, problem=problem)
        capacity.state(
            session,
            service_id=listing.service_id,
            location_id=listing.location_id,
            state=state,
            until=None if state is CapacityState.OPEN else until,
            said_by=SAID_BY,
            now=now,
        )
    return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))


def _listing(session: Session) -> Listing | None:
    """The place this link asks about; None where the link asks something else."""
    row = page.own_link(session)
    said = session.get(CapacityStatement, row.subject_id) if row.subject_kind == room_checks.SUBJECT else None
    if said is None:
        return None
    found = listings.of_services(session, [said.service_id], include_staff=True)
    here = ListingKey(said.service_id, said.location_id)
    return next((one for one in found if one.key == here), None) or next(iter(found), None)


def _show(session: Session, token: str, listing: Listing, *, status: int = 200, problem: str = "") -> Response:
    row = page.own_link(session)
    contact = session.get(AgencyContact, row.contact_id) if row.contact_id else None
    page.speak(contact.language if contact else row.language)
    org = senders.org_of(session, row.org_id)
    room = listing_form.room_now(listing, db.now())
    last = listing.capacity
    return htmx.render(
        "agency/room_again.html",
        block=None,
        status=status,
        care_team=org.name,
        care_phone=senders.of_org(session, org.id).phone,
        name=listing.name,
        room=room,
        note=page.room_note(listing),
        said_on=formatting.ago(last.said_at, db.now()) if last else "",
        rooms=[(state.value, *words.ROOM[state]) for state in words.ROOM],
        problem=problem,
        act=url_for("agency.say_room_now", token=token, l=page.asked()),
    )

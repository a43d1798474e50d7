"""A listing edited from an account: by the agency that has claimed it, or proposed by a navigator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, field_words, htmx, listing_edit, told
from portal.auth import current
from portal.auth.guards import needs
from portal.auth.permissions import allows
from portal.directory.blueprint import blueprint
from resources_db import claims, freshness, proposal_queue, submitting
from resources_db.listing_fields import BadFieldError
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.proposals import ProposalError
from resources_db.repositories import listings
from resources_db.submitting import Sender
from resources_db.vocab import CapacityState, ChangeOrigin, OrgKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from resources_db.repositories.listing import Listing

LONGEST_NOTE = 1_000
OWN = 5


@blueprint.get("/listing/<key>/change")
@needs("listing.propose")
def change_listing(key: str) -> ResponseReturnValue:
    """All that can be changed; the directory team has a page of its own."""
    person = _person()
    if allows("listing.edit", person.role):
        return htmx.redirect(url_for("curation.listing_record", key=key))
    with db.reading() as session:
        return _page(session, _listing(session, key, person), person)


@blueprint.post("/listing/<key>/change")
@needs("listing.propose")
def send_change(key: str) -> ResponseReturnValue:
    """Live where the rules say so, else for the directory team."""
    person = _person()
    with db.reading() as session:
        listing = _listing(session, key, person)
        read = listing_edit.read(listing, request.form)
        room, problem = listing_edit.read_room(request.form)
        errors = {**read.errors, **({"room-until": problem} if problem else {})}
        if errors:
            return _page(session, listing, person, typed=request.form, errors=errors)
    fields = {**read.changes, **({"room": room} if room else {})}
    try:
        with db.transaction() as session:
            sender = _sender(session, person, listing)
            note = request.form.get("note", "").strip()[:LONGEST_NOTE]
            done = submitting.submit(session, listing.key, fields, sender, note=note, now=db.now())
            live, waits = done.live is not None, done.waiting is not None
    except BadFieldError as bad:
        with db.reading() as session:
            return _page(session, listing, person, typed=request.form, errors={bad.field: field_words.error(bad.code)})
    except ProposalError:
        return htmx.redirect(_back(listing, person), toast=_("Nothing is different from what is published."))
    if live and waits:
        said = _("Part of it is live. The directory team looks at the rest.")
    else:
        said = _("It is live.") if live else _("Thank you. The directory team looks at it.")
    return htmx.redirect(_back(listing, person), toast=said)


def _person() -> Member:
    person = current.member()
    assert person is not None
    return person


def _listing(session: Session, key: str, person: Member) -> Listing:
    """The listing, for an agency only one of its own."""
    try:
        found = listings.get(session, ListingKey.parse(key), include_staff=True)
    except BadListingKeyError:
        abort(404)
    if found is None:
        abort(404)
    if person.org_kind is OrgKind.AGENCY and not claims.holds(session, person.org_id, found.organization_id):
        abort(404)
    return found


def _sender(session: Session, person: Member, listing: Listing) -> Sender:
    if person.org_kind is not OrgKind.AGENCY:
        return Sender(ChangeOrigin.NAVIGATOR, person.user_id, person.name)
    verified = claims.holds(session, person.org_id, listing.organization_id)
    return Sender(ChangeOrigin.AGENCY_MEMBER, person.user_id, f"{person.name}, {person.org_name}", verified)


def _back(listing: Listing, person: Member) -> str:
    if person.org_kind is OrgKind.AGENCY:
        return url_for("agency.own_listings")
    return url_for("directory.listing", key=str(listing.key))


def _page(
    session: Session,
    listing: Listing,
    person: Member,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    now = db.now()
    fresh = freshness.of_listing(session, listing.service_id, listing.location_id, now=now)
    sent = [
        one
        for one in proposal_queue.of_listings(session, [listing.key], frozenset(ChangeOrigin))
        if one.submitter_id == person.user_id
    ]
    values = typed or {}
    return htmx.render(
        "directory/change.html",
        block=None,
        status=422 if errors else 200,
        listing=listing,
        mine=person.org_kind is OrgKind.AGENCY,
        edit=listing_edit.of(listing, typed=typed, errors=errors, notes=listing_edit.notes_of(fresh, now)),
        rooms=[("", _("As it is")), *((one.value, str(field_words.ROOM[one])) for one in listing_edit.ROOM)],
        room=values.get("room", ""),
        room_until=values.get("room-until", ""),
        room_weeks=values.get("room-weeks", ""),
        room_now=field_words.shown("room", _room_now(listing)),
        room_error=(errors or {}).get("room-until", ""),
        note_typed=values.get("note", ""),
        told=told.of(sent[:OWN], now),
        back=_back(listing, person),
    )


def _room_now(listing: Listing) -> str:
    from resources_db import capacity
    from resources_db.listing_writes import room_words

    counts = capacity.current(listing.capacity, now=db.now(), timezone=listing.timezone)
    return room_words(listing.capacity) if isinstance(counts.state, CapacityState) else ""

"""All of its listing, edited by an agency behind a link: a week of hours without script, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, field_words, htmx, listing_edit, told
from portal.agency import page
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from referrals import agency_listing
from resources_db import freshness, proposal_queue, proposals
from resources_db.listing_fields import BadFieldError
from resources_db.proposals import ProposalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.agency.page import Seen
    from resources_db.repositories.listing import Listing

SHOWN = 5


@blueprint.get("/r/<token>/agency/edit")
@link("agency")
def edit_page(token: str) -> ResponseReturnValue:
    """The whole listing, each part with its age. Reading changes nothing."""
    with db.reading() as session:
        seen = page.read(session)
        return _show(session, token, seen)


@blueprint.post("/r/<token>/agency/edit")
@link("agency")
def send_edit(token: str) -> ResponseReturnValue:
    """Keep what differs: live where the rules say so, else for the directory team."""
    with db.transaction() as session:
        seen = page.read(session)
        listing = seen.view.listing
        if not seen.passed or listing is None:
            return _elsewhere(token)
        page.speak(seen.view.language)
        read = listing_edit.read(listing, request.form)
        errors = dict(read.errors)
        if not errors:
            try:
                note = request.form.get("note", "")[: page.MOST_TEXT]
                agency_listing.propose(session, page.own_link(session), read.changes, note=note, now=db.now())
            except BadFieldError as bad:
                errors[bad.field] = field_words.error(bad.code)
            except ProposalError:
                errors["hours"] = _("Nothing is different yet.")
    if errors:
        with db.reading() as session:
            return _show(session, token, seen, typed=request.form, errors=errors)
    return htmx.redirect(url_for("agency.edited", token=token, l=page.asked()))


@blueprint.get("/r/<token>/agency/edited")
@link("agency")
def edited(token: str) -> ResponseReturnValue:
    """What became of it: published, waiting, or not taken and why. The same link shows it later, too."""
    with db.reading() as session:
        seen = page.read(session)
        if not seen.passed or seen.view.listing is None:
            return _elsewhere(token)
        page.speak(seen.view.language)
        return page.render(
            token,
            seen,
            "agency/edited.html",
            told=sent(session, seen.view.listing),
            edit_url=page.address("edit_page", token),
        )


def sent(session: Session, listing: Listing) -> list[told.Told]:
    """What the agency proposed about this listing lately."""
    changes = proposal_queue.of_listings(session, [listing.key], proposals.BY_AGENCY, most=SHOWN)
    return told.of(changes, db.now())


def _show(
    session: Session,
    token: str,
    seen: Seen,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    listing = seen.view.listing
    if not seen.passed or listing is None:
        return _elsewhere(token)
    page.speak(seen.view.language)
    now = db.now()
    fresh = freshness.of_listing(session, listing.service_id, listing.location_id, now=now)
    return page.render(
        token,
        seen,
        "agency/edit.html",
        status=422 if errors else 200,
        listing=listing,
        edit=listing_edit.of(listing, typed=typed, errors=errors, notes=listing_edit.notes_of(fresh, now)),
        told=sent(session, listing),
        edit_url=page.address("edit_page", token),
        typed_note=(typed or {}).get("note", ""),
    )


def _elsewhere(token: str) -> ResponseReturnValue:
    return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))

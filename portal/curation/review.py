"""Proposed changes of listings, decided field by field."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import presenters, tabs
from portal.curation.blueprint import blueprint
from resources_db import freshness, proposals
from resources_db.listing_key import ListingKey
from resources_db.proposals import ConflictError, Decision, ProposalError
from resources_db.repositories import listings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.curation.presenters import QueueRow
    from resources_db.models.curation import ListingChange

APPROVE, REJECT = "approve", "reject"


@blueprint.get("/review")
@needs("listing.approve")
def review() -> ResponseReturnValue:
    """The oldest waiting proposal, beside the list of all."""
    with db.reading() as session:
        waiting = proposals.waiting(session)
        return _page(session, waiting, waiting[0] if waiting else None)


@blueprint.get("/review/<uuid:change_id>")
@needs("listing.approve")
def review_one(change_id: uuid.UUID) -> ResponseReturnValue:
    """One waiting proposal; a decided one leads back to the list."""
    with db.reading() as session:
        waiting = proposals.waiting(session)
        chosen = next((change for change in waiting if change.id == change_id), None)
        if chosen is None:
            return htmx.redirect(url_for("curation.review"), toast=_("This change has been decided already."))
        return _page(session, waiting, chosen)


@blueprint.post("/review/<uuid:change_id>")
@needs("listing.approve")
def decide(change_id: uuid.UUID) -> ResponseReturnValue:
    """Publish what was approved and refuse the rest; fields without a choice go on waiting."""
    person = current.member()
    chosen = {name: word for name, word in request.form.items() if word in (APPROVE, REJECT)}
    decisions = {name: Decision(word == APPROVE, seen=_seen(name)) for name, word in chosen.items()}
    if not decisions:
        return _again(change_id, chosen, _("Choose Approve or Reject for at least one field."), 422)
    try:
        with db.transaction() as session:
            proposals.decide(
                session, change_id, decisions=decisions, by=person.user_id if person else None, now=db.now()
            )
    except ConflictError as conflict:
        label = str(presenters.LABELS[conflict.field])
        words = _("%(field)s was changed by somebody else meanwhile. Look at it again, then decide.", field=label)
        return _again(change_id, chosen, words, 409)
    except ProposalError as refusal:
        return _refused(refusal)
    approved = sum(word == APPROVE for word in chosen.values())
    said = ngettext("%(num)s field published.", "%(num)s fields published.", approved) if approved else _("Rejected.")
    return htmx.redirect(url_for("curation.review"), toast=said)


def _seen(name: str) -> str:
    # A textarea or hidden field comes back with CR LF line ends; ours are LF.
    return request.form.get(f"seen.{name}", "").replace("\r\n", "\n")


def _again(change_id: uuid.UUID, chosen: Mapping[str, str], problem: str, status: int) -> ResponseReturnValue:
    """The same page with what was chosen and what is published now."""
    with db.reading() as session:
        waiting = proposals.waiting(session)
        here = next((change for change in waiting if change.id == change_id), None)
        if here is None:
            abort(404)
        return _page(session, waiting, here, chosen=chosen, problem=problem, status=status)


def _refused(refusal: ProposalError) -> ResponseReturnValue:
    if refusal.code == "not_found":
        abort(404)
    words = {
        "already_decided": _("Somebody else decided this change before you."),
        "own_change": _("You proposed this change yourself, so somebody else decides it."),
    }.get(refusal.code, _("This change cannot be decided."))
    return htmx.redirect(url_for("curation.review"), toast=words)


def _page(
    session: Session,
    waiting: list[ListingChange],
    here: ListingChange | None,
    *,
    chosen: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    now = db.now()
    queue = _queue(session, waiting, here)
    if here is None:
        return htmx.render("curation/review.html", tabs=tabs.tabs("review"), queue=queue, change=None)
    listing = proposals.listing_of(session, here)
    fresh = freshness.of_listing(session, listing.service_id, listing.location_id, now=now)
    return htmx.render(
        "curation/review.html",
        status=status,
        tabs=tabs.tabs("review"),
        queue=queue,
        oldest=formatting.ago(waiting[0].created_at, now),
        change=here,
        sent=formatting.ago(here.created_at, now),
        origin=str(presenters.ORIGINS[here.origin]),
        listing=listing,
        rows=presenters.field_rows(here, listing, chosen or {}),
        fresh=presenters.freshness_rows(fresh, now),
        problem=problem,
    )


def _queue(session: Session, waiting: list[ListingChange], here: ListingChange | None) -> list[QueueRow]:
    now = db.now()
    keys = [ListingKey(change.service_id, change.location_id) for change in waiting]
    names = {listing.key: listing.name for listing in listings.load(session, keys, include_staff=True)}
    return [
        presenters.queue_row(change, names[key], formatting.ago(change.created_at, now), here=change is here)
        for change, key in zip(waiting, keys, strict=True)
        if key in names
    ]

"""Several proposals decided in one press: first a preview of every field, afterwards one undo for all of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, field_words, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import review_rows, tabs
from portal.curation.blueprint import blueprint
from portal.curation.review_rows import FieldRow
from resources_db import proposal_queue, proposals, undoing
from resources_db.listing_fields import BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.proposals import Decision, ProposalError
from resources_db.repositories import listings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.curation import ListingChange

MOST: Final = 40
APART: Final = "."


@dataclass(frozen=True, slots=True)
class Preview:
    """One proposal as it would be decided. `own`: the reviewer's, so somebody else decides it."""

    id: str
    title: str
    line: str
    rows: tuple[FieldRow, ...]
    own: bool


@blueprint.get("/review/many")
@needs("listing.approve")
def review_many() -> ResponseReturnValue:
    """All fields of the ticked proposals, before anything happens."""
    ids = _ids(request.args.getlist("change"))
    with db.reading() as session:
        previews = _previews(session, proposal_queue.some(session, ids))
    if not previews:
        return htmx.redirect(url_for("curation.review"), toast=_("Tick the changes first."))
    reasons = [("", _("No reason")), *((code, str(words)) for code, words in field_words.WHY_NOT.items())]
    return htmx.render(
        "curation/review_many.html", tabs=tabs.tabs("review"), previews=previews, reasons=reasons, most=MOST
    )


@blueprint.post("/review/many")
@needs("listing.approve")
def decide_many() -> ResponseReturnValue:
    """Decide them; a field that changed since it was sent goes on waiting."""
    accept = request.form.get("do") == "approve"
    why = request.form.get("why", "")
    decision = Decision(accept, why=why if why in field_words.WHY_NOT else "")
    with db.transaction() as session:
        ticked = proposal_queue.some(session, _ids(request.form.getlist("change")))
        done = [change.id for change in ticked if _decide(session, change, decision)]
    if not done:
        return htmx.redirect(url_for("curation.review"), toast=_("Nothing was decided: all of it had moved on."))
    said = (
        ngettext("%(num)s change published.", "%(num)s changes published.", len(done))
        if accept
        else ngettext("%(num)s change rejected.", "%(num)s changes rejected.", len(done))
    )
    undo = url_for("curation.reopen_many", ids=APART.join(one.hex for one in done))
    return htmx.redirect(url_for("curation.review"), toast=said, undo_url=undo)


@blueprint.post("/review/many/undo")
@needs("listing.approve")
def reopen_many() -> ResponseReturnValue:
    """Take them all back, except what has moved on."""
    back = 0
    with db.transaction() as session:
        for change_id in _ids(request.args.get("ids", "").split(APART)):
            try:
                undoing.reopen(session, change_id, now=db.now())
            except ProposalError:
                continue
            back += 1
    said = ngettext("%(num)s change waits again.", "%(num)s changes wait again.", back)
    return htmx.redirect(url_for("curation.review"), toast=said)


def _decide(session: Session, change: ListingChange, decision: Decision) -> bool:
    """Whether anything was decided. A bad or moved field does not keep the others from it."""
    listing = proposals.listing_of(session, change)
    rows = review_rows.field_rows(change, listing, {})
    chosen = {row.name: decision for row in rows if not (decision.accept and row.moved)}
    person = current.member()
    if not chosen:
        return False
    try:
        with session.begin_nested():
            proposals.decide(session, change.id, decisions=chosen, by=person.user_id if person else None, now=db.now())
    except (ProposalError, BadFieldError):
        return False
    return True


def _ids(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts[:MOST]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _previews(session: Session, changes: list[ListingChange]) -> list[Preview]:
    now, person = db.now(), current.member()
    keys = [ListingKey(one.service_id, one.location_id) for one in changes]
    known = {listing.key: listing for listing in listings.load(session, keys, include_staff=True)}
    return [
        Preview(
            id=str(one.id),
            title=known[key].name,
            line=review_rows.queue_row(one, "", formatting.ago(one.created_at, now), here=False).line,
            rows=tuple(review_rows.field_rows(one, known[key], {})),
            own=person is not None and one.submitter_id == person.user_id,
        )
        for one, key in zip(changes, keys, strict=True)
        if key in known
    ]

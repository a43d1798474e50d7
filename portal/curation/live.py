"""What went live by the rules, without a person: told to the team, undone in one press for thirty days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, field_words, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import review, review_rows, tabs
from portal.curation.blueprint import blueprint
from portal.parts import changed_pieces
from resources_db import policy, proposal_queue, undoing
from resources_db.listing_key import ListingKey
from resources_db.proposals import ProposalError
from resources_db.repositories import listings

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.parts import Piece
    from resources_db.models.curation import ListingChange

SHOWN: Final = 100
A_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One change that went live."""

    id: uuid.UUID
    key: str
    name: str
    when: str
    by: str
    today: bool
    undone: bool
    fields: tuple[tuple[str, tuple[Piece, ...], tuple[Piece, ...]], ...]


@blueprint.get("/review/live")
@needs("listing.approve")
def live() -> ResponseReturnValue:
    """Of the last thirty days, the newest first."""
    now = db.now()
    with db.reading() as session:
        changes = proposal_queue.by_policy(session, since=now - policy.UNDO_FOR, most=SHOWN)
        rows = _rows(session, changes, now)
    return htmx.render("curation/live.html", tabs=tabs.tabs("review"), rows=rows, shown=SHOWN)


@blueprint.post("/review/live/<uuid:change_id>/undo")
@needs("listing.approve")
def undo_live(change_id: uuid.UUID) -> ResponseReturnValue:
    """The listing as it was before this change."""
    person = current.member()
    try:
        with db.transaction() as session:
            undoing.undo_change(session, change_id, by=person.user_id if person else None, now=db.now())
    except ProposalError as refusal:
        return review.refused(refusal)
    return htmx.redirect(url_for("curation.live"), toast=_("Undone. The listing is as it was before."))


def _rows(session: Session, changes: list[ListingChange], now: datetime) -> list[LiveRow]:
    keys = [ListingKey(one.service_id, one.location_id) for one in changes]
    names = {listing.key: listing.name for listing in listings.load(session, keys, include_staff=True)}
    return [
        LiveRow(
            id=one.id,
            key=str(key),
            name=names.get(key, ""),
            when=formatting.ago(one.created_at, now),
            by=review_rows.by(one),
            today=now - one.created_at < A_DAY,
            undone=one.undone_at is not None,
            fields=tuple(_field(field.field, field.old, field.new) for field in one.fields),
        )
        for one, key in zip(changes, keys, strict=True)
    ]


def _field(name: str, old: str, new: str) -> tuple[str, tuple[Piece, ...], tuple[Piece, ...]]:
    was, now = changed_pieces(field_words.shown(name, old), field_words.shown(name, new))
    return field_words.label(name), was, now

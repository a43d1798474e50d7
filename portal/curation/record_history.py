"""The history of one listing: every change with who, when and from what; each can be undone unless it moved on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import abort, url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, field_words, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import record_words, tabs
from portal.curation.blueprint import blueprint
from portal.parts import changed_pieces
from resources_db import history_reading, publishing, undoing
from resources_db.listing_fields import FIELDS
from resources_db.listing_key import ListingKey
from resources_db.models.tenants import AppUser, Membership
from resources_db.proposals import ConflictError, ProposalError
from resources_db.publishing import NotFoundError
from resources_db.vocab import FieldGroup

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.parts import Piece
    from resources_db.history_reading import Entry

SHOWN: Final = 150


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line: when, who, what, from what, to what."""

    when: str
    who: str
    what: str
    field: str
    was: tuple[Piece, ...]
    now: tuple[Piece, ...]
    mark: str
    undo: str


@blueprint.get("/curation/record/<key>/history")
@needs("listing.edit")
def listing_history(key: str) -> ResponseReturnValue:
    """The newest first."""
    wanted = ListingKey.parse(key)
    with db.reading() as session:
        try:
            name = publishing.listing_of(session, wanted).name
        except NotFoundError:
            abort(404)
        entries = history_reading.of_listing(session, wanted, most=SHOWN)
        people = _people(session, {one.actor_id for one in entries if one.actor_id is not None})
    person = current.member()
    rows = [_row(one, people, wanted, person.timezone if person else "UTC") for one in entries]
    return htmx.render("curation/record_history.html", tabs=tabs.tabs(""), key=key, name=name, rows=rows, shown=SHOWN)


@blueprint.post("/curation/record/<key>/history/<uuid:row_id>/undo")
@needs("listing.edit")
def undo_row(key: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """A new change that puts the old words back; refused when they were changed again since."""
    back = url_for("curation.listing_history", key=key)
    try:
        with db.transaction() as session:
            undoing.undo_row(session, row_id, now=db.now())
    except ConflictError as conflict:
        label = field_words.label(conflict.field)
        said = _("%(field)s was changed again since, so it was left as it is now.", field=label)
        return htmx.redirect(back, toast=said)
    except ProposalError as refusal:
        if refusal.code == "not_found":
            abort(404)
        return htmx.redirect(back, toast=_("This cannot be undone here."))
    return htmx.redirect(back, toast=_("Undone. The listing is as it was before."))


def _row(one: Entry, people: Mapping[uuid.UUID, str], key: ListingKey, zone: str) -> HistoryRow:
    told = one.what != history_reading.CONFIRM
    was, new = changed_pieces(_shown(one.field, one.old), _shown(one.field, one.new)) if told else ((), ())
    who = record_words.role(one.role)
    named = people.get(one.actor_id) if one.actor_id else None
    undo = ""
    if one.row_id is not None:
        undo = url_for("curation.undo_row", key=str(key), row_id=one.row_id)
    return HistoryRow(
        when=formatting.date_time(one.at, zone),
        who=f"{who}: {named}" if named else who,
        what=str(record_words.WHAT[one.what]),
        field=_label(one),
        was=was,
        now=new,
        mark=_("Undone") if one.undone else _("An undo") if one.undoes else "",
        undo=undo,
    )


def _label(one: Entry) -> str:
    if one.what == history_reading.CONFIRM:
        return str(field_words.GROUPS[FieldGroup(one.field)]) if one.field in set(FieldGroup) else one.field
    if one.field in FIELDS:
        return field_words.label(one.field)
    return str(record_words.OTHER_FIELDS.get(one.field, one.field.replace("_", " ")))


def _shown(name: str, text: str) -> str:
    return field_words.shown(name, text)


def _people(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of the team's own people; of anybody else the role is all that is shown."""
    person = current.member()
    if person is None:
        return {}
    mine = select(Membership.user_id).where(Membership.org_id == person.org_id)
    stmt = select(AppUser.id, AppUser.name).where(AppUser.id.in_(set(ids)), AppUser.id.in_(mine))
    return {row.id: row.name for row in session.execute(stmt)}

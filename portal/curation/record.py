"""The page of one listing for the directory team: edit, check, lock, note, hide; the ways to its other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, current_app, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from portal import db, field_words, freshness_words, htmx, listing_edit
from portal.auth.guards import needs
from portal.curation import record_words, tabs
from portal.curation.blueprint import blueprint
from resources_db import freshness, publishing, staff_acts, undoing
from resources_db.listing_fields import BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.proposals import ConflictError, ProposalError
from resources_db.publishing import NotFoundError
from resources_db.staff_acts import METHODS
from resources_db.vocab import ConfirmMethod, FieldGroup, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from resources_db.repositories.listing import Listing

NOTES_SHOWN: Final = 30
LONGEST_NOTE: Final = 2_000
ELSEWHERE: Final[tuple[tuple[str, LazyText], ...]] = (
    ("curation.words_of", lazy_gettext("Translations")),
    ("curation.duplicates_of", lazy_gettext("Duplicates")),
    ("curation.areas_of", lazy_gettext("Who is served")),
    ("curation.confidential_of", lazy_gettext("Confidentiality")),
)
"""Pages about one listing that others make: shown as soon as they are there. Each takes the key of the listing."""


@blueprint.get("/curation/record/<key>")
@needs("listing.edit")
def listing_record(key: str) -> ResponseReturnValue:
    """Everything of a listing that the team may change."""
    wanted = ListingKey.parse(key)
    with db.reading() as session:
        return _page(session, wanted)


@blueprint.post("/curation/record/<key>")
@needs("listing.edit")
def edit_listing(key: str) -> ResponseReturnValue:
    """Publish what one person may change; phone, address and who can go wait for a colleague."""
    wanted = ListingKey.parse(key)
    with db.reading() as session:
        listing = _listing(session, wanted)
        read = listing_edit.read(listing, request.form)
        if read.errors:
            return _page(session, wanted, typed=request.form, errors=read.errors)
    if "needs" in request.form:
        chosen = ", ".join(request.form.getlist("needs"))
        if chosen != request.form.get("seen.needs", ""):
            read.changes["needs"] = chosen
    try:
        with db.transaction() as session:
            done = staff_acts.edit(session, wanted, read.changes, method=_method(), now=db.now())
    except BadFieldError as bad:
        with db.reading() as session:
            return _page(session, wanted, typed=request.form, errors={bad.field: field_words.error(bad.code)})
    except ProposalError:
        return htmx.redirect(_address(wanted), toast=_("Nothing is different from what is published."))
    undo = url_for("curation.undo_press", key=key, press=done.press) if done.press else None
    if done.waiting is None:
        said = _("Published.")
    elif done.press is None:
        said = _("A colleague must approve this. It waits under “Changes”.")
    else:
        said = _("Published, except phone, address and who can go: a colleague must approve those.")
    return htmx.redirect(_address(wanted), toast=said, undo_url=undo)


@blueprint.post("/curation/record/<key>/undo/<uuid:press>")
@needs("listing.edit")
def undo_press(key: str, press: uuid.UUID) -> ResponseReturnValue:
    """Take one press back, as a whole."""
    wanted = ListingKey.parse(key)
    try:
        with db.transaction() as session:
            undoing.undo_press(session, press, now=db.now())
    except ConflictError as conflict:
        label = field_words.label(conflict.field)
        said = _("%(field)s was changed again since, so it was left as it is now.", field=label)
        return htmx.redirect(_address(wanted), toast=said)
    return htmx.redirect(_address(wanted), toast=_("Undone. The listing is as it was before."))


@blueprint.post("/curation/record/<key>/checked")
@needs("listing.edit")
def check_listing(key: str) -> ResponseReturnValue:
    """Somebody called, went there or looked at the website: these groups are right."""
    wanted = ListingKey.parse(key)
    groups = [FieldGroup(one) for one in request.form.getlist("group") if one in set(FieldGroup)]
    if not groups:
        return htmx.redirect(_address(wanted), toast=_("Tick what you checked first."))
    with db.transaction() as session:
        _listing(session, wanted)
        press = staff_acts.checked(session, wanted, groups, method=_method(), now=db.now())
    undo = url_for("curation.undo_press", key=key, press=press)
    return htmx.redirect(_address(wanted), toast=_("Saved: checked today."), undo_url=undo)


@blueprint.post("/curation/record/<key>/lock")
@needs("listing.edit")
def lock_group(key: str) -> ResponseReturnValue:
    """Keep a group as it is, whatever an import brings; or let imports change it again."""
    wanted = ListingKey.parse(key)
    name, on = request.form.get("group", ""), request.form.get("lock") == "on"
    if name not in set(FieldGroup):
        abort(404)
    with db.transaction() as session:
        _listing(session, wanted)
        staff_acts.lock(session, wanted, FieldGroup(name), on=on, now=db.now())
    said = _("Locked: imports leave it as it is.") if on else _("Unlocked: imports may change it again.")
    return htmx.redirect(_address(wanted), toast=said)


@blueprint.post("/curation/record/<key>/visibility")
@needs("listing.edit")
def show_or_hide(key: str) -> ResponseReturnValue:
    """A person decides who sees it."""
    wanted = ListingKey.parse(key)
    chosen = request.form.get("visibility", "")
    if chosen not in set(Visibility):
        abort(404)
    try:
        with db.transaction() as session:
            staff_acts.show_or_hide(session, wanted, Visibility(chosen), now=db.now())
    except NotFoundError:
        abort(404)
    return htmx.redirect(_address(wanted), toast=str(record_words.VISIBILITY[Visibility(chosen)]))


@blueprint.post("/curation/record/<key>/notes")
@needs("listing.edit")
def add_note(key: str) -> ResponseReturnValue:
    """A note that only the team reads."""
    wanted = ListingKey.parse(key)
    text = request.form.get("note", "").strip()[:LONGEST_NOTE]
    if not text:
        return htmx.redirect(_address(wanted), toast=_("Type the note first."))
    with db.transaction() as session:
        _listing(session, wanted)
        staff_acts.write_note(session, wanted, text, now=db.now())
    return htmx.redirect(_address(wanted), toast=_("Note saved."))


def _address(key: ListingKey) -> str:
    return url_for("curation.listing_record", key=str(key))


def _method() -> ConfirmMethod:
    chosen = request.form.get("method", "")
    return ConfirmMethod(chosen) if chosen in set(METHODS) else METHODS[0]


def _listing(session: Session, key: ListingKey) -> Listing:
    try:
        return publishing.listing_of(session, key)
    except NotFoundError:
        abort(404)


def _page(
    session: Session,
    key: ListingKey,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    now = db.now()
    hidden = staff_acts.hidden(session, key)
    if hidden is not None:
        return htmx.render(
            "curation/record_hidden.html", tabs=tabs.tabs(""), key=str(key), name=hidden.name, visible=Visibility
        )
    listing = _listing(session, key)
    fresh = freshness.of_listing(session, key.service_id, key.location_id, now=now)
    rows = freshness_words.rows(fresh, now)
    locked = {group for group, one in fresh.groups.items() if one.locked}
    return htmx.render(
        "curation/record.html",
        block=None,
        status=422 if errors else 200,
        tabs=tabs.tabs(""),
        key=str(key),
        listing=listing,
        edit=listing_edit.of(listing, typed=typed, errors=errors, notes=listing_edit.notes_of(fresh, now)),
        fresh=rows,
        groups=[
            (group.value, str(words), group in locked)
            for group, words in field_words.GROUPS.items()
            if group in fresh.groups
        ],
        methods=[(method.value, str(record_words.METHODS[method])) for method in METHODS],
        visibility=str(record_words.VISIBILITY[listing.visibility]),
        visibilities=[
            (one.value, str(words))
            for one, words in record_words.VISIBILITY_BUTTONS.items()
            if one is not listing.visibility
        ],
        notes=[(formatting.ago(one.at, now), one) for one in staff_acts.notes(session, key, most=NOTES_SHOWN)],
        all_needs=listing_edit.needs(),
        elsewhere=[
            (str(words), url_for(endpoint, key=str(key)))
            for endpoint, words in ELSEWHERE
            if endpoint in current_app.view_functions
        ],
    )

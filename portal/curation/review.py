"""Proposed changes of listings, decided field by field, and taken back within half an hour."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, field_words, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import review_form, review_rows, tabs
from portal.curation.blueprint import blueprint
from portal.curation.review_rows import Typed
from resources_db import freshness, proposal_queue, proposals, undoing
from resources_db.listing_fields import FIELDS, BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.proposal_queue import Wanted
from resources_db.proposals import ConflictError, ProposalError
from resources_db.repositories import listings
from resources_db.vocab import FieldGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.curation.review_rows import QueueRow
    from resources_db.models.curation import ListingChange

SHOWN: Final = 50
TODAY: Final = timedelta(hours=24)


@blueprint.get("/review")
@needs("listing.approve")
def review() -> ResponseReturnValue:
    """The oldest waiting proposal, beside the list of all."""
    with db.reading() as session:
        waiting = proposal_queue.waiting(session, wanted(), most=SHOWN)
        return _page(session, waiting, waiting[0] if waiting else None)


@blueprint.get("/review/<uuid:change_id>")
@needs("listing.approve")
def review_one(change_id: uuid.UUID) -> ResponseReturnValue:
    """One waiting proposal; a decided one leads back to the list."""
    with db.reading() as session:
        waiting = proposal_queue.waiting(session, wanted(), most=SHOWN)
        chosen = next(iter(proposal_queue.some(session, [change_id])), None)
        if chosen is None:
            return htmx.redirect(here(), toast=_("This change has been decided already."))
        return _page(session, waiting, chosen)


@blueprint.post("/review/<uuid:change_id>")
@needs("listing.approve")
def decide(change_id: uuid.UUID) -> ResponseReturnValue:
    """Publish what was approved and refuse the rest; fields without a choice go on waiting."""
    with db.reading() as session:
        change = proposals.get(session, change_id)
        names = [field.field for field in change.fields if field.decision is None] if change else []
        stale = _changed_since(session, change) if change is not None and names else set()
    typed = review_form.typed(names)
    if request.form.get("do") == "all":
        # What was changed since it was sent is never taken along in one press.
        typed = {name: replace(one, choice="") if name in stale else one for name, one in typed.items()}
    decisions = review_form.decisions(typed)
    if names and not decisions:
        return _again(change_id, typed, _("Choose Approve or Reject for at least one field."), 422)
    person = current.member()
    try:
        with db.transaction() as session:
            proposals.decide(
                session, change_id, decisions=decisions, by=person.user_id if person else None, now=db.now()
            )
    except ConflictError as conflict:
        label = field_words.label(conflict.field)
        words = _("%(field)s was changed by somebody else meanwhile. Look at it again, then decide.", field=label)
        return _again(change_id, typed, words, 409)
    except BadFieldError as bad:
        typed[bad.field] = replace(typed[bad.field], error=field_words.error(bad.code))
        return _again(change_id, typed, field_words.error(bad.code), 422)
    except ProposalError as refusal:
        return refused(refusal)
    approved = sum(one.accept for one in decisions.values())
    said = ngettext("%(num)s field published.", "%(num)s fields published.", approved) if approved else _("Rejected.")
    return htmx.redirect(here(), toast=said, undo_url=url_for("curation.reopen", change_id=change_id))


@blueprint.post("/review/<uuid:change_id>/undo")
@needs("listing.approve")
def reopen(change_id: uuid.UUID) -> ResponseReturnValue:
    """Take a decision back: the listing is as it was, and the change waits again."""
    try:
        with db.transaction() as session:
            undoing.reopen(session, change_id, now=db.now())
    except ProposalError as refusal:
        return refused(refusal)
    return htmx.redirect(
        url_for("curation.review_one", change_id=change_id), toast=_("Taken back. The change waits again.")
    )


def wanted() -> Wanted:
    """The filters of the address."""
    origin, group = request.args.get("from", ""), request.args.get("group", "")
    found = review_rows.FILTERS.get(origin)
    return Wanted(found[1] if found else frozenset(), FieldGroup(group) if group in set(FieldGroup) else None)


def here(**more: str) -> str:
    """The page with the filters that are on."""
    return _with(url_for("curation.review"), {**_filters_on(), **more})


def _filters_on() -> dict[str, str]:
    return {name: value for name in ("from", "group") if (value := request.args.get(name))}


def _with(path: str, arguments: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(arguments)}" if arguments else path


def refused(refusal: ProposalError) -> ResponseReturnValue:
    """What cannot be done, said on the page."""
    if refusal.code == "not_found":
        abort(404)
    if isinstance(refusal, ConflictError):
        label = field_words.label(refusal.field)
        return htmx.redirect(
            here(), toast=_("%(field)s was changed again since, so it was left as it is now.", field=label)
        )
    words = {
        "already_decided": _("Somebody else decided this change before you."),
        "own_change": _("You proposed this change yourself, so somebody else decides it."),
        "too_late": _("It is too late to take this back here. The history of the listing can still undo it."),
        "not_published": _("This was undone already."),
    }.get(refusal.code, _("This change cannot be decided."))
    return htmx.redirect(here(), toast=words)


def _changed_since(session: Session, change: ListingChange) -> set[str]:
    listing = proposals.listing_of(session, change)
    return {field.field for field in change.fields if FIELDS[field.field].read(listing).strip() != field.old.strip()}


def _again(change_id: uuid.UUID, typed: Mapping[str, Typed], problem: str, status: int) -> ResponseReturnValue:
    """The same page with what was chosen and what is published now."""
    with db.reading() as session:
        chosen = next(iter(proposal_queue.some(session, [change_id])), None)
        if chosen is None:
            abort(404)
        waiting = proposal_queue.waiting(session, wanted(), most=SHOWN)
        return _page(session, waiting, chosen, typed=typed, problem=problem, status=status)


def _page(
    session: Session,
    waiting: list[ListingChange],
    change: ListingChange | None,
    *,
    typed: Mapping[str, Typed] | None = None,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    now = db.now()
    context: dict[str, object] = {
        "tabs": tabs.tabs("review"),
        "queue": _queue(session, waiting, change),
        "total": proposal_queue.count(session, wanted()),
        "filters": _filters(),
        "groups": [(group.value, str(field_words.GROUPS[group])) for group in field_words.GROUPS],
        "group": request.args.get("group", ""),
        "origin_now": request.args.get("from", ""),
        "live_today": proposal_queue.count_by_policy(session, since=now - TODAY),
        "address": here(),
    }
    if change is None:
        return htmx.render("curation/review.html", block=None, status=status, change=None, **context)
    listing = proposals.listing_of(session, change)
    fresh = freshness.of_listing(session, listing.service_id, listing.location_id, now=now)
    taken, decided = proposal_queue.track_record(session, change)
    return htmx.render(
        "curation/review.html",
        block=None,
        status=status,
        **context,
        oldest=formatting.ago(waiting[0].created_at, now) if waiting else "",
        change=change,
        sent=formatting.ago(change.created_at, now),
        origin=review_rows.by(change),
        listing=listing,
        taken=taken,
        decided=decided,
        rows=review_rows.field_rows(change, listing, typed or {}),
        reasons=[("", _("No reason")), *((code, str(words)) for code, words in field_words.WHY_NOT.items())],
        fresh=review_rows.freshness_rows(fresh, now),
        problem=problem,
        post_to=_with(url_for("curation.decide", change_id=change.id), _filters_on()),
        next_url=_next(waiting, change),
    )


def _next(waiting: list[ListingChange], change: ListingChange) -> str:
    """The one after this; after the last the first."""
    ids = [one.id for one in waiting]
    if len(ids) <= 1:
        return ""
    after = ids[(ids.index(change.id) + 1) % len(ids)] if change.id in ids else ids[0]
    return _with(url_for("curation.review_one", change_id=after), _filters_on())


def _filters() -> list[tuple[str, str, bool]]:
    asked = request.args.get("from", "")
    chosen = asked if asked in review_rows.FILTERS else ""
    known = [("", _("All")), *((name, str(words)) for name, (words, _found) in review_rows.FILTERS.items())]
    return [
        (
            words,
            _with(url_for("curation.review"), _given(name)),
            name == (chosen if chosen in review_rows.FILTERS else ""),
        )
        for name, words in known
    ]


def _given(origin: str) -> dict[str, str]:
    group = request.args.get("group", "")
    return {name: value for name, value in (("from", origin), ("group", group)) if value}


def _queue(session: Session, waiting: list[ListingChange], change: ListingChange | None) -> list[QueueRow]:
    now = db.now()
    keys = [ListingKey(one.service_id, one.location_id) for one in waiting]
    names = {listing.key: listing.name for listing in listings.load(session, keys, include_staff=True)}
    here_id = change.id if change else None
    return [
        review_rows.queue_row(
            one,
            names[key],
            formatting.ago(one.created_at, now),
            here=one.id == here_id,
            href=_with(url_for("curation.review_one", change_id=one.id), _filters_on()),
        )
        for one, key in zip(waiting, keys, strict=True)
        if key in names
    ]

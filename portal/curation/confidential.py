"""Places that are kept confidential: making one more so, asking for less, the second person, reading the true place."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import confidential_words, tabs
from portal.curation.blueprint import blueprint
from resources_db import confidentiality
from resources_db.confidentiality import Ask, ConfidentialityError
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Location
from resources_db.repositories import confidential as sealed
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session


@blueprint.get("/confidential")
@needs("place.protect")
def confidential() -> ResponseReturnValue:
    """Wishes that wait for a second person, then every protected place."""
    with db.reading() as session:
        places = confidentiality.protected(session)
        names = confidential_words.names(session, [place.id for place in places])
        asks = confidential_words.asks(session, names, me=_me(), now=db.now())
    return htmx.render(
        "curation/confidential.html",
        tabs=tabs.tabs("confidential"),
        asks=asks,
        places=[confidential_words.row(place, names) for place in places],
    )


@blueprint.get("/confidential/of/<key>")
@needs("place.protect")
def confidential_of(key: str) -> ResponseReturnValue:
    """From a listing to the page of its place."""
    location_id = ListingKey.parse(key).location_id
    if location_id is None:
        return htmx.redirect(url_for("curation.listing_record", key=key), toast=_("This listing has no place."))
    return htmx.redirect(url_for("curation.confidential_place", location_id=location_id))


@blueprint.get("/confidential/<uuid:location_id>")
@needs("place.protect")
def confidential_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """One place: what is told of it, and the ways to tell less or more."""
    with db.reading() as session:
        return _page(session, location_id)


@blueprint.post("/confidential/<uuid:location_id>/protect")
@needs("place.protect")
def protect_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Tell less, at once."""
    wanted = _wanted()
    if wanted is None:
        return _again(location_id, "protect", "choose")
    try:
        with db.transaction() as session:
            confidentiality.protect(session, location_id, Ask(wanted, request.form.get("why", "")), now=db.now())
    except ConfidentialityError as refusal:
        return _again(location_id, "protect", refusal.code)
    return htmx.redirect(
        url_for("curation.confidential_place", location_id=location_id),
        toast=_("The place is protected. It is being taken out of search now."),
    )


@blueprint.post("/confidential/<uuid:location_id>/ask")
@needs("place.protect")
def ask_lower_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Ask to tell more; a second person decides."""
    wanted = _wanted()
    if wanted is None:
        return _again(location_id, "ask", "choose")
    try:
        with db.transaction() as session:
            ask = Ask(wanted, request.form.get("why", ""))
            confidentiality.ask_lower(session, location_id, ask, by=_me(), now=db.now())
    except ConfidentialityError as refusal:
        return _again(location_id, "ask", refusal.code)
    return htmx.redirect(
        url_for("curation.confidential_place", location_id=location_id),
        toast=_("Asked. Another person of the team decides."),
    )


@blueprint.post("/confidential/asks/<uuid:ask_id>")
@needs("place.lower")
def decide_lower(ask_id: uuid.UUID) -> ResponseReturnValue:
    """Approve or refuse what somebody else asked; who asked may take it back."""
    approve = request.form.get("do") == "approve"
    try:
        with db.transaction() as session:
            row = confidentiality.decide(session, ask_id, approve=approve, by=_me(), now=db.now())
            location_id = row.location_id
    except ConfidentialityError as refusal:
        if refusal.code == "not_found":
            abort(404)
        return htmx.redirect(url_for("curation.confidential"), toast=confidential_words.refusal(refusal.code))
    said = _("Approved. More of the place is shown now.") if approve else _("Nothing was changed.")
    return htmx.redirect(url_for("curation.confidential_place", location_id=location_id), toast=said)


@blueprint.post("/confidential/<uuid:location_id>/read")
@needs("place.read")
def read_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """The true place, once, for the reason given. It stands in this answer only, never in an address or a toast."""
    why = " ".join(request.form.get("reason", "").split())[: confidentiality.LONGEST_WHY]
    if not why:
        return _again(location_id, "read", "no_reason")
    with db.transaction() as session:
        if session.get(Location, location_id) is None:
            abort(404)
        true = sealed.read(session, location_id, reason=why, now=db.now())
        return _page(session, location_id, true=confidential_words.true_lines(true))


def _wanted() -> Confidentiality | None:
    chosen = request.form.get("level", "")
    return Confidentiality(chosen) if chosen in set(Confidentiality) else None


def _me() -> uuid.UUID:
    person = current.member()
    if person is None:
        abort(403)
    return person.user_id


def _again(location_id: uuid.UUID, form: str, code: str) -> ResponseReturnValue:
    """The same page with what was typed and what was wrong with it."""
    if code == "not_found":
        abort(404)
    with db.reading() as session:
        return _page(session, location_id, wrong=form, problem=confidential_words.refusal(code), status=422)


def _page(
    session: Session,
    location_id: uuid.UUID,
    *,
    true: tuple[str, ...] | None = None,
    wrong: str = "",
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    place = session.get(Location, location_id)
    if place is None or place.deleted_at is not None:
        abort(404)
    names = confidential_words.names(session, [location_id])
    asks = confidential_words.asks(session, names, me=_me(), now=db.now())
    return htmx.render(
        "curation/confidential_place.html",
        status=status,
        tabs=tabs.tabs("confidential"),
        place=confidential_words.row(place, names),
        less=confidential_words.levels(place.confidentiality, stricter=True),
        more=confidential_words.levels(place.confidentiality, stricter=False),
        ask=next((one for one in asks if one.location_id == location_id), None),
        has_true=place.confidentiality is not Confidentiality.PUBLIC,
        lines=true,
        typed={"why": request.form.get("why", ""), "level": request.form.get("level", "")},
        reason=request.form.get("reason", "") if wrong else "",
        wrong=wrong,
        problem=problem,
    )

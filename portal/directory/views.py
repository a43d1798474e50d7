"""Public pages of the directory: search, and one listing. Signed-in navigators search for a patient and choose here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, jsonify, redirect, request, url_for

from i18n.catalog import current_language
from portal import db, finding, htmx, own_words, patient_context, security
from portal.auth.guards import public
from portal.county_lines import Box
from portal.directory import asking, changing, listing_page, map_part, presenters, reporting, suggesting
from portal.directory.asking import Ask
from portal.directory.blueprint import blueprint
from resources_db import freshness
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.repositories import listing_texts, listings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["blueprint", "changing", "reporting"]


@blueprint.get("/search")
@public
@security.any_text
def search() -> ResponseReturnValue:
    """Find help: the sentence as typed, how it was read, and the places in order."""
    patient = patient_context.of_request()
    if patient is None:
        finding.count()
    ask = asking.read(request.args.to_dict(flat=False), patient)
    if ask.then and ask.keeps:
        return htmx.redirect(_compose(ask))
    if ask.moved and not htmx.wants_fragment():
        return redirect(f"{url_for('directory.search')}?{ask.query()}", code=303)
    page = _browse(ask) if ask.is_empty else _results(ask)
    response = htmx.render("directory/search.html", block="find", page=page)
    response.headers["Content-Security-Policy"] = security.content_security_policy(db.runtime().settings.tile_origin)
    if htmx.wants_fragment():
        htmx.push_url(response, f"{url_for('directory.search')}?{ask.query()}")
    return response


@blueprint.get("/search/suggest")
@public
@security.any_text
def suggest() -> ResponseReturnValue:
    """What is likely being typed, as JSON for search.js. What is typed is kept nowhere."""
    finding.count_typing()
    return jsonify(suggesting.answer(request.args, db.runtime().search))


@blueprint.get("/search/counties.json")
@public
def counties() -> ResponseReturnValue:
    """County lines around a part of the world, for the map with script; nothing where so many would say nothing."""
    try:
        west, south, east, north = (float(request.args.get(side, "")) for side in ("west", "south", "east", "north"))
    except ValueError:
        abort(404)
    return jsonify(map_part.outlines(Box(west, south, east, north)))


@blueprint.get("/listing/<key>")
@public
def listing(key: str) -> ResponseReturnValue:
    """Everything the directory knows of one listing, said no surer than it is."""
    try:
        wanted = ListingKey.parse(key)
    except BadListingKeyError:
        abort(404)
    if str(wanted) != key:
        return redirect(url_for("directory.listing", key=str(wanted)), code=301)
    patient = patient_context.of_request()
    with db.reading() as session:
        found = listings.get(session, wanted)
        fresh = freshness.of_listing(session, found.service_id, found.location_id, now=db.now()) if found else None
        own = own_words.of(session, [found] if found else [], current_language().code)
    if found is None or fresh is None:
        abort(404)
    if (found.service_id, found.location_id) != (wanted.service_id, wanted.location_id):  # it was merged away
        key = str(ListingKey(found.service_id, found.location_id))
        return redirect(url_for("directory.listing", key=key), code=301)
    page = listing_page.page(found, fresh, patient, now=db.now(), own=own.get(found.service_id, listing_texts.NOTHING))
    return htmx.render("directory/listing.html", page=page)


def _compose(ask: Ask) -> str:
    """Where what is chosen is sent or printed; the question stays here."""
    assert ask.patient is not None
    return f"{ask.patient.compose_href}?{urlencode([*(('listing', str(key)) for key in ask.chosen), ('do', ask.then)])}"


def _results(ask: Ask) -> presenters.SearchPage:
    with db.reading() as session:
        found = finding.find(session, db.runtime().search, ask.criteria, db.now())
        if found.answer.total and not found.answer.hits:  # a page behind the end: the list has become shorter
            ask = asking.on_last_page(ask, found.answer.total)
            found = finding.find(session, db.runtime().search, ask.criteria, db.now())
        chosen = listings.load(session, ask.chosen)
    return presenters.results(ask, found, chosen, now=db.now())


def _browse(ask: Ask) -> presenters.SearchPage:
    with db.reading() as session:
        place_error = finding.place_error(session, db.runtime().search, ask.criteria, db.now())
        chosen = listings.load(session, ask.chosen)
    return presenters.browse(ask, place_error, chosen)

"""The endpoints under /hsds. Each list answers GET, and POST with the same parameters in a JSON body."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request, url_for

from portal import db
from portal.api.hsds import about, answers, document, lists
from portal.api.hsds.lists import Form
from portal.api.hsds.parameters import BadParameterError, read, read_one, read_since
from portal.auth.guards import api
from portal.limits import InMemory
from resources_db.hsds import ended
from resources_db.hsds.nearby import UnknownZipError
from resources_db.limits import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from portal.api.hsds.lists import Listed
    from portal.api.hsds.parameters import Asked

blueprint = Blueprint("hsds", __name__, url_prefix="/hsds")
BOTH = ["GET", "POST"]
_limit = InMemory(Limit("hsds", 600, timedelta(minutes=1)))
_FIRST, _STREAMED_AT_ONCE = 10, 200  # the first lines leave soon


@blueprint.before_request
def _count() -> None:
    _limit.hit()


@blueprint.after_request
def _to_all(response: Response) -> Response:
    return answers.open_to_all(response)


@blueprint.errorhandler(BadParameterError)
def _bad_parameter(error: BadParameterError) -> ResponseReturnValue:
    return answers.problem(400, "A parameter cannot be read", f"Look at the parameter {error.name}.", "bad_parameter")


@blueprint.errorhandler(UnknownZipError)
def _unknown_zip(_error: UnknownZipError) -> ResponseReturnValue:
    return answers.problem(400, "A parameter cannot be read", "We do not know this postcode.", "unknown_postcode")


@blueprint.get("/")
@api("directory.read")
def root() -> ResponseReturnValue:
    """Version and profile."""
    return answers.record(about.root(db.runtime().settings))


@blueprint.get("/profile")
@api("directory.read")
def profile() -> ResponseReturnValue:
    """The members we add to HSDS."""
    return answers.record(about.profile())


@blueprint.get("/openapi.json")
@api("directory.read")
def openapi() -> ResponseReturnValue:
    """Our own API document."""
    return answers.record(document.openapi(db.runtime().settings.public_url))


@blueprint.route("/services", methods=BOTH)
@api("directory.read")
def services() -> ResponseReturnValue:
    """Services, short unless `full`."""
    return _list(lists.SERVICES)


@blueprint.get("/services/<record_id>")
@api("directory.read")
def service(record_id: str) -> ResponseReturnValue:
    """One service with everything about it."""
    return _one(lists.SERVICES, record_id)


@blueprint.route("/organizations", methods=BOTH)
@api("directory.read")
def organizations() -> ResponseReturnValue:
    """Organizations, short unless `full`."""
    return _list(lists.ORGANIZATIONS)


@blueprint.get("/organizations/<record_id>")
@api("directory.read")
def organization(record_id: str) -> ResponseReturnValue:
    """One organization with its services."""
    return _one(lists.ORGANIZATIONS, record_id)


@blueprint.route("/service_at_locations", methods=BOTH)
@api("directory.read")
def service_at_locations() -> ResponseReturnValue:
    """Services at places, short unless `full`."""
    return _list(lists.LINKS)


@blueprint.get("/service_at_locations/<record_id>")
@api("directory.read")
def service_at_location(record_id: str) -> ResponseReturnValue:
    """One service at one place."""
    return _one(lists.LINKS, record_id)


@blueprint.route("/taxonomies", methods=BOTH)
@api("directory.read")
def taxonomies() -> ResponseReturnValue:
    """Taxonomies."""
    return _list(lists.TAXONOMIES)


@blueprint.get("/taxonomies/<record_id>")
@api("directory.read")
def taxonomy(record_id: str) -> ResponseReturnValue:
    """One taxonomy."""
    return _one(lists.TAXONOMIES, record_id)


@blueprint.route("/taxonomy_terms", methods=BOTH)
@api("directory.read")
def taxonomy_terms() -> ResponseReturnValue:
    """Taxonomy terms."""
    return _list(lists.TERMS)


@blueprint.get("/taxonomy_terms/<record_id>")
@api("directory.read")
def taxonomy_term(record_id: str) -> ResponseReturnValue:
    """One taxonomy term."""
    return _one(lists.TERMS, record_id)


@blueprint.get("/tombstones")
@api("directory.read")
def tombstones() -> ResponseReturnValue:
    """Records that are published no longer, the oldest first, with the one that took their place."""
    since, number, per_page = read_since()
    with db.reading() as session:
        total, found = ended.page(session, since, number, per_page)
        return answers.page(total, number, per_page, found)


def _list(listed: Listed) -> ResponseReturnValue:
    asked = read()
    if asked.ndjson:
        return answers.lines(_stream(listed, asked))
    with db.reading() as session:
        if asked.minimal and listed.minimal is not None:
            changed = listed.minimal(session, asked.query)
            return answers.page(len(changed), 1, max(len(changed), 1), changed)
        found = listed.page(session, asked.query)
        shown = listed.shown(session, found.ids, asked.form, db.now().date())
        return answers.page(found.total, asked.query.page, asked.query.per_page, shown)


def _stream(listed: Listed, asked: Asked) -> Iterator[str]:
    """Every record that fits, a batch at a time. What cannot be read is refused before the first line."""
    today, runtime = db.now().date(), db.runtime()
    with db.reading() as session:
        wanted = listed.ids(session, asked.query)

    def lines() -> Iterator[str]:
        with runtime.database.reading(lists.READER) as session:
            if asked.minimal and listed.minimal is not None:
                yield from map(answers.line, listed.minimal(session, asked.query))
                return
            ids = list(session.scalars(wanted))
            at_once = _FIRST
            while ids:
                some, ids = ids[:at_once], ids[at_once:]
                yield from map(answers.line, listed.shown(session, some, asked.form, today))
                session.expunge_all()
                at_once = _STREAMED_AT_ONCE

    return lines()


def _one(listed: Listed, text: str) -> ResponseReturnValue:
    form = read_one()
    try:
        record_id = uuid.UUID(text)
    except ValueError:
        return _unknown()
    with db.reading() as session:
        found = listed.shown(session, [record_id], form, db.now().date())
        if found:
            return answers.record(found[0])
        survivor = ended.moved_to(session, record_id, listed.kind)
        if survivor is not None and listed.shown(session, [survivor], Form(), db.now().date()):
            query = f"?{request.query_string.decode()}" if request.query_string else ""
            return answers.moved(url_for(str(request.endpoint), record_id=str(survivor)) + query)
        stone = ended.of(session, record_id, listed.kind)
        if stone is not None:
            return answers.gone(stone)
    return _unknown()


def _unknown() -> Response:
    return answers.problem(404, "Not found", "There is no published record with this id.", "not_found")

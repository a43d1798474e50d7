"""The endpoints under /hsds. Each list answers GET, and POST with the same parameters in a JSON body."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g

from portal import db
from portal.api.hsds import about, answers, lists
from portal.api.hsds.parameters import BadParameterError, read
from portal.auth.guards import api
from portal.limits import InMemory
from resources_db.hsds.nearby import UnknownZipError
from resources_db.limits import Limit
from resources_db.models.curation import Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from portal.api.hsds.lists import Listed
    from portal.api.hsds.parameters import Asked

blueprint = Blueprint("hsds", __name__, url_prefix="/hsds")
BOTH = ["GET", "POST"]
_limit = InMemory(Limit("hsds", 600, timedelta(minutes=1)))
_STREAMED_AT_ONCE = 200


@blueprint.before_request
def _count() -> None:
    _limit.hit()


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
    return answers.record(about.root(db.runtime().settings.public_url))


@blueprint.get("/profile")
@api("directory.read")
def profile() -> ResponseReturnValue:
    """The members we add to HSDS."""
    return answers.record(about.profile())


@blueprint.get("/openapi.json")
@api("directory.read")
def openapi() -> ResponseReturnValue:
    """Our own API document."""
    return answers.record(about.openapi(db.runtime().settings.public_url))


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


def _list(listed: Listed) -> ResponseReturnValue:
    asked = read()
    if asked.ndjson:
        return answers.lines(_stream(listed, asked))
    with db.reading() as session:
        if asked.minimal and listed.minimal is not None:
            return answers.record(listed.minimal(session, asked.query))
        found = listed.page(session, asked.query)
        show = listed.full if asked.full else listed.short
        return answers.page(found, asked.query, show(session, found.ids, db.now().date()))


def _stream(listed: Listed, asked: Asked) -> Iterator[str]:
    """Every record that fits, a batch at a time; the session lives as long as the stream."""
    show = listed.full if asked.full else listed.short
    today, runtime = db.now().date(), db.runtime()

    def lines() -> Iterator[str]:
        with runtime.database.reading(lists.READER) as session:
            ids = listed.every(session, asked.query)
            for start in range(0, len(ids), _STREAMED_AT_ONCE):
                for record in show(session, ids[start : start + _STREAMED_AT_ONCE], today):
                    yield json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                session.expunge_all()

    return lines()


def _one(listed: Listed, text: str) -> ResponseReturnValue:
    try:
        record_id = uuid.UUID(text)
    except ValueError:
        return _unknown()
    with db.reading() as session:
        found = listed.full(session, [record_id], db.now().date())
        if found:
            return answers.record(found[0])
        gone = session.get(Tombstone, record_id)
        if gone is not None:
            return answers.record({"id": text, "kind": gone.kind, "deleted_at": gone.deleted_at.isoformat()}, 410)
    return _unknown()


def _unknown() -> Response:
    g.setdefault("request_id", "")
    return answers.problem(404, "Not found", "There is no published record with this id.", "not_found")

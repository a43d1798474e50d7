"""GET /api/search: what the search page answers, as JSON. Public, limited, no patient data; errors are documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from i18n import catalog
from portal import db, finding, need_words, search_words
from portal.auth.guards import public
from search.answer import Facets, Hit
from search.criteria import from_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from portal.finding import Found
    from resources_db.base import JsonDict, JsonList
    from resources_db.repositories.listing import Listing
    from search.criteria import FieldProblem
    from search.errors import PlaceError

blueprint = Blueprint("api_search", __name__)


@blueprint.get("/api/search")
@public
def search() -> ResponseReturnValue:
    """`lang` chooses the language of the words; what cannot be read is a 400 with the field."""
    finding.count()
    criteria, wrong = from_query(request.args.to_dict(flat=False))
    if wrong:
        return _bad_field(wrong)
    with catalog.use_language(_language(criteria.lang)), db.reading() as session:
        found = finding.find(session, db.runtime().search, criteria, db.now())
        if found.place_error:
            return _bad_place(found.place_error)
        return _json(_document(found), 200, "application/json")


def _language(code: str) -> str:
    return code if code in {language.code for language in catalog.offered()} else "en"


def _document(found: Found) -> JsonDict:
    answer = found.answer
    return {
        "understood": [
            {"need": item.need, "label": need_words.need(item.need), "confidence": item.confidence}
            for item in answer.understood
        ],
        "constraints": [{"field": item.field, "value": item.value} for item in answer.constraints],
        "urgent": [
            {"kind": one.kind, "text": one.text, "call": [call.number for call in one.calls]}
            for one in search_words.urgent(answer)
        ],
        "place": {"label": answer.place.label, "about": True} if answer.place else None,
        "total": answer.total,
        "facets": _facets(answer.facets),
        "hits": [_hit(hit, listing) for hit, listing in found.pairs],
        "relaxed": [{"step": step.step.value, "text": search_words.relaxed(step)} for step in answer.relaxed],
        "degraded": answer.degraded,
    }


def _facets(facets: Facets) -> JsonDict:
    return {
        "need": dict(facets.need),
        "domain": dict(facets.domain),
        "language": dict(facets.language),
        "open_now": facets.open_now,
        "has_room": facets.has_room,
        "no_papers": facets.no_papers,
    }


def _hit(hit: Hit, listing: Listing) -> JsonDict:
    status = listing.open_status(db.now())
    return {
        "service_id": str(listing.service_id),
        "location_id": str(listing.location_id) if listing.location_id else None,
        "name": listing.name,
        "organization": listing.organization_name,
        "needs": list(listing.needs),
        "distance_m": round(hit.distance_m) if hit.distance_m is not None else None,
        "about": hit.about,
        "serves_area": hit.serves_area,
        "open": {
            "state": status.state.value,
            "until": status.until.isoformat() if status.until else None,
            "opens_at": status.opens_at.isoformat() if status.opens_at else None,
        },
        "why": [search_words.sentence(reason) for reason in hit.why],
        "reasons": [reason.code.value for reason in hit.why],
    }


def _bad_field(wrong: Iterable[FieldProblem]) -> Response:
    errors: JsonList = [{"field": one.field, "code": one.problem.value} for one in wrong]
    return _problem("A parameter cannot be read", "See errors for each field.", "bad_parameter", errors)


def _bad_place(error: PlaceError) -> Response:
    errors: JsonList = [{"field": "near", "code": error.problem.value, "suggestions": list(error.suggestions)}]
    return _problem("We do not know this place", search_words.place_problem(error), error.problem.value, errors)


def _problem(title: str, detail: str, code: str, errors: JsonList) -> Response:
    document: JsonDict = {
        "type": "about:blank",
        "title": title,
        "status": 400,
        "detail": detail,
        "code": code,
        "errors": errors,
    }
    return _json(document, 400, "application/problem+json")


def _json(document: JsonDict, status: int, kind: str) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, mimetype=kind)

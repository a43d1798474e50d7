"""GET /api/search: what the search page answers, as JSON. Public, limited, no patient data; errors are documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from i18n import catalog
from portal import db, finding, search_document, search_words
from portal.auth.guards import public
from search.criteria import from_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from resources_db.base import JsonDict, JsonList
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
    with catalog.use_language(finding.language(criteria.lang)), db.reading() as session:
        found = finding.find(session, db.runtime().search, criteria, db.now())
        if found.place_error:
            return _bad_place(found.place_error)
        return _json(search_document.document(found, db.now()), 200, "application/json")


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

"""How HSDS answers look: pages, records, ndjson, problems; ETag on every GET, open to every origin, read only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Response, g, request

from portal.api import problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resources_db.hsds.queries import Page, Query
    from resources_db.hsds.views import Hsds

_MAX_AGE_SECONDS = 60


def record(document: Hsds, status: int = 200) -> Response:
    """One document, or 304 when the caller has it already."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    response = Response(body, status, mimetype="application/json")
    return _shared(response)


def page(found: Page, query: Query, contents: list[Hsds]) -> Response:
    """The envelope of the specification, always with all eight members."""
    pages = max(-(-found.total // query.per_page), 1)
    number = query.page if found.total else 1
    return record(
        {
            "total_items": found.total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": contents,
        }
    )


def lines(records: Iterable[str]) -> Response:
    """One record a line, as they come."""
    response = Response((f"{line}\n" for line in records), mimetype="application/x-ndjson")
    return _open(response)


def problem(status: int, title: str, detail: str, code: str) -> Response:
    """An error as a problem document."""
    request_id = str(g.get("request_id", ""))
    return _open(problems.answer(status, title, detail, code=code, request_id=request_id))


def _shared(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE_SECONDS}"
    made = response.make_conditional(request) if request.method == "GET" else response
    assert isinstance(made, Response)
    return _open(made)


def _open(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    return response

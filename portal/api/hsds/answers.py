"""How HSDS answers look: pages, records, ndjson, problems; ETag on every GET, open to every origin, read only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Response, g, request

from portal.api import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resources_db.hsds.views import Hsds

_MAX_AGE_SECONDS = 60


def record(document: Hsds, status: int = 200) -> Response:
    """One document, or 304 when the caller has it already."""
    return _shared(Response(line(document), status, mimetype="application/json"))


def line(document: Hsds) -> str:
    """A document without spaces: a body, or a line of a stream."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def page(total: int, number: int, per_page: int, contents: Sequence[Hsds]) -> Response:
    """The envelope of the specification, always with all eight members."""
    pages = max(-(-total // per_page), 1)
    number = number if total else 1
    return record(
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": contents,
        }
    )


def moved(address: str) -> Response:
    """The record was merged into another one, for good."""
    response = record({"moved_to": address}, 301)
    response.headers["Location"] = address
    return response


def lines(records: Iterable[str]) -> Response:
    """One record a line, as they come."""
    return Response((f"{line}\n" for line in records), mimetype="application/x-ndjson")


def problem(status: int, title: str, detail: str, code: str) -> Response:
    """An error as a problem document."""
    return problems.answer(status, title, detail, code=code, request_id=str(g.get("request_id", "")))


def gone(tombstone: Hsds) -> Response:
    """Withdrawn: the problem carries what is known of the end."""
    response = problem(410, "Gone", "This record was withdrawn.", "withdrawn")
    document = json.loads(response.get_data(as_text=True))
    response.set_data(json.dumps({**document, **tombstone}, ensure_ascii=False))
    return response


def _shared(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE_SECONDS}"
    made = response.make_conditional(request) if request.method in ("GET", "HEAD") else response
    assert isinstance(made, Response)
    return made


def open_to_all(response: Response) -> Response:
    """Pages of every origin may read what is here, errors too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"
    return response

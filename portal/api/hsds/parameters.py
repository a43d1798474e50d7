"""Reads the parameters of the HSDS lists, from the query string or a JSON body; what cannot be read is a 400."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request

from resources_db.hsds.queries import DEFAULT_PAGE, LARGEST_PAGE, Query

_MOST_WORDS = 200
_LAST_PAGE = 10_000_000
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})


class BadParameterError(ValueError):
    """A parameter that cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, and how the answer should look."""

    query: Query
    full: bool = False
    minimal: bool = False
    ndjson: bool = False


def read() -> Asked:
    """The parameters of this request; raises BadParameterError."""
    given = _given()
    postcode, proximity = given.get("postcode", "").strip(), given.get("proximity", "")
    if proximity and not postcode:
        raise BadParameterError("proximity")
    if given.get("format", "json") not in ("json", "ndjson"):
        raise BadParameterError("format")
    query = Query(
        page=_number(given, "page", 1, _LAST_PAGE),
        per_page=min(_number(given, "per_page", DEFAULT_PAGE, _LAST_PAGE), LARGEST_PAGE),
        search=given.get("search", "")[:_MOST_WORDS],
        taxonomy_term_id=_id(given, "taxonomy_term_id"),
        taxonomy_id=_id(given, "taxonomy_id"),
        organization_id=_id(given, "organization_id"),
        parent_id=_id(given, "parent_id"),
        modified_after=_moment(given, "modified_after"),
        top_only=_flag(given, "top_only"),
        postcode=postcode,
        proximity=_metres(proximity) if proximity else None,
    )
    return Asked(query, _flag(given, "full"), _flag(given, "minimal"), given.get("format") == "ndjson")


def _given() -> Mapping[str, str]:
    if request.method != "POST":
        return request.args.to_dict()
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or any(isinstance(value, list | dict) for value in body.values()):
        raise BadParameterError("body")
    return {name: _text(value) for name, value in body.items() if value is not None}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:12]) <= most:
        raise BadParameterError(name)
    return int(text)


def _flag(given: Mapping[str, str], name: str) -> bool:
    word = given.get(name, "").lower()
    if word not in _TRUE | _FALSE:
        raise BadParameterError(name)
    return word in _TRUE


def _id(given: Mapping[str, str], name: str) -> uuid.UUID | None:
    text = given.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise BadParameterError(name) from None


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    # A plus sign arrives as a space when a client does not encode it.
    text = given.get(name, "").replace(" ", "+") if "T" in given.get(name, "") else given.get(name, "")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise BadParameterError(name) from None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _metres(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        raise BadParameterError("proximity") from None
    if not 0 < metres < _LAST_PAGE:
        raise BadParameterError("proximity")
    return metres

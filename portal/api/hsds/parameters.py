"""Reads the parameters of the HSDS lists, from the query string or a JSON body; what cannot be read is a 400."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request

from portal.api.hsds.lists import Form
from resources_db.hsds.queries import DEFAULT_PAGE, LARGEST_PAGE, Query

_MOST_WORDS = 200
_LAST_PAGE = 10_000_000
_MOST_DIGITS = 12
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
    form: Form
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
        modified_after=moment(given, "modified_after"),
        top_only=flag(given, "top_only"),
        postcode=postcode,
        proximity=_metres(proximity) if proximity else None,
    )
    form = Form(full=flag(given, "full"), fuller=flag(given, "full_service"))
    return Asked(query, form, flag(given, "minimal"), given.get("format") == "ndjson")


def read_one() -> Form:
    """How one record is wanted; raises BadParameterError."""
    given = _given()
    return Form(full=True, fuller=flag(given, "full_service"), history=flag(given, "x_metadata"))


def read_since() -> tuple[datetime | None, int, int]:
    """Since when, which page, how many on one; raises BadParameterError."""
    given = _given()
    per_page = min(_number(given, "per_page", DEFAULT_PAGE, _LAST_PAGE), LARGEST_PAGE)
    return moment(given, "since"), _number(given, "page", 1, _LAST_PAGE), per_page


def _given() -> Mapping[str, str]:
    """From the address, and for a POST from the body too: what stands in the body stays out of logs."""
    given = {**request.args.to_dict(), **(_body() if request.method == "POST" else {})}
    for name, text in given.items():
        if not _can_be_stored(text):
            raise BadParameterError(name if _can_be_stored(name) else "body")
    return given


def _body() -> dict[str, str]:
    raw = request.get_data()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise BadParameterError("body") from None
    if not isinstance(body, dict) or any(isinstance(value, list | dict) for value in body.values()):
        raise BadParameterError("body")
    return {name: _text(value) for name, value in body.items() if value is not None}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _can_be_stored(text: str) -> bool:
    """Neither NUL nor half a letter: no database takes them."""
    return "\0" not in text and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or not 1 <= int(text) <= most:
        raise BadParameterError(name)
    return int(text)


def flag(given: Mapping[str, str], name: str) -> bool:
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


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    # A plus sign arrives as a space when a client does not encode it.
    text = given.get(name, "").replace(" ", "+") if "T" in given.get(name, "") else given.get(name, "")
    try:
        if not text:
            return None
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadParameterError(name) from None


def _metres(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        raise BadParameterError("proximity") from None
    if not 0 < metres < _LAST_PAGE:
        raise BadParameterError("proximity")
    return metres

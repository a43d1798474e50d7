"""The OpenAPI 3.1 document of our own interface. Codes are read from the criteria, never listed twice."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response

from portal.auth.guards import public
from portal.limits import PUBLIC_SEARCH
from resources_db.hours import OpenState
from resources_db.needs import DOMAINS, NEEDS
from search.answer import Relax, Why
from search.audience import Group
from search.criteria import (
    CHECKED_DAYS,
    DEFAULT_LIMIT,
    DEFAULT_RADIUS_M,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    LARGEST_RADIUS_M,
    SMALLEST_RADIUS_M,
    Cost,
    OpenWhen,
    Problem,
    Sort,
    Travel,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resources_db.base import JsonDict, JsonList

blueprint = Blueprint("api_openapi", __name__)

_TEXT: Final[JsonDict] = {"type": "string"}
_COUNT: Final[JsonDict] = {"type": "integer", "minimum": 0}
_TRUTH: Final[JsonDict] = {"type": "boolean"}


@blueprint.get("/api/openapi.json")
@public
def description() -> Response:
    """The document, for generators of clients and for people."""
    return Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")


def document() -> JsonDict:
    """OpenAPI 3.1 (JSON Schema 2020-12)."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Handrail",
            "version": version("handrail"),
            "summary": "Find community services by what a person needs.",
            "description": (
                "Public, no key. Answers hold public facts of listings only. "
                f"At most {PUBLIC_SEARCH.most} questions in {int(PUBLIC_SEARCH.window.total_seconds())} seconds "
                "from one network; beyond that 429 with Retry-After."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {"/api/search": {"get": _operation()}},
        "components": {"schemas": _schemas()},
    }


def _operation() -> JsonDict:
    return {
        "operationId": "search",
        "summary": "Which places serve what was said, best first, with the reasons.",
        "parameters": _parameters(),
        "responses": {
            "200": _content("The answer.", "application/json", "SearchAnswer"),
            "400": _content("A parameter cannot be read.", "application/problem+json", "Problem"),
            "429": {
                **_content("Too many questions.", "application/problem+json", "Problem"),
                "headers": {"Retry-After": {"description": "Seconds until a question counts anew.", "schema": _COUNT}},
            },
        },
    }


def _content(words: str, kind: str, schema: str) -> JsonDict:
    return {"description": words, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _parameters() -> JsonList:
    return [
        _parameter("q", "What the person said, in any of the twelve languages.", {**_TEXT, "maxLength": 300}),
        _parameter("near", "ZIP code, or city and state.", {**_TEXT, "maxLength": 80}),
        _parameter(
            "radius_m",
            "Metres; a listing whose service area covers the place counts wherever it is.",
            {
                "type": "number",
                "default": DEFAULT_RADIUS_M,
                "minimum": SMALLEST_RADIUS_M,
                "maximum": LARGEST_RADIUS_M,
            },
        ),
        _parameter("need", "Ids of needs, beside or instead of words.", _list(NEEDS)),
        _parameter("domain", "A whole domain of needs.", _word(DOMAINS)),
        _parameter(
            "without",
            "What must not be read from the words again: a need, or the field of a constraint.",
            {
                "type": "array",
                "items": _TEXT,
            },
        ),
        _parameter("language", "Spoken there; ISO 639 code.", {**_TEXT, "pattern": "^[A-Za-z]{2,3}([-_].*)?$"}),
        _parameter("open_now", "Only what is surely open now.", _TRUTH),
        _parameter("open", "Only what is surely open then; a day is the next such day.", _word(OpenWhen)),
        _parameter(
            "open_at",
            "Only what is surely open at this wall time of its own place, such as 2026-11-28T09:30.",
            {**_TEXT, "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$"},
        ),
        _parameter("has_room", "Only places that said they have room.", _TRUTH),
        _parameter("no_papers", "Only places that ask for no papers.", _TRUTH),
        _parameter("by_phone", "Only help by phone or net.", _TRUTH),
        _parameter("who", "Only places that do not send these people away; those for them come first.", _word(Group)),
        _parameter("wheelchair", "Only places that say a wheelchair gets in.", _TRUTH),
        _parameter("cost", "What it costs.", _list(Cost)),
        _parameter(
            "checked", "Only records checked within so many days.", {"type": "integer", "enum": [*CHECKED_DAYS]}
        ),
        _parameter("travel", "How the person gets about: how fast distance counts.", _word(Travel)),
        _parameter("sort", "Order.", {**_word(Sort), "default": Sort.BEST.value}),
        _parameter("limit", "Hits in one answer.", _whole(DEFAULT_LIMIT, 1, LARGEST_LIMIT)),
        _parameter("offset", "Hits to leave out.", _whole(0, 0, LARGEST_OFFSET)),
        _parameter("lang", "Language of the words in the answer.", {**_TEXT, "default": "en"}),
    ]


def _parameter(name: str, words: str, schema: JsonDict) -> JsonDict:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _word(words: Iterable[str]) -> JsonDict:
    return {"type": "string", "enum": [str(word) for word in words]}


def _list(words: Iterable[str]) -> JsonDict:
    return {"type": "array", "items": _word(words)}


def _whole(default: int, least: int, most: int) -> JsonDict:
    return {"type": "integer", "default": default, "minimum": least, "maximum": most}


def _object(**members: JsonDict) -> JsonDict:
    """An object that has exactly these members."""
    return {"type": "object", "required": [*members], "properties": members, "additionalProperties": False}


def _array(items: JsonDict) -> JsonDict:
    return {"type": "array", "items": items}


def _maybe(kind: str, **more: object) -> JsonDict:
    return {"type": [kind, "null"], **more}


def _counts() -> JsonDict:
    return {"type": "object", "additionalProperties": _COUNT}


def _schemas() -> JsonDict:
    need = _word(NEEDS)
    share: JsonDict = {"type": "number", "minimum": 0, "maximum": 1}
    return {
        "SearchAnswer": _object(
            understood=_array(_object(need=need, label=_TEXT, confidence=share)),
            instead=_array(_object(need=need, label=_TEXT)),
            corrections=_array(_object(typed=_TEXT, read=_TEXT)),
            constraints=_array(_object(field=_TEXT, value=_TEXT)),
            urgent=_array(_object(kind=_TEXT, text=_TEXT, call=_array(_TEXT))),
            place={"oneOf": [_object(label=_TEXT, about=_TRUTH), {"type": "null"}]},
            total=_COUNT,
            facets={"$ref": "#/components/schemas/Facets"},
            hits=_array({"$ref": "#/components/schemas/Hit"}),
            browse=_counts(),
            relaxed=_array(_object(step=_word(Relax), text=_TEXT)),
            degraded=_TRUTH,
        ),
        "Facets": _object(
            need=_counts(),
            domain=_counts(),
            language=_counts(),
            open_now=_COUNT,
            has_room=_COUNT,
            no_papers=_COUNT,
            by_phone=_COUNT,
            cost=_counts(),
            distance=_counts(),
            checked=_counts(),
            room=_counts(),
        ),
        "Hit": _object(
            service_id={**_TEXT, "format": "uuid"},
            location_id=_maybe("string", format="uuid"),
            name=_TEXT,
            organization=_TEXT,
            needs=_array(_TEXT),
            distance_m=_maybe("integer", minimum=0),
            about=_TRUTH,
            serves_area=_maybe("boolean"),
            open=_object(
                state=_word(OpenState),
                until=_maybe("string", format="date-time"),
                opens_at=_maybe("string", format="date-time"),
            ),
            why=_array(_TEXT),
            reasons=_array(_word(Why)),
            score={"type": "number"},
            order={
                "oneOf": [
                    _object(
                        need={"type": "number"},
                        parts=_array(_object(name=_TEXT, weight={"type": "number"}, value={"type": "number"})),
                        penalties={"type": "object", "additionalProperties": {"type": "number"}},
                        named={"type": "number"},
                    ),
                    {"type": "null"},
                ]
            },
        ),
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "code"],
            "properties": {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "code": _TEXT,
                "errors": _array(
                    {
                        "type": "object",
                        "required": ["field", "code"],
                        "properties": {
                            "field": _TEXT,
                            "code": {"anyOf": [_word(Problem), _TEXT]},
                            "suggestions": _array(_TEXT),
                        },
                    }
                ),
            },
        },
    }

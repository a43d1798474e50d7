"""The OpenAPI 3.1 document of /hsds: every path, parameter, answer and error, made from the tables the code reads."""

from __future__ import annotations

from typing import Final

from portal.api.hsds import members
from resources_db import vocab
from resources_db.hsds.fields import HSDS_VERSION, NESTED, OBJECTS, WITHOUT_ATTRIBUTES, Field
from resources_db.hsds.queries import DEFAULT_PAGE, LARGEST_PAGE
from resources_db.hsds.views import Hsds

_PAGED: Final = ("page", "per_page", "format")
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "services": (
        "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full", *_PAGED,
    ),
    "organizations": ("search", "taxonomy_term_id", "taxonomy_id", "full", "full_service", *_PAGED),
    "service_at_locations": (
        "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full", "postcode",
        "proximity", *_PAGED,
    ),
    "taxonomies": ("search", *_PAGED),
    "taxonomy_terms": ("search", "taxonomy_id", "parent_id", "top_only", *_PAGED),
}  # fmt: skip
_OBJECT: Final = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
_TEXT: Final[Hsds] = {"type": "string"}
_ID: Final[Hsds] = {"type": "string", "format": "uuid"}
_MOMENT: Final[Hsds] = {"type": "string", "format": "date-time"}
_FLAG: Final[Hsds] = {"type": "boolean", "default": False}
_COUNT: Final[Hsds] = {"type": "integer", "minimum": 0}
_PARAMETERS: Final[dict[str, tuple[str, Hsds]]] = {
    "search": ("Every word must stand in the name, the other name or the description.", {**_TEXT, "maxLength": 200}),
    "taxonomy_term_id": ("Records of which this term is said.", _ID),
    "taxonomy_id": ("Records of which any term of this taxonomy is said.", _ID),
    "organization_id": ("Services of this organization.", _ID),
    "modified_after": ("Records changed at this moment or later, with anything nested in them.", _MOMENT),
    "minimal": ("Only ids and when they changed, all in one page.", _FLAG),
    "full": ("Everything nested.", _FLAG),
    "full_service": ("Organizations with their services in full; without it in short.", _FLAG),
    "postcode": ("ZIP code: services whose area covers it, or that are near it.", {**_TEXT, "maxLength": 12}),
    "proximity": ("Metres from the middle of the ZIP code; needs postcode.", {"type": "number", "exclusiveMinimum": 0}),
    "page": ("Page, from 1.", {"type": "integer", "minimum": 1, "maximum": 10_000_000, "default": 1}),
    "per_page": (
        f"Records on a page; more than {LARGEST_PAGE} is read as {LARGEST_PAGE}.",
        {"type": "integer", "minimum": 1, "maximum": 10_000_000, "default": DEFAULT_PAGE},
    ),
    "format": (
        "ndjson streams every record, one a line, without pages.",
        {"type": "string", "enum": ["json", "ndjson"]},
    ),
    "parent_id": ("Terms below this one.", _ID),
    "top_only": ("Only terms that have no parent.", _FLAG),
    "x_metadata": ("With the history of the record: a role, never a person.", _FLAG),
    "since": ("Ended at this moment or later.", _MOMENT),
}
_TYPES: Final = {"number": "number", "int": "integer", "bool": "boolean", "list": "array", "extension": "number"}
_FORMATS: Final = {
    "id": "uuid", "link": "uuid", "uri": "uri", "email": "email", "date": "date", "datetime": "date-time",
}  # fmt: skip


def openapi(public_url: str) -> Hsds:
    """The whole document."""
    paths: Hsds = {
        "/": {"get": _operation("root", "Version and profile.", {"type": "object"}, 429)},
        "/profile": {"get": _operation("profile", "The members we add.", {"type": "object"}, 429)},
        "/tombstones": {
            "get": {
                **_operation("tombstones", "Records that are published no longer.", _page("tombstone"), 400, 429),
                "parameters": [_parameter(name) for name in ("since", "page", "per_page")],
            }
        },
    }
    for name, parameters in LISTS.items():
        paths[f"/{name}"] = _list(name, parameters)
        paths[f"/{name}/{{id}}"] = _one(name)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Handrail directory (HSDS)", "version": HSDS_VERSION},
        "servers": [{"url": f"{public_url}/hsds"}],
        "paths": paths,
        "components": {"schemas": {**{kind: _schema(kind) for kind in OBJECTS}, **_own_schemas()}},
    }


def _list(name: str, parameters: tuple[str, ...]) -> Hsds:
    page = _page(_OBJECT[name])
    body = {"type": "object", "properties": {one: _PARAMETERS[one][1] for one in parameters}}
    found = _operation(f"list_{name}", f"A page of {name}.", page, 400, 429, streamed=True)
    asked = _operation(f"find_{name}", "The same, with the question kept out of logs.", page, 400, 429, streamed=True)
    return {
        "get": {**found, "parameters": [_parameter(one) for one in parameters]},
        "post": {**asked, "requestBody": {"content": {"application/json": {"schema": body}}}},
    }


def _one(name: str) -> Hsds:
    named = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
    more = ("full_service", "x_metadata") if name == "organizations" else ("x_metadata",)
    errors = (301, 304, 400, 404, 410, 429)
    found = _operation(f"get_{name}", "One record with everything about it.", _ref(_OBJECT[name]), *errors)
    return {"get": {**found, "parameters": [named, *(_parameter(one) for one in more)]}}


def _operation(name: str, words: str, schema: Hsds, *others: int, streamed: bool = False) -> Hsds:
    content: Hsds = {"application/json": {"schema": schema}}
    if streamed:
        content["application/x-ndjson"] = {"schema": _TEXT}
    answers: Hsds = {"200": {"description": words, "content": content}}
    for status in others:
        answers[str(status)] = _OTHERS[status]
    return {"operationId": name, "summary": words, "responses": answers}


def _problem(words: str) -> Hsds:
    return {"description": words, "content": {"application/problem+json": {"schema": _ref("problem")}}}


def _ref(name: str) -> Hsds:
    return {"$ref": f"#/components/schemas/{name}"}


_OTHERS: Final[dict[int, Hsds]] = {
    301: {"description": "Merged into the record at Location.", "content": {"application/json": {}}},
    304: {"description": "As the caller has it (If-None-Match)."},
    400: _problem("A parameter cannot be read."),
    404: _problem("No such record."),
    410: _problem("Withdrawn; with the members of its tombstone."),
    429: _problem("Too many questions; see Retry-After."),
}


def _parameter(name: str) -> Hsds:
    words, schema = _PARAMETERS[name]
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _page(kind: str) -> Hsds:
    counts = ("total_items", "total_pages", "page_number", "size")
    flags = ("first_page", "last_page", "empty")
    members_: Hsds = {**dict.fromkeys(counts, _COUNT), **{one: {"type": "boolean"} for one in flags}}
    contents: Hsds = {"type": "array", "items": _ref(kind) if kind != "service" else {"type": "object"}}
    members_["contents"] = contents
    return {"type": "object", "required": [*members_], "properties": members_}


def _own_schemas() -> Hsds:
    stone = {"id": _ID, "kind": _TEXT, "deleted_at": _MOMENT, "replaced_by": _ID}
    problem = dict.fromkeys(("type", "title", "detail", "code"), _TEXT) | {"status": {"type": "integer"}}
    return {
        "tombstone": {"type": "object", "required": ["id", "kind", "deleted_at"], "properties": stone},
        "problem": {"type": "object", "required": ["type", "title", "status", "detail"], "properties": problem},
    }


def _schema(name: str) -> Hsds:
    kind = OBJECTS[name]
    properties: Hsds = {field.name: _typed(field) for field in kind.fields if not field.ours}
    for member in NESTED.get(name, ()):
        properties[member.name] = (
            {"type": "array", "items": _ref(member.object)} if member.many else _ref(member.object)
        )
    if name not in WITHOUT_ATTRIBUTES:
        properties["attributes"] = {"type": "array", "items": _ref("attribute")}
    if name != "metadata":
        properties["metadata"] = {"type": "array", "items": _ref("metadata")}
    for added, words in members.by_object().get(name, {}).items():
        field = kind.field(added)
        properties[added] = {**(_typed(field) if field else {}), "description": words}
    required = [field.name for field in kind.fields if field.required == "json"]
    return {"type": "object", "required": required, "properties": properties}


def _typed(field: Field) -> Hsds:
    described: Hsds = {"type": _TYPES.get(field.type, "string")}
    if field.type == "list":
        described["items"] = _TEXT
    if (form := _FORMATS.get("link" if field.target else field.type)) is not None:
        described["format"] = form
    how, _, words = field.type.partition(":")
    if how == "word":
        described["enum"] = [str(member) for member in getattr(vocab, words)]
    if how == "code":
        described["enum"] = words.split("|")
    return described

"""What /hsds says about itself: version, the members we add, and an API document made from the same tables."""

from __future__ import annotations

from typing import Final

from resources_db.hsds.fields import HSDS_VERSION, OBJECTS
from resources_db.hsds.views import Hsds

_PAGED: Final = ("page", "per_page", "format")
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "services": (
        "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full", *_PAGED,
    ),
    "organizations": ("search", "taxonomy_term_id", "taxonomy_id", "full", *_PAGED),
    "service_at_locations": (
        "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full", "postcode",
        "proximity", *_PAGED,
    ),
    "taxonomies": ("search", *_PAGED),
    "taxonomy_terms": ("search", "taxonomy_id", "parent_id", "top_only", *_PAGED),
}  # fmt: skip
_JSON_TYPES: Final = {"number": "number", "int": "integer", "bool": "boolean", "list": "array", "extension": "integer"}
_FORMATS: Final = {
    "id": "uuid",
    "link": "uuid",
    "uri": "uri",
    "email": "email",
    "date": "date",
    "datetime": "date-time",
}


def root(public_url: str) -> Hsds:
    """The answer of GET /hsds/."""
    base = f"{public_url}/hsds"
    return {
        "version": HSDS_VERSION,
        "profile": f"{base}/profile",
        "openapi_url": f"{base}/openapi.json",
        "description": "The published directory of this Handrail installation.",
        "publisher": {"name": "Handrail", "website": public_url},
    }


def profile() -> Hsds:
    """Members beside HSDS: they begin with x_ and may be ignored."""
    added: Hsds = {}
    for kind in OBJECTS.values():
        names = [field.name for field in kind.fields if field.ours]
        if names:
            added[kind.name] = names
    return {"name": "Handrail profile of HSDS", "version": HSDS_VERSION, "members": added}


def openapi(public_url: str) -> Hsds:
    """Paths, parameters and objects."""
    paths: Hsds = {"/": {"get": {"operationId": "root", "responses": _responses()}}}
    for name, parameters in LISTS.items():
        listed = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in parameters]
        body = {"content": {"application/json": {"schema": {"type": "object"}}}}
        paths[f"/{name}"] = {
            "get": {"operationId": f"list_{name}", "parameters": listed, "responses": _responses(400, 429)},
            "post": {"operationId": f"find_{name}", "requestBody": body, "responses": _responses(400, 429)},
        }
        by_id = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}]
        paths[f"/{name}/{{id}}"] = {
            "get": {"operationId": f"get_{name}", "parameters": by_id, "responses": _responses(404, 410, 429)}
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Handrail directory (HSDS)", "version": HSDS_VERSION},
        "servers": [{"url": f"{public_url}/hsds"}],
        "paths": paths,
        "components": {"schemas": {kind: _schema(kind) for kind in OBJECTS}},
    }


def _responses(*errors: int) -> Hsds:
    answers: Hsds = {"200": {"description": "The record or page", "content": {"application/json": {}}}}
    for status in errors:
        answers[str(status)] = {"description": "A problem document", "content": {"application/problem+json": {}}}
    return answers


def _schema(name: str) -> Hsds:
    kind = OBJECTS[name]
    properties: Hsds = {}
    for field in kind.fields:
        described = {"type": _JSON_TYPES.get(field.type, "string")}
        if (form := _FORMATS.get("link" if field.target else field.type)) is not None:
            described["format"] = form
        properties[field.name] = described
    return {
        "type": "object",
        "required": [field.name for field in kind.fields if field.required == "json"],
        "properties": properties,
    }

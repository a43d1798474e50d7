"""Errors of programs' interfaces: RFC 9457 problem documents, and OperationOutcome under /fhir."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from flask import Response, request

if TYPE_CHECKING:
    from resources_db.base import JsonDict

PREFIXES: Final = ("/api/", "/hsds/", "/fhir/")
FHIR: Final = "/fhir"
FHIR_CODES: Final = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    413: "too-long",
    429: "throttled",
}


def speaks_json() -> bool:
    """Whether this address is for programs, so that errors are documents and not pages."""
    return f"{request.path}/".startswith(PREFIXES)


def answer(status: int, title: str, detail: str, *, code: str, request_id: str) -> Response:
    """The error as the caller's interface writes it."""
    if f"{request.path}/".startswith(f"{FHIR}/"):
        return outcome(status, detail)
    document: JsonDict = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    return Response(json.dumps(document, ensure_ascii=False), status, mimetype="application/problem+json")


def outcome(status: int, diagnostics: str) -> Response:
    """A FHIR OperationOutcome with one issue."""
    issue: JsonDict = {
        "severity": "error",
        "code": FHIR_CODES.get(status, "exception" if status >= 500 else "invalid"),
        "diagnostics": diagnostics,
    }
    document: JsonDict = {"resourceType": "OperationOutcome", "issue": [issue]}
    return Response(json.dumps(document, ensure_ascii=False), status, mimetype="application/fhir+json")

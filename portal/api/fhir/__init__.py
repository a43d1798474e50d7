"""The FHIR R4 edge. So far it says truthfully what it is; resources come with the SDOH Clinical Care work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response

from portal import db
from portal.api import problems
from portal.auth.guards import api

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from resources_db.base import JsonDict

FHIR_VERSION: Final = "4.0.1"
STATEMENT_DATE: Final = "2026-11-22"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

blueprint = Blueprint("fhir", __name__, url_prefix="/fhir")


@blueprint.get("/metadata")
@api("directory.read")
def metadata() -> ResponseReturnValue:
    """The CapabilityStatement of this server."""
    return Response(
        json.dumps(capability_statement(db.runtime().settings.public_url)), mimetype="application/fhir+json"
    )


@blueprint.route("/", defaults={"path": ""}, methods=METHODS)
@blueprint.route("/<path:path>", methods=METHODS)
@api("directory.read")
def nothing_here(path: str) -> ResponseReturnValue:  # noqa: ARG001 - every address gets the same answer
    """No resource is served yet."""
    return problems.outcome(404, "This server offers no FHIR resources yet. See /fhir/metadata.")


def capability_statement(public_url: str) -> JsonDict:
    """What the FHIR edge can do today: describe itself."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "draft",
        "date": STATEMENT_DATE,
        "kind": "instance",
        "implementation": {"description": "Handrail FHIR endpoint", "url": f"{public_url}/fhir"},
        "fhirVersion": FHIR_VERSION,
        "format": ["json"],
        "rest": [{"mode": "server", "documentation": "No resources are offered yet."}],
    }

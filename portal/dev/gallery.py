"""The gallery: every part and every state once, the page on which looks and accessibility are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal import htmx
from portal.auth.guards import demo_only
from portal.dev.samples import SAMPLES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("dev", __name__)


@blueprint.get("/dev/ui")
@demo_only
def gallery() -> ResponseReturnValue:
    """All parts, with made-up people."""
    return htmx.render("dev/ui.html", samples=SAMPLES)

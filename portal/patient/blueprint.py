"""The blueprint of the patient's pages, and the language chosen on them; its modules add their routes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from i18n import catalog
from portal import locale

if TYPE_CHECKING:
    from portal.patient.page import Behind

blueprint = Blueprint("patient", __name__)


def asked() -> str | None:
    """The language chosen on the page; it lives in the address, so no cookie is needed."""
    code = request.args.get(locale.ARGUMENT, "")
    return code if code in {one.code for one in catalog.offered()} else None


def speak(found: Behind) -> None:
    """The language in the address, else the one the text was written in."""
    if asked() is None:
        locale.speak(found.language)

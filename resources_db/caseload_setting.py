"""Whether navigators of an org see all its patients (open), or only those they lead or cover for (closed)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resources_db.models.tenants import Org

KEY = "caseload_open"


def is_open(org: Org) -> bool:
    """Open unless the org said otherwise."""
    return org.settings.get(KEY, True) is not False


def set_open(org: Org, *, on: bool) -> None:
    """Say it; holds from the next page on."""
    org.settings = {**org.settings, KEY: on}

"""The line of pages of the directory team: only those a person may open, and that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app, url_for

from i18n.catalog import lazy_gettext as _
from portal.auth import current
from portal.auth.permissions import allows

if TYPE_CHECKING:
    from i18n.lazy import LazyText

TABS: Final[tuple[tuple[str, LazyText, str], ...]] = (
    ("to_check", _("To check"), "listing.approve"),
    ("review", _("Changes"), "listing.approve"),
    ("duplicates", _("Duplicates"), "listing.approve"),
    ("campaigns", _("Questions to agencies"), "listing.approve"),
    ("words", _("Translations"), "listing.approve"),
    ("imports", _("Imports"), "listing.approve"),
    ("confidential", _("Protected places"), "place.protect"),
    ("rules", _("Rules"), "listing.approve"),
)
"""Endpoint of the curation blueprint, its words, the permission it takes."""


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """Words, address and whether the page is in it."""
    person = current.member()
    role = person.role if person else None
    return [
        (str(words), url_for(f"curation.{endpoint}"), endpoint == here)
        for endpoint, words, permission in TABS
        if f"curation.{endpoint}" in current_app.view_functions and allows(permission, role)
    ]

"""The stretches of time a report can be asked for."""

from __future__ import annotations

from typing import Final

from flask import request, url_for

from i18n.catalog import gettext as _

OFFERED: Final = (30, 90, 365)
USUAL: Final = 90


def asked() -> int:
    """The days of this request's address; the usual ones when it asks for others."""
    days = request.args.get("days", USUAL, type=int)
    return days if days in OFFERED else USUAL


def choices(endpoint: str) -> list[tuple[int, str, str, bool]]:
    """For each: days, words, address, and whether it is the one asked for."""
    chosen = asked()
    return [(days, _words(days), url_for(endpoint, days=days), days == chosen) for days in OFFERED]


def _words(days: int) -> str:
    return _("Last year") if days == 365 else _("Last %(days)s days", days=days)

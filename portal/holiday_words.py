"""Names of US holidays as people read them, for pages of staff and of the search."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from i18n.catalog import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

HOLIDAYS: Mapping[str, LazyText] = MappingProxyType(
    {
        "new_year": _("New Year's Day"),
        "mlk": _("Martin Luther King Jr. Day"),
        "presidents": _("Presidents' Day"),
        "good_friday": _("Good Friday"),
        "easter": _("Easter"),
        "memorial": _("Memorial Day"),
        "juneteenth": _("Juneteenth"),
        "independence": _("Independence Day"),
        "labor": _("Labor Day"),
        "columbus": _("Columbus Day"),
        "veterans": _("Veterans Day"),
        "thanksgiving": _("Thanksgiving"),
        "after_thanksgiving": _("The day after Thanksgiving"),
        "christmas_eve": _("Christmas Eve"),
        "christmas": _("Christmas"),
        "new_years_eve": _("New Year's Eve"),
    }
)
"""By the names of resources_db.holidays, in the order of the year."""


def name(holiday: str) -> str:
    """The holiday in the reader's language; empty for none."""
    return str(HOLIDAYS[holiday]) if holiday in HOLIDAYS else ""

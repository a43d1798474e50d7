"""Which holidays listings keep that say nothing of them: a setting of the directory team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, holiday_words, htmx
from portal.auth.guards import needs
from portal.curation import tabs
from portal.curation.blueprint import blueprint
from resources_db import holidays, kept_holidays

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/rules/holidays")
@needs("listing.approve")
def holidays_kept() -> ResponseReturnValue:
    """The holidays of the year, and which of them count as closed."""
    with db.reading() as session:
        kept = kept_holidays.kept(session)
    return htmx.render(
        "curation/holidays.html",
        tabs=tabs.tabs("rules"),
        choices=_choices(),
        kept=list(kept),
    )


def _choices() -> list[tuple[str, str]]:
    """Each holiday with its day of this year."""
    days = {name: day for day, names in holidays.days(db.now().year).items() for name in names}
    return [
        # Translators: a holiday and its day this year: "Thanksgiving, Thu, Nov 26"
        (name, _("%(holiday)s, %(day)s", holiday=str(words), day=formatting.day(days[name])))
        for name, words in holiday_words.HOLIDAYS.items()
    ]


@blueprint.post("/rules/holidays")
@needs("curation.rules")
def keep_holidays() -> ResponseReturnValue:
    """Keep these from now on; search reads every listing again."""
    with db.transaction() as session:
        kept = kept_holidays.keep(session, request.form.getlist("holiday"), now=db.now())
    said = ngettext("%(num)s holiday is kept.", "%(num)s holidays are kept.", len(kept))
    return htmx.redirect(url_for("curation.holidays_kept"), toast=said if kept else _("No holiday is kept."))

"""The line of reports under the heading, and the choices of a report's own form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal.reports import groups, words
from referrals import metrics_names
from referrals.counting import Measure
from referrals.periods import By
from resources_db.needs import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from portal.reports.asked import Asked
    from portal.reports.sheet import Sheet

NAMES: Final[Mapping[str, LazyText]] = {
    "overview": lazy("Overview"),
    "groups": lazy("Compare groups"),
    "times": lazy("How long it took"),
    "unmet": lazy("Unmet needs"),
    "languages": lazy("Languages"),
    "agencies": lazy("Agencies"),
    "checks": lazy("Screening and discharge"),
    "work": lazy("Our own work"),
}


def tabs(here: str, asked: Asked) -> list[tuple[str, str, bool]]:
    """Each report: words, address with the same months, whether it is the one shown."""
    months = {key: value for key, value in asked.args().items() if key != "only"}
    found = [(str(label), address(name, months), name == here) for name, label in NAMES.items()]
    return [
        *found,
        (_("What people did not find"), url_for("reports.gaps"), here == "gaps"),
        (_("How true the directory is"), url_for("reports.directory"), here == "directory"),
    ]


def address(name: str, args: Mapping[str, str]) -> str:
    """The address of a report."""
    return f"{_path(name)}?{urlencode(args)}"


def choices(session: Session, asked: Asked, sheet: Sheet) -> dict[str, object]:
    """What the form above a report offers: months, one group only, figure and thing."""
    own = own_args(sheet.name)
    is_groups = sheet.name == "groups"
    file_args = {**asked.args(), **own, "as_of": asked.as_of.isoformat()}
    return {
        "stretches": asked.choices(_path(sheet.name), own) if sheet.is_of_months else [],
        "months": asked.all_months(),
        "only": _only(session) if sheet.offers_only else [],
        "measures": [(one.value, str(words.LABELS[one])) for one in Measure] if is_groups else [],
        "things": [(one.value, str(words.BY[one])) for one in groups.OFFERED] if is_groups else [],
        "own": own,
        "file_url": f"{_path(sheet.name)}.csv?{urlencode(file_args)}",
        "action": _path(sheet.name),
    }


def _path(name: str) -> str:
    return url_for("reports.overview_page") if name == "overview" else url_for("reports.page", name=name)


def own_args(name: str) -> dict[str, str]:
    """What the address of the breakdown says beside the months."""
    if name != "groups":
        return {}
    measure, by = groups.asked_for()
    return {"measure": measure.value, "by": by.value}


def _only(session: Session) -> list[tuple[str, str]]:
    """One group only: a kind of need, a language, a care team."""
    offered = [("", _("Everybody"))]
    offered += [(f"{By.DOMAIN}:{one}", words.group(By.DOMAIN, one, {})) for one in DOMAINS]
    offered += [(f"{By.LANGUAGE}:{one}", words.group(By.LANGUAGE, one, {})) for one in metrics_names.languages(session)]
    teams = sorted(metrics_names.names(session, By.TEAM).items(), key=lambda team: team[1].casefold())
    return offered + [(f"{By.TEAM}:{one}", name) for one, name in teams]

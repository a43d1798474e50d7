"""The reports: one page and one file each, made from the same sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, url_for

from portal import db, exports, htmx, limits
from portal.auth import current
from portal.auth.guards import needs
from portal.reports import (
    agencies,
    asked,
    checks,
    directory,
    gaps,
    groups,
    languages,
    overview,
    sheet,
    tabs,
    times,
    unmet,
    work,
)
from portal.reports.blueprint import blueprint
from resources_db.vocab import OrgKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from portal.reports.sheet import Sheet

__all__ = ["blueprint", "directory", "gaps"]

MAKERS: Final[Mapping[str, Callable[[Session, Asked], Sheet]]] = {
    "groups": groups.sheet,
    "times": times.sheet,
    "unmet": unmet.sheet,
    "languages": languages.sheet,
    "agencies": agencies.sheet,
    "checks": checks.sheet,
    "work": work.sheet,
}

OWN_FIGURES: Final[Mapping[OrgKind, str]] = {OrgKind.AGENCY: "agency.figures", OrgKind.DIRECTORY: "reports.gaps"}
"""Where the figures of those stand who receive referrals, or look after listings."""


@blueprint.get("/reports")
@needs("report.read")
def overview_page() -> ResponseReturnValue:
    """Did people get help? Who sends nobody is led to their own figures."""
    person = current.member()
    assert person is not None
    if person.org_kind in OWN_FIGURES:
        return htmx.redirect(url_for(OWN_FIGURES[person.org_kind]))
    return _page("overview", overview.sheet)


@blueprint.get("/reports.csv")
@needs("report.read")
def overview_file() -> ResponseReturnValue:
    """The same as a file."""
    return _file("overview", overview.sheet)


@blueprint.get("/reports/<name>")
@needs("report.read")
def page(name: str) -> ResponseReturnValue:
    """One of the other reports."""
    return _page(name, _maker(name))


@blueprint.get("/reports/<name>.csv")
@needs("report.read")
def file(name: str) -> ResponseReturnValue:
    """The same as a file."""
    return _file(name, _maker(name))


def _maker(name: str) -> Callable[[Session, Asked], Sheet]:
    if name not in MAKERS:
        abort(404)
    return MAKERS[name]


def _page(name: str, make: Callable[[Session, Asked], Sheet]) -> ResponseReturnValue:
    with db.reading() as session:
        wish = asked.read(session)
        made = make(session, wish)
        form = tabs.choices(session, wish, made)
    return htmx.render("reports/sheet.html", sheet=made, asked=wish, tabs=tabs.tabs(name, wish), form=form)


def _file(name: str, make: Callable[[Session, Asked], Sheet]) -> ResponseReturnValue:
    person = current.member()
    assert person is not None
    limits.count(limits.EXPORT, str(person.org_id))
    with db.transaction() as session:
        wish = asked.read(session)
        rows = list(sheet.rows(make(session, wish), wish.args(), wish.as_of.isoformat()))
        detail = {**wish.as_detail(), **tabs.own_args(name)}
        return exports.download(session, f"report-{name}", sheet.HEADER, rows, what=detail, now=db.now())

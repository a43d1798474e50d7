"""Pages of administrators: the state of the installation, the people and care teams of the org, its audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.admin import languages_page, presenters, queries, reminders, search_index, status, texting
from portal.admin.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from referrals import senders
from resources_db import caseload_setting
from resources_db.audit import record as write_down
from resources_db.vocab import OrgKind, Role

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.auth.current import Member

__all__ = ["blueprint", "languages_page", "reminders", "texting"]

PAGE_SIZE: Final = 50
LAST_PAGE: Final = 10_000


@blueprint.get("")
@needs("status.read")
def overview() -> ResponseReturnValue:
    """What works and what does not."""
    index = search_index.look(db.runtime())
    if htmx.wants_fragment():
        return htmx.fragment("admin/status.html", "search_index", index=index)
    return htmx.render("admin/status.html", checks=status.checks(db.runtime()), index=index)


@blueprint.post("/search/rebuild")
@needs("search.rebuild")
def rebuild() -> ResponseReturnValue:
    """Ask whoever follows the database on this machine to build the index anew; search goes on with the old one."""
    db.runtime().search.store.ask_for_rebuild()
    return htmx.redirect(f"{url_for('admin.overview')}#search", toast=_("The index is being built anew."))


@blueprint.get("/users")
@needs("user.read")
def users() -> ResponseReturnValue:
    """The accounts of the org and its care teams; the site administrator sees accounts, never care teams."""
    person = _person()
    with db.reading() as session:
        org = senders.org_of(session, person.org_id)
        open_to_all = caseload_setting.is_open(org)
        care = org.kind is OrgKind.CARE
        members = queries.members(session, person.org_id)
        teams = queries.care_teams(session) if person.role is not Role.SITE_ADMIN else []
    return htmx.render(
        "admin/users.html",
        members=presenters.member_rows(members),
        teams=teams,
        care=care,
        open_to_all=open_to_all,
    )


@blueprint.post("/caseload")
@needs("org.settings")
def set_caseload() -> ResponseReturnValue:
    """Whether navigators see all patients of the org, or only those they lead or cover for."""
    person, on = _person(), request.form.get("open") == "on"
    with db.transaction() as session:
        caseload_setting.set_open(senders.org_of(session, person.org_id), on=on)
        write_down(
            session,
            action="org.caseload",
            subject_kind="org",
            subject_id=person.org_id,
            now=db.now(),
            detail={"open": on},
        )
    words = _("Navigators see all patients.") if on else _("Navigators see their own patients only.")
    return htmx.redirect(f"{url_for('admin.users')}#caseload", toast=words)


@blueprint.get("/audit")
@needs("audit.read")
def audit() -> ResponseReturnValue:
    """The audit trail of the org, newest first; the site administrator reads the installation's."""
    person = _person()
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    chain = queries.INSTALLATION if person.role is Role.SITE_ADMIN else str(person.org_id)
    with db.reading() as session:
        rows, total = queries.audit_page(session, chain, page, PAGE_SIZE)
        names = queries.names(session, {row.actor_id for row in rows if row.actor_id})
    shown = [presenters.audit_row(row, names, hide_subject=person.role is Role.SITE_ADMIN) for row in rows]
    return htmx.render("admin/audit.html", rows=shown, page=page, pages=-(-total // PAGE_SIZE), total=total)


def _person() -> Member:
    person = current.member()
    assert person is not None
    return person

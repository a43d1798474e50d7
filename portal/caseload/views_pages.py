"""Saved views of the patient table: keep the filters of the address under a name, rename, remove, bring back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import request, url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import table, table_ask
from portal.caseload.blueprint import blueprint
from referrals import saved_views
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PROBLEMS = {
    "missing": lazy("Type a name for the view."),
    "too_long": lazy("Up to 40 letters, please."),
    "taken": lazy("Another view has this name."),
    "too_many": lazy("You have 30 views. Remove one first."),
}


@blueprint.get("/patients/views")
@needs("person.find")
def views() -> ResponseReturnValue:
    """One's own views, to rename or remove."""
    return _page()


@blueprint.post("/patients/views")
@needs("person.find")
def save_view() -> ResponseReturnValue:
    """Keep what the address asks for."""
    asked = table_ask.of_request()
    try:
        with db.transaction() as session:
            view = saved_views.save(
                session,
                page=table.PAGE_NAME,
                name=request.form.get("name", ""),
                query=asked.query(page=""),
                now=db.now(),
            )
            undo_url = url_for("caseload.remove_view", view_id=view.id)
    except BadInputError as error:
        return _page(problem=("view-name", str(PROBLEMS[error.problem])), status=422, query=asked.query(page=""))
    return htmx.redirect(asked.href(), toast=_("Saved."), undo_url=undo_url)


@blueprint.post("/patients/views/<uuid:view_id>/rename")
@needs("person.find")
def rename_view(view_id: uuid.UUID) -> ResponseReturnValue:
    """Another name."""
    try:
        with db.transaction() as session:
            saved_views.rename(session, view_id, request.form.get("name", ""))
    except BadInputError as error:
        return _page(problem=(f"name-{view_id}", str(PROBLEMS[error.problem])), status=422)
    return htmx.redirect(url_for("caseload.views"), toast=_("Saved."))


@blueprint.post("/patients/views/<uuid:view_id>/remove")
@needs("person.find")
def remove_view(view_id: uuid.UUID) -> ResponseReturnValue:
    """Off the list; one tap brings it back."""
    with db.transaction() as session:
        saved_views.remove(session, view_id)
    undo_url = url_for("caseload.restore_view", view_id=view_id)
    return htmx.redirect(url_for("caseload.views"), toast=_("Removed."), undo_url=undo_url)


@blueprint.post("/patients/views/<uuid:view_id>/restore")
@needs("person.find")
def restore_view(view_id: uuid.UUID) -> ResponseReturnValue:
    """Back on the list."""
    with db.transaction() as session:
        saved_views.restore(session, view_id)
    return htmx.redirect(url_for("caseload.views"), toast=_("Back on the list."))


def _page(problem: tuple[str, str] = ("", ""), *, status: int = 200, query: str = "") -> ResponseReturnValue:
    with db.reading() as session:
        rows = [
            (one, table_ask.read(dict(parse_qsl(one.query))).href())
            for one in saved_views.mine(session, table.PAGE_NAME)
        ]
    return htmx.render(
        "caseload/views.html",
        status=status,
        rows=rows,
        problem=problem,
        query=query,
        typed=request.form.get("name", ""),
    )

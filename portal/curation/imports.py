"""Imports with their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy import select

from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import presenters, tabs
from portal.curation.blueprint import blueprint
from resources_db.models.curation import ImportRun

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

RUNS_SHOWN = 50


@blueprint.get("/imports")
@needs("listing.approve")
def imports() -> ResponseReturnValue:
    """The imports, newest first."""
    with db.reading() as session:
        runs = session.scalars(select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id).limit(RUNS_SHOWN))
        rows = [presenters.run_row(run) for run in runs]
    return htmx.render("curation/imports.html", tabs=tabs.tabs("imports"), rows=rows)


@blueprint.get("/imports/<uuid:run_id>")
@needs("listing.approve")
def import_report(run_id: uuid.UUID) -> ResponseReturnValue:
    """What one import did, and every row it could not use."""
    with db.reading() as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            abort(404)
        return htmx.render(
            "curation/import.html",
            tabs=tabs.tabs("imports"),
            run=presenters.run_row(run),
            actions=list(presenters.ACTIONS.values()),
            counts=presenters.count_table(run),
            errors=presenters.problem_rows(run, "error")[: presenters.SHOWN_PROBLEMS],
            warnings=presenters.problem_rows(run, "warning")[: presenters.SHOWN_PROBLEMS],
        )

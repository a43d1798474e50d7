"""The list of imports, and one file on its way: what it is doing now, and giving it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, url_for
from sqlalchemy import select

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import import_rows, import_words, tabs
from portal.curation.blueprint import blueprint
from resources_db.importers import queue
from resources_db.importers.queue import NotNowError
from resources_db.models.curation import ImportRun
from resources_db.vocab import ImportStage

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from resources_db.importers.queue import Look

RUNS_SHOWN: Final = 50
OVER: Final = frozenset({ImportStage.DONE, ImportStage.UNDONE, ImportStage.CANCELLED})
WITH_REPORT: Final = frozenset({ImportStage.READY, ImportStage.DONE, ImportStage.UNDONE})


@blueprint.get("/imports")
@needs("listing.approve")
def imports() -> ResponseReturnValue:
    """What is on its way or waits for a decision, then what was imported, newest first."""
    now = db.now()
    with db.reading() as session:
        files = [one for one in queue.listed(session, now=now) if one.stage not in OVER]
        shown = {one.run_id for one in files if one.run_id}
        newest = select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id).limit(RUNS_SHOWN)
        runs = [run for run in session.scalars(newest) if run.id not in shown]
        undo, names = queue.may_undo(session), import_rows.names_of_files(session, runs)
        past = [import_rows.run_row(run, now, may_undo=run.id in undo, file_name=names.get(run.id, "")) for run in runs]
        return htmx.render(
            "curation/imports.html",
            block="under_way",
            tabs=tabs.tabs("imports"),
            files=[import_rows.file_row(one, _way_on(one), now) for one in files],
            moving=any(one.at_work for one in files),
            past=past,
        )


@blueprint.get("/imports/files/<uuid:job_id>")
@needs("listing.approve")
def import_file(job_id: uuid.UUID) -> ResponseReturnValue:
    """One file on its way; it looks again by itself, and leads on to the report or to the columns."""
    with db.reading() as session:
        look = queue.look(session, job_id, now=db.now())
        if look is None:
            abort(404)
        leads_on = look.run_id is not None and look.stage in WITH_REPORT
        if leads_on or look.problem == import_words.COLUMNS_NEEDED:
            return htmx.redirect(_way_on(look))
        return htmx.render(
            "curation/import_file.html",
            block="progress",
            tabs=tabs.tabs("imports"),
            file=import_rows.file_row(look, _way_on(look), db.now()),
            look=look,
            heading=str(import_words.HEADINGS[look.stage]),
            step=str(import_words.STEPS.get(look.step, "")),
            why=import_words.refused(look.problem, look.problem_name) if look.stage is ImportStage.FAILED else "",
            again=look.stage is ImportStage.FAILED and bool(look.stored_as) and not _columns_wrong(look),
        )


@blueprint.post("/imports/files/<uuid:job_id>/cancel")
@needs("listing.map")
def cancel_import(job_id: uuid.UUID) -> ResponseReturnValue:
    """Give a file up before anything of it is in the directory."""
    try:
        with db.transaction() as session:
            queue.cancel(session, job_id, now=db.now())
    except NotNowError as refusal:
        return htmx.redirect(url_for("curation.imports"), toast=str(import_words.NOT_NOW[refusal.code]))
    return htmx.redirect(url_for("curation.imports"), toast=_("Given up. Nothing was changed."))


@blueprint.post("/imports/files/<uuid:job_id>/again")
@needs("listing.map")
def read_again(job_id: uuid.UUID) -> ResponseReturnValue:
    """Read the same file anew: after a failure, or because the directory has changed since."""
    try:
        with db.transaction() as session:
            queue.again(session, job_id, now=db.now())
    except NotNowError as refusal:
        return htmx.redirect(url_for("curation.imports"), toast=str(import_words.NOT_NOW[refusal.code]))
    return htmx.redirect(url_for("curation.import_file", job_id=job_id))


def _way_on(look: Look) -> str:
    """Where a file's link leads: its columns, its report, or its progress."""
    if _columns_wrong(look):
        return url_for("curation.import_columns", job_id=look.id)
    if look.run_id is not None and look.stage in WITH_REPORT:
        return url_for("curation.import_report", run_id=look.run_id)
    return url_for("curation.import_file", job_id=look.id)


def _columns_wrong(look: Look) -> bool:
    return look.stage is ImportStage.FAILED and look.problem in (import_words.COLUMNS_NEEDED, "bad_mapping")

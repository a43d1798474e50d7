"""The report of an import: what it would do or did, record by record; applying it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import import_changes, import_problems, import_rows, import_words, tabs
from portal.curation.blueprint import blueprint
from resources_db.importers import queue
from resources_db.importers.queue import NotNowError
from resources_db.models.curation import ImportRun
from resources_db.models.imports import ImportMapping
from resources_db.vocab import ImportAction, ImportStage, ImportState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.curation.import_changes import ChangeRow
    from resources_db.importers.queue import Look

FIRST_ERRORS: Final = 10
LEFT_SHOWN: Final = 50
YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that happens to records: how many, and the way to all of them."""

    name: str
    label: str
    number: int
    samples: tuple[ChangeRow, ...]


@blueprint.get("/imports/<uuid:run_id>")
@needs("listing.approve")
def import_report(run_id: uuid.UUID) -> ResponseReturnValue:
    """What one import would do or did, with samples, and what was wrong."""
    return _page(run_id)


@blueprint.post("/imports/<uuid:run_id>")
@needs("listing.import")
def apply_import(run_id: uuid.UUID) -> ResponseReturnValue:
    """Put a dry run into the directory; where much would go or is wrong, only with a second yes."""
    try:
        with db.transaction() as session:
            look = queue.of_run(session, run_id, now=db.now())
            if look is None:
                abort(404)
            queue.apply(session, look.id, second_look=request.form.get("sure") == YES, now=db.now())
    except NotNowError as refusal:
        words = str(import_words.NOT_NOW[refusal.code])
        return _page(run_id, problem=words, status=422 if refusal.code == "second_look" else 409)
    return htmx.redirect(url_for("curation.import_file", job_id=look.id))


@blueprint.post("/imports/<uuid:run_id>/undo")
@needs("listing.import")
def undo_import(run_id: uuid.UUID) -> ResponseReturnValue:
    """Take an applied import back as one step; what was changed since then stays and is listed."""
    try:
        with db.transaction() as session:
            job_id = queue.undo_run(session, run_id, now=db.now())
    except NotNowError as refusal:
        return htmx.redirect(url_for("curation.imports"), toast=str(import_words.NOT_NOW[refusal.code]))
    return htmx.redirect(url_for("curation.import_file", job_id=job_id))


@blueprint.get("/imports/<uuid:run_id>/records")
@needs("listing.approve")
def import_records(run_id: uuid.UUID) -> ResponseReturnValue:
    """All records of an import, by what happens to them and by kind, page by page."""
    action, kind = request.args.get("action", ""), request.args.get("kind", "")
    number = max(request.args.get("page", 1, type=int), 1)
    with db.reading() as session:
        run = _run(session, run_id)
        counts = import_changes.counted(session, run_id)
        action = action if action in {one.value for _kind, one in counts} else ""
        kind = kind if kind in {one for one, _action in counts} else ""
        total = sum(
            n for (one, done), n in counts.items() if (not kind or one == kind) and (not action or done == action)
        )
        number = min(number, max(ceil(total / import_changes.PER_PAGE), 1))
        return htmx.render(
            "curation/import_records.html",
            tabs=tabs.tabs("imports"),
            run=import_rows.run_row(run, db.now(), may_undo=False),
            rows=import_changes.page(session, run_id, action=action, kind=kind, number=number),
            action=action,
            kind=kind,
            number=number,
            total=total,
            shown=min(number * import_changes.PER_PAGE, total),
            actions=[("", _("Everything")), *_choices(run, {one for _kind, one in counts})],
            kinds=[("", _("Every kind")), *((one, import_words.kind(one)) for one in _kinds(counts))],
        )


@blueprint.get("/imports/<uuid:run_id>/errors")
@needs("listing.approve")
def import_errors(run_id: uuid.UUID) -> ResponseReturnValue:
    """Every row that was left out, page by page."""
    number = max(request.args.get("page", 1, type=int), 1)
    with db.reading() as session:
        run = _run(session, run_id)
        name = import_rows.names_of_files(session, [run]).get(run_id, "")
    found = import_problems.errors(run, name)
    number = min(number, max(ceil(len(found) / import_problems.PER_PAGE), 1))
    begin = (number - 1) * import_problems.PER_PAGE
    return htmx.render(
        "curation/import_errors.html",
        tabs=tabs.tabs("imports"),
        run=import_rows.run_row(run, db.now(), may_undo=False),
        rows=found[begin : begin + import_problems.PER_PAGE],
        number=number,
        total=len(found),
        all_errors=import_rows.errors(run),
        shown=min(begin + import_problems.PER_PAGE, len(found)),
    )


def _page(run_id: uuid.UUID, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        run = _run(session, run_id)
        look = queue.of_run(session, run_id, now=db.now())
        mapped = session.get(ImportMapping, look.mapping_id) if look and look.mapping_id else None
        name = look.file_name if look else ""
        errors = import_problems.errors(run, name)
        left = import_changes.left_alone(session, run_id) if run.state is ImportState.ROLLED_BACK else []
        applied = run.state is ImportState.APPLIED
        return htmx.render(
            "curation/import.html",
            status=status,
            tabs=tabs.tabs("imports"),
            run=import_rows.run_row(run, db.now(), may_undo=run_id in queue.may_undo(session), file_name=name),
            look=look,
            format=str(import_words.FORMATS.get(run.format, run.format)),
            mapping=mapped.name if mapped else "",
            when=formatting.ago(run.applied_at or run.started_at, db.now()),
            decide=_can_decide(run, look),
            second_look=_second_look(run),
            changed_meanwhile=bool(look and look.problem == "data_changed"),
            actions=_actions(session, run),
            heads=_heads(run),
            counts=import_rows.count_rows(run),
            errors=errors[:FIRST_ERRORS],
            error_count=import_rows.errors(run),
            remarks=import_problems.remarks(run, name),
            missing=run.counts.get("missing") or 0,
            private=run.counts.get("private") or {},
            left=import_changes.rows(session, run_id, left[:LEFT_SHOWN]),
            left_count=len(left),
            undone=_undone(run),
            duplicates=import_changes.possible_duplicates(session, run_id) if applied else 0,
            problem=problem,
        )


def _run(session: Session, run_id: uuid.UUID) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None:
        abort(404)
    return run


def _can_decide(run: ImportRun, look: Look | None) -> bool:
    return run.state is ImportState.PLANNED and look is not None and look.stage is ImportStage.READY


def _second_look(run: ImportRun) -> list[str]:
    """Why a second yes is asked for, in figures."""
    if not run.counts.get("second_look"):
        return []
    wrong, gone = import_rows.errors(run), import_rows.total(run, ImportAction.WITHDRAW)
    rows = int(str(run.counts.get("rows") or 0))
    said = []
    if wrong:
        of_rows = formatting.number(rows)
        said.append(_("%(wrong)s of %(rows)s rows cannot be used.", wrong=formatting.number(wrong), rows=of_rows))
    if gone:
        said.append(_("%(gone)s records of this source would be withdrawn.", gone=formatting.number(gone)))
    return said


def _undone(run: ImportRun) -> str:
    """What taking it back did, in figures."""
    told = run.counts.get("undo")
    if not isinstance(told, dict):
        return ""
    removed, restored = (formatting.number(int(told.get(name) or 0)) for name in ("removed", "restored"))
    return _(
        "Taken back: %(removed)s records are gone again, %(restored)s are as before.",
        removed=removed,
        restored=restored,
    )


def _actions(session: Session, run: ImportRun) -> list[Action]:
    samples = {one: import_changes.some(session, run.id, one) for one in import_rows.TOLD}
    flat = [one for some in samples.values() for one in some]
    rows = dict(zip((one.id for one in flat), import_changes.rows(session, run.id, flat), strict=True))
    return [
        Action(
            action.value,
            _label(run, action),
            import_rows.total(run, action),
            tuple(rows[one.id] for one in samples.get(action, [])),
        )
        for action in import_rows.TOLD
        if import_rows.total(run, action)
    ]


def _heads(run: ImportRun) -> list[str]:
    return [_label(run, action) for action in (*import_rows.TOLD, ImportAction.SAME)]


def _label(run: ImportRun, action: ImportAction) -> str:
    done, would = import_words.ACTIONS[action]
    return str(would if run.state in (ImportState.PLANNED, ImportState.FAILED) else done)


def _kinds(counts: Mapping[tuple[str, ImportAction], int]) -> list[str]:
    """In the order of the standard: organizations first."""
    present = {kind for kind, _action in counts}
    return [kind for kind in import_words.KINDS if kind in present]


def _choices(run: ImportRun, present: set[ImportAction]) -> list[tuple[str, str]]:
    return [(one.value, _label(run, one)) for one in import_rows.TOLD if one in present]

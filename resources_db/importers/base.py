"""An import from file to tables: a plan is made, kept as rows, applied from its rows, and taken back from them.

Planning reads only. Keeping may be split over small transactions; applying and taking back are one each. Only the edge
commits.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from resources_db import audit
from resources_db.importers import applying, planning, stamp, steps
from resources_db.importers.mapping import FileMapping
from resources_db.importers.planning import Plan, Progress, Wish, quiet
from resources_db.importers.scratch import batched
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.tenancy import Actor
from resources_db.vocab import ImportState

__all__ = ["Plan", "apply", "apply_if_current", "apply_run", "begin", "forget", "plan", "plan_rows", "record_dry_run"]
_CACHE_KB = 64_000
_RESTS_ON = ("organization", "program", "service", "location", "service_at_location", "field_mark", "search_change")


def plan(
    session: Session,
    path: Path,
    *,
    source: str = "",
    format_name: str = "",
    mapping: FileMapping | None = None,
    full: bool = False,
    placeholders: bool = False,
    keep_notes: bool = False,
    progress: Progress = quiet,
    scratch: Path | None = None,
) -> Plan:
    """Read and compare, write nothing. Raises RefusedFileError or UnknownFormatError."""
    wish = Wish(source, format_name, mapping, full, placeholders, keep_notes)
    return planning.plan(session, path, wish, progress=progress, scratch=scratch)


def record_dry_run(session: Session, planned: Plan, *, actor: Actor, now: datetime) -> ImportRun:
    """Keep the plan with its report, so that it can be shown and applied; change nothing."""
    run = begin(session, planned, actor=actor, now=now)
    for rows in plan_rows(planned, run):
        session.connection().execute(insert(ImportChange), rows)
    run.state = ImportState.PLANNED
    session.flush()
    return run


def begin(session: Session, planned: Plan, *, actor: Actor, now: datetime) -> ImportRun:
    """The run of a plan, marked as failed until all its rows are kept (`plan_rows`)."""
    run = ImportRun(
        source=planned.source,
        file_name=planned.file_name,
        file_hash=planned.file_hash,
        format=planned.format,
        mapping=planned.mapping,
        counts={**planning.told(planned), "stamp": planned.stamp},
        problems=[problem.as_row() for problem in planned.problems],
        state=ImportState.FAILED,
        started_at=now,
        actor_id=actor.user_id,
    )
    session.add(run)
    session.flush()  # the changes point at it
    return run


def plan_rows(planned: Plan, run: ImportRun) -> Iterator[list[dict[str, object]]]:
    """Rows of `import_change`, some thousand at a time."""
    return batched(steps.rows(run.id, planned.changes))


def forget(session: Session, run: ImportRun) -> None:
    """Drop a plan that was never applied."""
    session.execute(delete(ImportChange).where(ImportChange.run_id == run.id))
    session.delete(run)
    session.flush()


def apply(session: Session, planned: Plan, *, actor: Actor, now: datetime, progress: Progress = quiet) -> ImportRun:
    """Do what the plan says. The plan must come from the same transaction: nothing can have changed in between."""
    run = record_dry_run(session, planned, actor=actor, now=now)
    apply_run(session, run, now=now, progress=progress)
    return run


def apply_if_current(session: Session, run: ImportRun, *, now: datetime, progress: Progress = quiet) -> bool:
    """Apply a kept plan unless the directory changed since it was made; False when it did, and nothing is written."""
    _make_ready(session)
    if run.state != ImportState.PLANNED or run.counts.get("stamp") != stamp.of(session):
        return False
    apply_run(session, run, now=now, progress=progress)
    return True


def _make_ready(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer anyway; here the tables a plan rests on stand still for the few seconds of writing.
        session.execute(text(f"LOCK TABLE {', '.join(_RESTS_ON)} IN SHARE ROW EXCLUSIVE MODE"))
    else:
        # Ids are random, so every row touches other pages: with the usual 2 MB they go to the disk and back.
        session.execute(text(f"PRAGMA cache_size = -{_CACHE_KB}"))


def apply_run(session: Session, run: ImportRun, *, now: datetime, progress: Progress = quiet) -> None:
    """Do what the kept rows of a plan say, all in the caller's one transaction."""
    applying.apply(session, run, now=now, progress=progress)
    run.state, run.applied_at = ImportState.APPLIED, now
    audit.record(session, action="import.applied", subject_kind="import_run", subject_id=run.id, now=now)
    session.flush()

"""The queue of files to import, for pages and workers: put in, look, apply, take back, give up. One row is one file.

Rows only: the file lies in the installation's import folder (keeping.py), the work is done by work.py.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, jobs
from resources_db.jobs import JobName
from resources_db.models.curation import ImportRun
from resources_db.models.imports import ImportJob
from resources_db.tenancy import actor_of
from resources_db.vocab import ImportStage, ImportState

SILENT = timedelta(minutes=2)
"""A worker that said nothing for so long is dead: its file is taken up again."""
MOST_ATTEMPTS = 5
UNDO_LAST = 10
_AT_WORK = (ImportStage.READING, ImportStage.APPLYING, ImportStage.UNDOING)
_JOB_OF = {
    ImportStage.WAITING: JobName.READ_IMPORT,
    ImportStage.READING: JobName.READ_IMPORT,
    ImportStage.APPLYING: JobName.APPLY_IMPORT,
    ImportStage.UNDOING: JobName.UNDO_IMPORT,
}


class NotNowError(ValueError):
    """What was asked cannot be done at this stage.

    `code`: gone, not_ready, second_look, not_applied, too_old, at_work.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Options:
    """What a person decides before a file is read."""

    full: bool = False
    """The file is complete: what this source no longer has is withdrawn."""
    placeholders: bool = False
    """Services of unknown organizations get a placeholder that only staff see, instead of an error."""
    keep_notes: bool = False
    """Internal notes of the source are kept for the directory team."""


@dataclass(frozen=True, slots=True)
class Look:
    """One file as a page shows it."""

    id: uuid.UUID
    run_id: uuid.UUID | None
    """The report, once the file has been read."""
    file_name: str
    stored_as: str
    source: str
    format: str
    mapping_id: uuid.UUID | None
    options: Options
    stage: ImportStage
    step: str
    """waiting (for another import), reading, checking, linking, comparing, keeping, writing; empty at rest."""
    done: int
    total: int | None
    alive: bool
    """False while at work: its worker went silent; it will be taken up again by itself."""
    problem: str
    """A code when stage is failed, or data_changed when a plan was made anew before applying."""
    problem_name: str
    attempts: int
    created_at: datetime
    ended_at: datetime | None

    @property
    def at_work(self) -> bool:
        """Something happens by itself: a page should look again."""
        return self.stage in (ImportStage.WAITING, *_AT_WORK)

    @property
    def share(self) -> float | None:
        """How much of this step is done, 0 to 1; None when the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None


def enqueue(
    session: Session,
    stored_as: str,
    *,
    file_name: str,
    source: str,
    format_name: str = "",
    mapping_id: uuid.UUID | None = None,
    options: Options | None = None,
    now: datetime,
) -> uuid.UUID:
    """Ask for a stored file to be read (dry run); gives the id of its row. Nothing in the directory changes."""
    asked = options or Options()
    job = ImportJob(
        file_name=file_name,
        stored_as=stored_as,
        source=source,
        format=format_name,
        mapping_id=mapping_id,
        options={"full": asked.full, "placeholders": asked.placeholders, "keep_notes": asked.keep_notes},
        created_at=now,
        actor_id=actor_of(session).user_id,
    )
    session.add(job)
    session.flush()
    audit.record(session, action="import.asked", subject_kind="import_job", subject_id=job.id, now=now)
    _start(session, job)
    return job.id


def look(session: Session, job_id: uuid.UUID, *, now: datetime) -> Look | None:
    """How one file stands."""
    job = session.get(ImportJob, job_id, populate_existing=True)
    return None if job is None else _look(job, now)


def of_run(session: Session, run_id: uuid.UUID, *, now: datetime) -> Look | None:
    """The file that a report belongs to; None for imports of the terminal."""
    job = session.scalar(select(ImportJob).where(ImportJob.run_id == run_id))
    return None if job is None else _look(job, now)


def listed(session: Session, *, now: datetime, limit: int = 50) -> list[Look]:
    """Files, the newest first."""
    stmt = select(ImportJob).order_by(ImportJob.created_at.desc(), ImportJob.id).limit(limit)
    return [_look(job, now) for job in session.scalars(stmt)]


def apply(session: Session, job_id: uuid.UUID, *, second_look: bool = False, now: datetime) -> None:
    """Ask for a plan to be applied; raises NotNowError (not_ready, second_look when the plan needs a second yes)."""
    job = _standing(session, job_id)
    if job.stage != ImportStage.READY or job.run_id is None:
        raise NotNowError("not_ready")
    run = session.get_one(ImportRun, job.run_id)
    if run.counts.get("second_look") and not second_look:
        raise NotNowError("second_look")
    job.options = {**job.options, "second_look": second_look}
    _ask(session, job, ImportStage.APPLYING, "import.apply_asked", now)


def undo(session: Session, job_id: uuid.UUID, *, now: datetime) -> None:
    """Ask for an applied import to be taken back as one step; raises NotNowError (not_applied, too_old)."""
    job = _standing(session, job_id)
    if job.stage != ImportStage.DONE or job.run_id is None:
        raise NotNowError("not_applied")
    if job.run_id not in may_undo(session):
        raise NotNowError("too_old")
    _ask(session, job, ImportStage.UNDOING, "import.undo_asked", now)


def undo_run(session: Session, run_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Like undo, by run: also for imports of the terminal, which get a row here. Gives the id of the row."""
    job = session.scalar(select(ImportJob).where(ImportJob.run_id == run_id).with_for_update())
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotNowError("gone")
    if job is None:
        job = ImportJob(
            run_id=run_id,
            file_name=run.file_name,
            file_hash=run.file_hash,
            source=run.source,
            format=run.format,
            stage=ImportStage.DONE if run.state == ImportState.APPLIED else ImportStage.UNDONE,
            created_at=run.started_at,
            actor_id=actor_of(session).user_id,
        )
        session.add(job)
        session.flush()
    undo(session, job.id, now=now)
    return job.id


def may_undo(session: Session) -> frozenset[uuid.UUID]:
    """Runs that can be taken back: the last ten that stand applied."""
    applied = select(ImportRun.id).where(ImportRun.state == ImportState.APPLIED)
    return frozenset(session.scalars(applied.order_by(ImportRun.applied_at.desc(), ImportRun.id).limit(UNDO_LAST)))


def cancel(session: Session, job_id: uuid.UUID, *, now: datetime) -> None:
    """Give a file up before it is applied; raises NotNowError (at_work once it is being written)."""
    job = _standing(session, job_id)
    if job.stage not in (ImportStage.WAITING, ImportStage.READING, ImportStage.READY, ImportStage.FAILED):
        raise NotNowError("at_work")
    job.stage, job.step, job.ended_at = ImportStage.CANCELLED, "", now
    audit.record(session, action="import.cancelled", subject_kind="import_job", subject_id=job.id, now=now)


def again(
    session: Session,
    job_id: uuid.UUID,
    *,
    mapping_id: uuid.UUID | None = None,
    options: Options | None = None,
    now: datetime,
) -> None:
    """Read the same file anew, with another mapping or other options; raises NotNowError (not_ready, gone)."""
    job = _standing(session, job_id)
    if job.stage not in (ImportStage.READY, ImportStage.FAILED):
        raise NotNowError("not_ready")
    if not job.stored_as:
        raise NotNowError("gone")
    if options is not None:
        job.options = {"full": options.full, "placeholders": options.placeholders, "keep_notes": options.keep_notes}
    job.mapping_id = mapping_id or job.mapping_id
    job.ended_at = None
    _ask(session, job, ImportStage.WAITING, "import.asked", now)


def take_up(session: Session, *, now: datetime) -> list[uuid.UUID]:
    """Enqueue anew what a dead worker left, at most five times; gives the ids taken up. Called every minute."""
    silent = ImportJob.seen_at < now - SILENT
    never = ImportJob.seen_at.is_(None) & (ImportJob.created_at < now - SILENT)
    stmt = select(ImportJob).where(ImportJob.stage.in_(_JOB_OF), silent | never)
    taken = []
    for job in session.scalars(stmt):
        if job.attempts >= MOST_ATTEMPTS:
            job.stage, job.problem, job.ended_at = ImportStage.FAILED, "gave_up", now
            continue
        job.seen_at = now
        _start(session, job)
        taken.append(job.id)
    return taken


def _ask(session: Session, job: ImportJob, stage: ImportStage, action: str, now: datetime) -> None:
    job.stage, job.step, job.problem, job.problem_name = stage, "", "", ""
    job.done, job.total, job.seen_at = 0, None, now
    job.attempts = 0
    audit.record(session, action=action, subject_kind="import_job", subject_id=job.id, now=now)
    _start(session, job)


def _start(session: Session, job: ImportJob) -> None:
    job.starts += 1
    jobs.enqueue(session, _JOB_OF[job.stage], job.id, run=job.starts)


def _standing(session: Session, job_id: uuid.UUID) -> ImportJob:
    job = session.get(ImportJob, job_id, populate_existing=True, with_for_update=True)
    if job is None:
        raise NotNowError("gone")
    return job


def _look(job: ImportJob, now: datetime) -> Look:
    said = job.options
    heard = job.seen_at is not None and now - job.seen_at < SILENT
    return Look(
        id=job.id,
        run_id=job.run_id,
        file_name=job.file_name,
        stored_as=job.stored_as,
        source=job.source,
        format=job.format,
        mapping_id=job.mapping_id,
        options=Options(bool(said.get("full")), bool(said.get("placeholders")), bool(said.get("keep_notes"))),
        stage=job.stage,
        step=job.step,
        done=job.done,
        total=job.total,
        alive=heard or job.stage not in _AT_WORK,
        problem=job.problem,
        problem_name=job.problem_name,
        attempts=job.attempts,
        created_at=job.created_at,
        ended_at=job.ended_at,
    )

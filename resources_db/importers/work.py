"""The work on one file of the queue: read it, apply its plan, take it back. Each can die at any moment and begin anew.

Reading writes only the plan; applying and taking back are one transaction each. Progress has transactions of its own.
"""

import logging
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import duplicate_finding
from resources_db.engine import Database
from resources_db.importers import base, formats, mapping
from resources_db.importers import undo as undo_
from resources_db.importers.files import RefusedFileError
from resources_db.importers.keeping import keep
from resources_db.importers.pulse import GivenUpError, Pulse
from resources_db.importers.turn import my_turn
from resources_db.models.curation import ImportRun
from resources_db.models.imports import ImportJob, ImportMapping
from resources_db.tenancy import Actor, system
from resources_db.vocab import ActorKind, ImportStage, ImportState

log = logging.getLogger(f"handrail.{__name__}")
LEFT_LYING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the work is done."""

    database: Database
    folder: Path
    now: Callable[[], datetime]


def read(shop: Shop, job_id: uuid.UUID) -> None:
    """A dry run: afterwards the file is ready, with its report, or failed with a code."""
    _do(shop, job_id, (ImportStage.WAITING, ImportStage.READING), _read)


def apply(shop: Shop, job_id: uuid.UUID) -> None:
    """Write the plan into the directory, all of it or nothing."""
    _do(shop, job_id, (ImportStage.APPLYING,), _apply)


def undo(shop: Shop, job_id: uuid.UUID) -> None:
    """Take an applied import back, all of it or nothing."""
    _do(shop, job_id, (ImportStage.UNDOING,), _undo)


def _do(
    shop: Shop, job_id: uuid.UUID, stages: tuple[ImportStage, ...], work: Callable[[Shop, ImportJob, Pulse], None]
) -> None:
    """Our turn on a job that still waits for this; nothing when another did it already. A fault is told on the row."""
    pulse = Pulse(shop.database, job_id, stages, shop.now)
    try:
        with my_turn(shop.database, shop.folder, lambda: pulse("waiting", 0)):
            job = _begin(shop, job_id, stages)
            if job is not None:
                work(shop, job, pulse)
    except GivenUpError:
        log.info("an import was given up", extra={"row_id": str(job_id)})
    except (RefusedFileError, formats.UnknownFormatError) as refusal:
        pulse.settle(ImportStage.FAILED, problem=refusal.code, problem_name=getattr(refusal, "name", ""))
    except mapping.BadMappingError as refusal:
        pulse.settle(ImportStage.FAILED, problem="bad_mapping", problem_name=str(refusal))
    except Exception:
        log.exception("an import failed", extra={"row_id": str(job_id)})
        pulse.settle(ImportStage.FAILED, problem="crashed")


def _begin(shop: Shop, job_id: uuid.UUID, stages: tuple[ImportStage, ...]) -> ImportJob | None:
    with shop.database.writing(system(kind=ActorKind.IMPORT)) as session, session.begin():
        job = session.get(ImportJob, job_id)
        if job is None or job.stage not in stages:
            return None
        job.stage = stages[-1]
        job.attempts += 1
        job.step, job.seen_at, job.ended_at = "", shop.now(), None
        session.flush()
        session.expunge(job)
        return job


def _read(shop: Shop, job: ImportJob, pulse: Pulse) -> None:
    with shop.database.writing(_actor(job)) as session, session.begin():
        _forget(session, job)
    run_id, format_name, file_hash = _keep(shop, job, pulse)
    pulse.settle(ImportStage.READY, run_id=run_id, format=format_name, file_hash=file_hash)


def _keep(shop: Shop, job: ImportJob, pulse: Pulse) -> tuple[uuid.UUID, str, str]:
    """Plan while reading only, then write the plan down."""

    def begun(session: Session, run: ImportRun) -> None:
        session.get_one(ImportJob, job.id).run_id = run.id

    with shop.database.reading(_actor(job)) as session:
        planned = _plan(shop, session, job, pulse)
    try:
        run_id = keep(shop.database, planned, actor=_actor(job), now=shop.now(), progress=pulse, begun=begun)
    finally:
        planned.close()
    return run_id, planned.format, planned.file_hash


def _plan(shop: Shop, session: Session, job: ImportJob, pulse: Pulse) -> base.Plan:
    kept = session.get(ImportMapping, job.mapping_id) if job.mapping_id else None
    return base.plan(
        session,
        shop.folder / job.stored_as,
        source=job.source,
        format_name=job.format,
        mapping=mapping.from_json(kept.mapping) if kept else None,
        full=bool(job.options.get("full")),
        placeholders=bool(job.options.get("placeholders")),
        keep_notes=bool(job.options.get("keep_notes")),
        progress=pulse,
        scratch=shop.folder,
    )


def _forget(session: Session, job: ImportJob) -> None:
    """Drop what an earlier reading of the same file left."""
    standing = session.get_one(ImportJob, job.id)
    run = session.get(ImportRun, standing.run_id) if standing.run_id else None
    if run is not None and run.state in (ImportState.PLANNED, ImportState.FAILED):
        standing.run_id = job.run_id = None
        session.flush()
        base.forget(session, run)


def _apply(shop: Shop, job: ImportJob, pulse: Pulse) -> None:
    if _written(shop, job) or _write(shop, job, pulse) or _write_anew(shop, job, pulse):
        pulse.settle(ImportStage.DONE)
        throw_away(shop, job.id)
        _look_for_duplicates(shop, job)
    else:
        pulse.settle(ImportStage.READY, problem="data_changed")


def _written(shop: Shop, job: ImportJob) -> bool:
    """Did an earlier try get as far as the end, and die before it could say so?"""
    with shop.database.reading(_actor(job)) as session:
        return session.get_one(ImportRun, job.run_id).state == ImportState.APPLIED


def _write(shop: Shop, job: ImportJob, pulse: Pulse) -> bool:
    """Everything in one transaction, or nothing; False when the directory changed since the plan was made."""
    pulse.now("writing")
    with shop.database.writing(_actor(job)) as session, session.begin():
        run = session.get_one(ImportRun, job.run_id)
        return base.apply_if_current(session, run, now=shop.now())


def _write_anew(shop: Shop, job: ImportJob, pulse: Pulse) -> bool:
    """Read again. The same changes as before are applied at once; others are shown to the person first (False)."""
    with shop.database.reading(_actor(job)) as session:
        seen = session.get_one(ImportRun, job.run_id).counts["objects"]
    with shop.database.writing(_actor(job)) as session, session.begin():
        _forget(session, job)
    job.run_id = _keep(shop, job, pulse)[0]
    with shop.database.reading(_actor(job)) as session:
        same = session.get_one(ImportRun, job.run_id).counts["objects"] == seen
    return same and _write(shop, job, pulse)


def _look_for_duplicates(shop: Shop, job: ImportJob) -> None:
    """The import stands whatever comes of this; the search of the night looks again."""
    try:
        duplicate_finding.search_after_import(shop.database, cast("uuid.UUID", job.run_id), now=shop.now())
    except Exception:
        log.exception("no search for duplicates after an import", extra={"row_id": str(job.id)})


def _undo(shop: Shop, job: ImportJob, pulse: Pulse) -> None:
    pulse.now("writing")
    with shop.database.writing(_actor(job)) as session, session.begin():
        run = session.get_one(ImportRun, job.run_id)
        if run.state == ImportState.APPLIED:  # else an earlier try died after its end
            undo_.rollback(session, run.id, now=shop.now())
            run.rolled_back_by = job.actor_id
    pulse.settle(ImportStage.UNDONE)


def tidy(shop: Shop) -> None:
    """Delete files that nobody needs any more: of imports that ended, and those left lying for a month."""
    old = shop.now() - LEFT_LYING
    ended = ImportJob.stage.in_((ImportStage.CANCELLED, ImportStage.DONE, ImportStage.UNDONE))
    left = ImportJob.stage.in_((ImportStage.FAILED, ImportStage.READY)) & (ImportJob.created_at < old)
    with shop.database.reading(system(kind=ActorKind.IMPORT)) as session:
        ids = list(session.scalars(select(ImportJob.id).where(ImportJob.stored_as != "", ended | left)))
    for job_id in ids:
        throw_away(shop, job_id)


def throw_away(shop: Shop, job_id: uuid.UUID) -> None:
    """Delete the file of a job that needs it no more; what was left lying unapplied is given up with it."""
    with shop.database.writing(system(kind=ActorKind.IMPORT)) as session, session.begin():
        job = session.get(ImportJob, job_id)
        name = job.stored_as if job else ""
        if job:
            job.stored_as = ""
            if job.stage in (ImportStage.FAILED, ImportStage.READY):
                job.stage, job.ended_at = ImportStage.CANCELLED, shop.now()
    path = shop.folder / name
    if name and path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    elif name:
        path.unlink(missing_ok=True)


def _actor(job: ImportJob) -> Actor:
    return Actor(kind=ActorKind.IMPORT, user_id=job.actor_id, label=ActorKind.IMPORT.value)

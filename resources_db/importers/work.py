"""The work on one file of the queue: read it, apply its plan, take it back. Each can die at any moment and begin anew.

Reading writes only the plan; applying and taking back are one transaction each. Progress has transactions of its own.
"""

import logging
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db.engine import Database
from resources_db.importers import base, formats, mapping
from resources_db.importers.files import RefusedFileError
from resources_db.importers.pulse import GivenUpError, Pulse
from resources_db.importers.turn import my_turn
from resources_db.models.imports import ImportJob, ImportMapping
from resources_db.tenancy import Actor, system
from resources_db.vocab import ActorKind, ImportStage

log = logging.getLogger(f"handrail.{__name__}")


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
        throw_away(shop, job_id)
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
        planned = _plan(shop, session, job)
        run = base.record_dry_run(session, planned, actor=_actor(job), now=shop.now())
        run.counts = {**run.counts, "second_look": planned.needs_second_look}
        run_id = run.id
    pulse.settle(ImportStage.READY, run_id=run_id, format=planned.format, file_hash=planned.file_hash)


def _plan(shop: Shop, session: Session, job: ImportJob) -> base.Plan:
    kept = session.get(ImportMapping, job.mapping_id) if job.mapping_id else None
    return base.plan(
        session,
        shop.folder / job.stored_as,
        source=job.source,
        format_name=job.format,
        mapping=mapping.of(kept.mapping, kept.name) if kept else None,
        full=bool(job.options.get("full")),
    )


def _apply(shop: Shop, job: ImportJob, pulse: Pulse) -> None:
    pulse("writing", 0)
    with shop.database.writing(_actor(job)) as session, session.begin():
        run_id = base.apply(session, _plan(shop, session, job), actor=_actor(job), now=shop.now()).id
    pulse.settle(ImportStage.DONE, run_id=run_id)
    throw_away(shop, job.id)


def _undo(shop: Shop, job: ImportJob, pulse: Pulse) -> None:
    raise NotImplementedError


def throw_away(shop: Shop, job_id: uuid.UUID) -> None:
    """Delete the file of a job that needs it no more."""
    with shop.database.writing(system(kind=ActorKind.IMPORT)) as session, session.begin():
        job = session.get(ImportJob, job_id)
        name = job.stored_as if job else ""
        if job:
            job.stored_as = ""
    path = shop.folder / name
    if name and path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    elif name:
        path.unlink(missing_ok=True)


def _actor(job: ImportJob) -> Actor:
    return Actor(kind=ActorKind.IMPORT, user_id=job.actor_id, label=ActorKind.IMPORT.value)

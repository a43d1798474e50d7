"""The one door to DBOS: a job is enqueued in the caller's own transaction and names a row; the row is the truth.

Every workflow has one step and takes a row id only. The application version is constant, so that delayed jobs survive
an upgrade; a job whose meaning changes gets a new name.
"""

from __future__ import annotations

import logging
import threading
import uuid
import weakref
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import column, create_engine, event, make_url, select, table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from sqlite3 import Connection as SqliteConnection

    from dbos import DBOSClient
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    Handler = Callable[[uuid.UUID], None]

log = logging.getLogger(f"handrail.{__name__}")

VERSION = "1"
EVERY_MINUTE = "* * * * *"
SQLITE_BUSY_MS = 30_000
MOST_TAKEN_OVER = 1_000


@unique
class JobName(StrEnum):
    """Every kind of job. The value is stored; a guard test asks that each has a handler in the worker."""

    SEND_MESSAGE = "send_message"
    RECONCILE_MESSAGE = "reconcile_message"
    RELEASE_BATCH = "release_batch"
    READ_IMPORT = "read_import"
    APPLY_IMPORT = "apply_import"
    UNDO_IMPORT = "undo_import"


QUEUE = "handrail"
CRON_QUEUE = "handrail-cron"
MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many jobs run at once in one worker, and how often it looks for new ones."""

    at_once: int = 16
    poll_seconds: float = 0.5
    cron: str = EVERY_MINUTE


class _Running:
    """What this process answers jobs with. DBOS keeps one registry a process, and so do we."""

    handlers: Mapping[JobName, Handler] | None = None
    every_minute: Callable[[datetime], None] | None = None
    engine: Engine | None = None
    lock = threading.Lock()


def enqueue(session: Session, name: JobName, row_id: uuid.UUID, *, run: int, delay_seconds: float = 0) -> str:
    """Enqueue a job in the caller's transaction; the same row and run once only: another run needs another number."""
    workflow_id = _id(name, row_id, run)
    options = {"workflow_name": name.value, "queue_name": QUEUE, "workflow_id": workflow_id}
    if delay_seconds > 0:
        options["delay_seconds"] = delay_seconds  # type: ignore[assignment]
    session.flush()  # the row a job names must be in the transaction before the job is
    _client(session).enqueue_in_transaction(session, options, str(row_id))  # type: ignore[arg-type]
    return workflow_id


def still_waiting(session: Session, runs: Collection[tuple[JobName, uuid.UUID, int]]) -> set[uuid.UUID]:
    """Of these rows and runs, the rows whose job stands in the queue, so that nobody need enqueue another.

    A delayed job does not count: if its row is due already, the clocks disagree.
    """
    schema = None if session.get_bind().dialect.name == "sqlite" else "dbos"
    jobs = table("workflow_status", column("workflow_uuid"), column("status"), schema=schema)
    rows = {_id(name, row_id, run): row_id for name, row_id, run in runs}
    waiting = select(jobs.c.workflow_uuid).where(jobs.c.workflow_uuid.in_(rows), jobs.c.status == "ENQUEUED")
    return {rows[found] for found in session.scalars(waiting)}


def _id(name: JobName, row_id: uuid.UUID, run: int) -> str:
    return f"{name.value}-{row_id}-{run}"


def upgrade(database_url: str) -> None:
    """Create or migrate the job tables (schema `dbos` on PostgreSQL, the same file on SQLite)."""
    from dbos import DBOS

    _quiet()
    DBOS.migrate(database_url)


def launch(
    database_url: str,
    handlers: Mapping[JobName, Handler],
    every_minute: Callable[[datetime], None],
    *,
    executor_id: str = "local",
    pace: Pace | None = None,
) -> None:
    """Start working in this process; `every_minute` is called once a minute among all workers."""
    from dbos import DBOS

    pace = pace or Pace()
    with _Running.lock:
        _Running.handlers, _Running.every_minute = handlers, every_minute
        minute = _register()
        _Running.engine = _engine(database_url)
        DBOS(
            config={
                "name": "handrail",
                "system_database_engine": _Running.engine,
                "executor_id": executor_id,
                "application_version": VERSION,
                "log_level": "ERROR",
            }
        )
        _quiet()
        DBOS.launch()
        # "always": the version never changes, and a new pace must not wait for one.
        DBOS.register_queue(
            QUEUE, worker_concurrency=pace.at_once, polling_interval_sec=pace.poll_seconds, on_conflict="always_update"
        )
        DBOS.register_queue(CRON_QUEUE, worker_concurrency=2, polling_interval_sec=1.0, on_conflict="always_update")
        DBOS.apply_schedules(
            [{"schedule_name": MINUTE, "workflow_fn": minute, "schedule": pace.cron, "queue_name": CRON_QUEUE}]
        )


def stop(wait_seconds: int = 12) -> None:
    """Stop taking jobs, let running ones end (a send may last its timeout), give connections back."""
    from dbos import DBOS

    with _Running.lock:
        DBOS.destroy(workflow_completion_timeout_sec=wait_seconds)
        if _Running.engine is not None:
            _Running.engine.dispose()
        _Running.handlers = _Running.every_minute = _Running.engine = None


def is_running() -> bool:
    """Whether this process takes jobs."""
    return _Running.handlers is not None


def forget_finished(before: datetime) -> int:
    """Delete finished jobs older than `before`; their rows tell the story. Gives how many."""
    from dbos import DBOS

    old = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=before.isoformat(),
        limit=5_000,
        load_input=False,
        load_output=False,
    )
    if old:
        DBOS.delete_workflows([job.workflow_id for job in old])
    return len(old)


def begun_by() -> set[str]:
    """The executors that have jobs begun and not ended."""
    from dbos import DBOS

    begun = DBOS.list_workflows(status="PENDING", limit=MOST_TAKEN_OVER, load_input=False, load_output=False)
    return {job.executor_id for job in begun if job.executor_id}


def take_over(executor_id: str) -> int:
    """Put the jobs that a dead executor had begun back into their queue. Gives how many."""
    from dbos import DBOS

    begun = DBOS.list_workflows(
        status="PENDING", executor_id=executor_id, limit=MOST_TAKEN_OVER, load_input=False, load_output=False
    )
    for queue in (QUEUE, CRON_QUEUE):
        left = [job.workflow_id for job in begun if job.queue_name == queue]
        if left:
            DBOS.resume_workflows(left, queue_name=queue)
    return len(begun)


@cache
def _register() -> Callable[[datetime, object], None]:
    from dbos import DBOS

    for name in JobName:
        DBOS.workflow(name=name.value)(_workflow(name))
    minute: Callable[[datetime, object], None] = DBOS.workflow(name=MINUTE)(_minute)
    return minute


def _workflow(name: JobName) -> Callable[[str], None]:
    def run(row_id: str) -> None:
        handlers = _Running.handlers
        if handlers is None:
            return  # stopping: the sweep of another worker, or of the next start, finds the row
        try:
            handlers[name](uuid.UUID(row_id))
        except Exception:
            # The outer edge of a job: the row says how far it got, and the sweep takes it up again.
            log.exception("job failed", extra={"job": name.value, "row_id": row_id})

    run.__qualname__ = run.__name__ = name.value
    return run


def _minute(at: datetime, _context: object) -> None:
    if _Running.every_minute is None:
        return
    try:
        _Running.every_minute(at)
    except Exception:
        log.exception("the minute's work failed")


_clients: weakref.WeakKeyDictionary[Engine, DBOSClient] = weakref.WeakKeyDictionary()


def _client(session: Session) -> DBOSClient:
    from dbos import DBOSClient

    engine = session.connection().engine
    client = _clients.get(engine)
    if client is None:
        # lazy: it must not open a connection of its own while our transaction holds the write lock
        client = _clients[engine] = DBOSClient(system_database_engine=engine, lazy=True)
        event.listen(engine, "engine_disposed", _forget)  # the client holds its engine: weakness alone frees neither
    return client


def _forget(engine: Engine) -> None:
    _clients.pop(engine, None)


def _engine(database_url: str) -> Engine:
    # Our own transactions begin by themselves (resources_db.engine); DBOS says BEGIN where it wants one,
    # so it gets connections of its own to the same database, as durable as ours.
    if make_url(database_url).get_backend_name() != "sqlite":
        return create_engine(database_url, pool_size=10, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(database_url, pool_size=10, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _entry: object) -> None:
    sqlite: SqliteConnection = connection  # type: ignore[assignment]
    sqlite.isolation_level = "IMMEDIATE"
    for pragma in (f"busy_timeout={SQLITE_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        sqlite.execute(f"PRAGMA {pragma}")


def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.ERROR)

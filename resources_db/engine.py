"""Opens the database. The only place that knows SQLite from PostgreSQL when connecting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from resources_db import tenancy

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection as SqliteConnection

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
"""How long a writer waits for another one (security.md section 15); the edge answers 503 after that."""

SYNCHRONOUS = "FULL"
"""SQLite's commit returns when the disk has it (architecture.md): a power cut loses nothing that was answered."""

WRITES = "handrail_writes"


class Database:
    """An engine and two kinds of session: `reading()` never takes SQLite's write lock, `writing()` takes it at once."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.engine = _engine(url, pool_size)
        reader = self.engine.execution_options(**{WRITES: False})
        self._reading = sessionmaker(reader, autoflush=False, expire_on_commit=False)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def reading(self, actor: tenancy.Actor | None = None) -> Session:
        """A session for queries only."""
        return tenancy.act_as(self._reading(), actor)

    def writing(self, actor: tenancy.Actor | None = None) -> Session:
        """A session whose transaction may write; the caller (an edge) commits."""
        return tenancy.act_as(self._writing(), actor)

    def on_commit(self, told: Callable[[Session], None]) -> None:
        """Call this after each commit of a writing session; nothing may be queried there."""
        event.listen(self._writing, "after_commit", told)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _engine(url: str, pool_size: int) -> Engine:
    # hide_parameters: values may be personal and must not reach a log or an exception text.
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    sqlite: SqliteConnection = connection  # type: ignore[assignment]
    sqlite.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    # recursive_triggers: without it INSERT OR REPLACE slips past the append-only triggers of audit and events.
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "secure_delete=ON",
        "recursive_triggers=ON",
    ):
        sqlite.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later writes can fail at once with "locked"; a writer therefore asks for the lock first.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

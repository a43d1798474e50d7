"""Which worker this is: a numbered slot, held by a lock of the database for as long as the process lives.

On SQLite there is one worker and its name is `local`. The row in `worker_slot` is for the status page only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from resources_db.models.messages import WorkerSlot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.engine import Database

LOCAL = "local"
PREFIX = "worker-"
LOCKS = 0x48_52_00  # "HR": our own corner of the server's advisory locks
MOST = 64


@dataclass(slots=True)
class Slot:
    """A held slot; `release` gives it to the next worker."""

    name: str
    _engine: Engine | None = None
    _connection: Connection | None = None

    def hold(self) -> bool:
        """Whether the slot is ours: a database that restarted forgot its locks, so it is taken anew.

        False: another worker has it now, or the database cannot be reached.
        """
        return self._engine is None or self._is_alive() or self._lock_anew(self._engine)

    def release(self) -> None:
        """Let the lock go."""
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._engine = self._connection = None

    def _is_alive(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(select(1))
        except DBAPIError:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
            return False
        return True

    def _lock_anew(self, engine: Engine) -> bool:
        try:
            connection = engine.connect()
        except DBAPIError:
            return False
        if _lock(connection, _number(self.name)):
            self._connection = connection
            return True
        connection.close()
        return False


class NoSlotError(RuntimeError):
    """As many workers run as there are slots."""


def take(database: Database) -> Slot:
    """The first free slot; its work left unfinished by a dead worker is taken up under the same name."""
    if database.is_sqlite:
        return Slot(LOCAL)
    engine = _engine(database)
    connection = engine.connect()
    for number in range(MOST):
        if _lock(connection, number):
            return Slot(f"{PREFIX}{number}", engine, connection)
    connection.close()
    raise NoSlotError


def left_by_the_dead(database: Database, names: Collection[str]) -> Iterator[str]:
    """Of these slots, those whose worker is gone. Each is held while its name is given, so that one takes its work."""
    if database.is_sqlite:
        return
    engine = _engine(database)
    for name in names:
        if name.removeprefix(PREFIX).isdigit():
            with engine.connect() as connection:
                if _lock(connection, _number(name)):
                    yield name
    engine.dispose()


def _engine(database: Database) -> Engine:
    return create_engine(database.url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT")


def _lock(connection: Connection, number: int) -> bool:
    return bool(connection.scalar(select(func.pg_try_advisory_lock(LOCKS + number))))


def _number(name: str) -> int:
    return int(name.removeprefix(PREFIX))


def seen(session: Session, name: str, version: str, now: datetime) -> None:
    """Note that this worker lives."""
    row = session.get(WorkerSlot, name)
    if row is None:
        session.add(WorkerSlot(slot=name, seen_at=now, version=version, facts={}))
    else:
        row.seen_at, row.version = now, version

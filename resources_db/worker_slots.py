"""Which worker this is: a numbered slot, held by a lock of the database for as long as the process lives.

On SQLite there is one worker and its name is `local`. The row in `worker_slot` is for the status page only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, create_engine, func, select

from resources_db.models.messages import WorkerSlot

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.engine import Database

LOCAL = "local"
LOCKS = 0x48_52_00  # "HR": our own corner of the server's advisory locks
MOST = 64


@dataclass(slots=True)
class Slot:
    """A held slot; `release` gives it to the next worker."""

    name: str
    _connection: Connection | None = None

    def release(self) -> None:
        """Let the lock go."""
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
            self._connection = None


class NoSlotError(RuntimeError):
    """As many workers run as there are slots."""


def take(database: Database) -> Slot:
    """The first free slot; its work left unfinished by a dead worker is taken up under the same name."""
    if database.is_sqlite:
        return Slot(LOCAL)
    engine = create_engine(database.url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT")
    connection = engine.connect()
    for number in range(MOST):
        if connection.scalar(select(func.pg_try_advisory_lock(LOCKS + number))):
            return Slot(f"worker-{number}", connection)
    connection.close()
    raise NoSlotError


def seen(session: Session, name: str, version: str, now: datetime) -> None:
    """Note that this worker lives."""
    row = session.get(WorkerSlot, name)
    if row is None:
        session.add(WorkerSlot(slot=name, seen_at=now, version=version, facts={}))
    else:
        row.seen_at, row.version = now, version

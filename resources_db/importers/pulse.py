"""Signs of life of the work on one file, in small transactions of their own, never inside a long one."""

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy import update
from sqlalchemy.engine import CursorResult

from resources_db.engine import Database
from resources_db.models.imports import ImportJob
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, ImportStage

_EVERY_SECONDS = 0.5


class GivenUpError(Exception):
    """Somebody cancelled this file while it was being read."""


class Pulse:
    """Progress of one job, written down twice a second at most; finds out whether somebody gave it up."""

    def __init__(
        self, database: Database, job_id: uuid.UUID, stages: tuple[ImportStage, ...], now: Callable[[], datetime]
    ) -> None:
        self._database, self._job_id, self._stages, self._now = database, job_id, stages, now
        self._next = 0.0

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Tell how far it is; raises GivenUpError."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_SECONDS
        if not self.write(step=step, done=done, total=total, seen_at=self._now()):
            raise GivenUpError

    def now(self, step: str) -> None:
        """Tell at once what is done next, before a transaction in which nothing can be told."""
        self._next = 0.0
        self(step, 0)

    def settle(self, stage: ImportStage, **facts: object) -> None:
        """The end of this stage of the work."""
        self.write(stage=stage, step="", done=0, total=None, attempts=0, ended_at=self._now(), **facts)

    def write(self, **facts: object) -> bool:
        """Change the row unless somebody moved it on; False when somebody did."""
        mine = ImportJob.id == self._job_id, ImportJob.stage.in_(self._stages)
        with self._database.writing(system(kind=ActorKind.IMPORT)) as session, session.begin():
            return (
                cast("CursorResult[object]", session.execute(update(ImportJob).where(*mine).values(**facts))).rowcount
                == 1
            )

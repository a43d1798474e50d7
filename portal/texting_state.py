"""Whether sending stands still just now, for the line that every staff page shows."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from resources_db.tenancy import system

if TYPE_CHECKING:
    from datetime import datetime

    from portal.wiring import Runtime

log = logging.getLogger(__name__.replace("portal", "handrail", 1))

REMEMBERED = timedelta(seconds=10)
"""A page need not ask the database for what changes once in a year."""


class Pause:
    """Remembers for a few seconds whether texts wait for a person."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._paused = False

    def now(self, runtime: Runtime) -> bool:
        """Whether texts wait; at most ten seconds old."""
        moment = runtime.clock.real()
        from messaging import pauses  # a command that sends nothing starts without it

        if self._asked_at is None or not timedelta(0) <= moment - self._asked_at < REMEMBERED:
            self._asked_at = moment
            try:
                with runtime.database.reading(system()) as session:
                    self._paused = pauses.open_pause(session) is not None
            except SQLAlchemyError:  # a line on top of a page is no reason to lose the page
                log.warning("whether texts wait could not be read")
        return self._paused

    def forget(self) -> None:
        """Somebody changed it: ask anew."""
        self._asked_at = None

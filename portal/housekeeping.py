"""What is tidied each hour: sessions and counted tries nobody looks at any more, and the anchor of the audit chains."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.auth import sessions
from resources_db import audit_anchor, limits
from resources_db.repositories import search_tally
from resources_db.tenancy import system

if TYPE_CHECKING:
    from portal.wiring import Runtime

SEARCH_COUNTS_KEPT: Final = timedelta(days=800)


def hourly(runtime: Runtime) -> None:
    """Sweep and anchor."""
    sessions.sweep(runtime)
    limits.sweep(runtime.database, now=runtime.clock.real())
    _forget_old_counts(runtime)
    anchor(runtime)


def _forget_old_counts(runtime: Runtime) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        search_tally.forget_before(session, runtime.clock.real().date() - SEARCH_COUNTS_KEPT)


def anchor(runtime: Runtime) -> None:
    """Note the heads of the audit chains on the other storage, where one is set; also done at the end of a process."""
    if runtime.settings.audit_anchor is None:
        return
    with runtime.database.reading(system()) as session:
        audit_anchor.write(session, runtime.settings.audit_anchor, now=runtime.clock.real())

"""What is tidied each hour (sessions, counted tries, the anchor of the audit chains) and counted anew each night."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Final

from portal import translating
from portal.auth import sessions
from referrals import standing
from resources_db import audit_anchor, duplicate_finding, limits, listing_words
from resources_db.repositories import search_tally
from resources_db.tenancy import system
from resources_db.vocab import ActorKind
from search import follow

if TYPE_CHECKING:
    from portal.wiring import Runtime

SEARCH_COUNTS_KEPT: Final = timedelta(days=800)
NIGHT: Final = time(8, 30)
"""UTC: the middle of the night in the United States."""


def hourly(runtime: Runtime) -> None:
    """Sweep and anchor."""
    sessions.sweep(runtime)
    limits.sweep(runtime.database, now=runtime.clock.real())
    _forget_old_counts(runtime)
    anchor(runtime)


def _forget_old_counts(runtime: Runtime) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        search_tally.forget_before(session, runtime.clock.real().date() - SEARCH_COUNTS_KEPT)


def nightly(runtime: Runtime) -> None:
    """Count anew how often listings helped; look for duplicates and outdated translations; forget old changes."""
    recount(runtime)
    duplicate_finding.search_all(runtime.database, now=runtime.clock.now())
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        listing_words.open_tasks(session, now=runtime.clock.now())
    translating.fill(runtime)
    with runtime.database.writing(system()) as session, session.begin():
        follow.prune(session, runtime.clock.now())


def recount(runtime: Runtime) -> int:
    """Records of helping that changed; where they are turned off, none is kept."""
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        if not runtime.settings.standing:
            return standing.forget(session, now=runtime.clock.now())
        return standing.recount(session, now=runtime.clock.now())


def anchor(runtime: Runtime) -> None:
    """Note the heads of the audit chains on the other storage, where one is set; also done at the end of a process."""
    if runtime.settings.audit_anchor is None:
        return
    with runtime.database.reading(system()) as session:
        audit_anchor.write(session, runtime.settings.audit_anchor, now=runtime.clock.real())

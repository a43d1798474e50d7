"""Puts the demo's clock forward and lets happen, in order, what falls due on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging import send, sweeper
from portal import worker
from resources_db.models.referrals import ReferralTask, SendBatch
from resources_db.tenancy import system
from resources_db.vocab import BatchState

if TYPE_CHECKING:
    from datetime import datetime

    from portal.wiring import Runtime

MOST_STOPS = 60
"""Enough for what a demo of 30 patients has due in a few days; the rest happens at the end of the way."""


def advance(runtime: Runtime, by: timedelta) -> None:
    """Go forward, stopping where something is due."""
    end = runtime.clock.now() + by
    _let_happen(runtime)
    for _ in range(MOST_STOPS):
        stop = next_due(runtime)
        if stop is None or stop >= end:
            break
        _go_to(runtime, stop)
        _let_happen(runtime)
    _go_to(runtime, end)
    _let_happen(runtime)


def to_next(runtime: Runtime) -> bool:
    """Go to the next moment at which something is due; False when nothing is planned."""
    stop = next_due(runtime)
    if stop is None:
        return False
    _go_to(runtime, stop)
    _let_happen(runtime)
    return True


def next_due(runtime: Runtime) -> datetime | None:
    """When the next text, question or send is due."""
    now = runtime.clock.now()
    with runtime.database.reading(system()) as session:
        task = select(func.min(ReferralTask.due_at)).where(ReferralTask.done_at.is_(None), ReferralTask.due_at > now)
        batch = select(func.min(SendBatch.releasing_at)).where(
            SendBatch.state == BatchState.WAITING, SendBatch.releasing_at > now
        )
        found = [session.scalar(task), session.scalar(batch), sweeper.next_due_at(session, now)]
    return min((moment for moment in found if moment is not None), default=None)


def _go_to(runtime: Runtime, moment: datetime) -> None:
    missing = moment - runtime.clock.now()
    # the clock counts whole seconds: round up, or it would stop just before the moment
    runtime.clock.advance(timedelta(seconds=max(int(missing.total_seconds()) + 1, 0)))


def _let_happen(runtime: Runtime) -> None:
    worker.catch_up(runtime)
    with runtime.database.reading(system()) as session:
        due = sweeper.due(session, runtime.clock.now())
    for message_id in due:
        send.run(runtime.messenger, message_id)

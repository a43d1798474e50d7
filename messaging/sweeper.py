"""Each minute: take up what got stuck. Every repair is a compare-and-swap, so two sweeps at once do no harm."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from messaging import faults, gate, moves, pauses, suppression
from messaging.delivery import IN_DOUBT
from messaging.settings import CLOCK_DIFFERENCE
from resources_db import jobs
from resources_db.models.messages import Message
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger

    Repair = Callable[[Messenger, Session, datetime], int]

log = logging.getLogger(f"handrail.{__name__}")

AT_ONCE = 500
KEPT = timedelta(days=90)
ERASED = "-"
"""What stands in the place of an erased body."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep took up."""

    queued: int = 0
    in_doubt: int = 0
    expired: int = 0
    followed: int = 0
    erased: int = 0


def sweep(messenger: Messenger, now: datetime) -> Swept:
    """Repair what got stuck: too old, due and forgotten, in doubt for too long, parked for a reason now gone.

    Each repair has its own transaction: one that fails does not keep the others from being done.
    """
    swept = Swept(
        expired=_alone(messenger, _expire, now),
        queued=_alone(messenger, _take_up, now),
        in_doubt=_alone(messenger, _look_at_doubts, now),
        followed=_alone(messenger, faults.follow_up, now),
        erased=_alone(messenger, _erase, now),
    )
    if any((swept.queued, swept.in_doubt, swept.expired)):
        facts = {"queued": swept.queued, "in_doubt": swept.in_doubt, "expired": swept.expired}
        log.info("sweep", extra=facts)
    return swept


def _alone(messenger: Messenger, repair: Repair, now: datetime) -> int:
    try:
        with messenger.writing() as session, session.begin():
            return repair(messenger, session, now)
    except Exception:
        log.exception("a repair failed", extra={"job": repair.__name__.strip("_")})
        return 0


def due(session: Session, now: datetime) -> list[uuid.UUID]:
    """The messages that may be sent at this moment, oldest first."""
    when = func.coalesce(Message.not_before, Message.due_at)
    found = select(Message.id).where(Message.state == MessageState.QUEUED, when <= now).order_by(when).limit(AT_ONCE)
    return list(session.scalars(found))


def next_due_at(session: Session, after: datetime) -> datetime | None:
    """When the next waiting message is due."""
    when = func.coalesce(Message.not_before, Message.due_at)
    found = select(Message).where(Message.state == MessageState.QUEUED, when > after).order_by(when).limit(1)
    message = session.scalars(found).first()
    return None if message is None else message.not_before or message.due_at


def _expire(messenger: Messenger, session: Session, now: datetime) -> int:
    old = select(Message).where(Message.state == MessageState.QUEUED, Message.expires_at <= now).limit(AT_ONCE)
    return sum(_expired(messenger, session, message, now) for message in session.scalars(old).all())


def _expired(messenger: Messenger, session: Session, message: Message, now: datetime) -> bool:
    try:
        with session.begin_nested():
            if not moves.move(session, message, MessageState.EXPIRED, kind="expired", now=now):
                return False
            messenger.hooks.on_failed(session, message)
    except Exception:
        log.exception("who asked for a text could not be told", extra={"row_id": str(message.id)})
        return False
    return True


def _take_up(messenger: Messenger, session: Session, now: datetime) -> int:
    late = now - messenger.settings.timing.overdue
    when = func.coalesce(Message.not_before, Message.due_at)
    stuck = select(Message).where(Message.state == MessageState.QUEUED, when <= late).order_by(when).limit(AT_ONCE)
    if pauses.open_pause(session) is not None:
        stuck = stuck.where(func.coalesce(Message.held_why, "") != gate.PAUSED)
    rows = [row for row in session.scalars(stuck) if not _still_held(session, row)]
    return _enqueue(session, jobs.JobName.SEND_MESSAGE, rows)


def _still_held(session: Session, message: Message) -> bool:
    return message.held_why == gate.HOLD and suppression.open_hold(session, message.to_bix) is not None


def _look_at_doubts(messenger: Messenger, session: Session, _now: datetime) -> int:
    timing = messenger.settings.timing
    now = messenger.protocol_time(session)
    _bring_back(session, now)
    doubtful = select(Message).where(
        Message.state.in_(IN_DOUBT),
        Message.intent_at <= now - timing.grace,
        or_(Message.reconcile_at.is_(None), Message.reconcile_at <= now - timing.look_again),
    )
    return _enqueue(session, jobs.JobName.RECONCILE_MESSAGE, session.scalars(doubtful.limit(AT_ONCE)).all())


def _bring_back(session: Session, now: datetime) -> None:
    # The clock was set back: an intent in the future would be doubted only when that time comes. Its wait begins anew.
    ahead = (
        update(Message)
        .where(Message.state.in_(IN_DOUBT), Message.intent_at > now + CLOCK_DIFFERENCE)
        .values(intent_at=now, reconcile_at=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(ahead)


def _enqueue(session: Session, name: jobs.JobName, rows: Sequence[Message]) -> int:
    # A row whose job stands in a long queue is not forgotten: another job would only make the queue longer.
    waiting = jobs.still_waiting(session, [(name, row.id, row.run) for row in rows])
    forgotten = [row for row in rows if row.id not in waiting and _next_run(session, row)]
    for row in forgotten:
        jobs.enqueue(session, name, row.id, run=row.run)
    return len(forgotten)


def _next_run(session: Session, message: Message) -> bool:
    """A new number for the next job of this message; False when another sweep has given one."""
    statement = (
        update(Message)
        .where(Message.id == message.id, Message.run == message.run, Message.state == message.state)
        .values(run=message.run + 1)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    won = session.execute(statement).first() is not None
    session.refresh(message)
    return won


def _erase(_messenger: Messenger, session: Session, now: datetime) -> int:
    # The row and its events stay for the reports; the words and the number go.
    old = select(Message).where(
        Message.state.not_in({MessageState.QUEUED, *IN_DOUBT}),
        Message.erased_at.is_(None),
        Message.created_at < now - KEPT,
    )
    rows = session.scalars(old.limit(AT_ONCE)).all()
    for message in rows:
        message.body, message.to, message.erased_at = ERASED, ERASED, now
    return len(rows)

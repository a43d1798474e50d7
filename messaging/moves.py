"""The only writer of a message's state: one compare-and-swap UPDATE for each move, and the event that tells of it.

No row back means that someone else was faster. That is no error.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sqlalchemy import update

from messaging.delivery import may_move
from resources_db import jobs
from resources_db.models.messages import Message, MessageEvent
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

_chance = random.SystemRandom()


def note(
    session: Session,
    message: Message,
    kind: str,
    now: datetime,
    *,
    sid: str = "",
    status: str = "",
    code: str = "",
) -> MessageEvent:
    """Write down one step of a message."""
    event = MessageEvent(
        org_id=message.org_id,
        message_id=message.id,
        at=now,
        kind=kind,
        sid=sid,
        provider_status=status,
        error_code=code,
        attempt=message.attempt,
    )
    session.add(event)
    return event


def move(
    session: Session,
    message: Message,
    to: MessageState,
    *,
    kind: str,
    now: datetime,
    values: Mapping[str, object] | None = None,
    code: str = "",
    sid: str = "",
) -> bool:
    """Move a message from the state it was read in, if it is still there; False when someone else was faster."""
    if not may_move(message.state, to):
        return False
    if not swap(session, message, {message.state}, {"state": to, **(values or {})}):
        return False
    note(session, message, kind, now, code=code, sid=sid)
    return True


def swap(session: Session, message: Message, states: Collection[MessageState], values: Mapping[str, object]) -> bool:
    """The compare-and-swap itself: state and attempt must be as they were read. Reads the row again when it won."""
    session.flush()
    statement = (
        update(Message)
        .where(Message.id == message.id, Message.state.in_(states), Message.attempt == message.attempt)
        .values(**values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    won = session.execute(statement).first()
    session.refresh(message)
    return won is not None


def send_later(session: Session, message: Message, until: datetime | None, delay: timedelta) -> None:
    """Enqueue the next run of a queued message. The number must be new: the same job id runs once only."""
    message.run += 1
    message.not_before = until
    seconds = max(delay.total_seconds(), 0)
    jobs.enqueue(session, jobs.JobName.SEND_MESSAGE, message.id, run=message.run, delay_seconds=seconds)


def jitter(delay: timedelta) -> timedelta:
    """The delay, up to a quarter longer, so that those who were told to wait do not all come back at once."""
    return delay * (1 + _chance.random() / 4)

"""Writes down what became of a post: forward only, because a report of the provider may have been faster."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging import faults, moves, pace
from messaging.delivery import IN_DOUBT, RANK
from messaging.errors import rule_of
from messaging.transport import Accepted, NotSent, Refused, TooMany, Unknown
from resources_db import jobs
from resources_db.models.messages import Message, MessageEvent
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from messaging.transport import Outcome

log = logging.getLogger(f"handrail.{__name__}")

DEFAULT_RETRY_AFTER = timedelta(seconds=30)
NOT_SENT = "not_sent"
NOT_SENT_WAITS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


def outcome(
    messenger: Messenger, session: Session, message: Message, attempt: int, result: Outcome, now: datetime
) -> None:
    """Record the outcome of attempt number `attempt`."""
    if message.channel is MessageChannel.SMS:
        pace.learn(messenger, session, result)
    if isinstance(result, Accepted):
        accepted(session, message, attempt, result.sid, result.status, now)
        return
    if message.attempt != attempt or message.state not in IN_DOUBT:
        return  # a report, or the one who looked, already knows better
    match result:
        case TooMany(retry_after):
            _back(session, message, moves.jitter(retry_after or DEFAULT_RETRY_AFTER), "throttled", now)
        case NotSent(why):
            _back(session, message, _not_sent_wait(session, message), NOT_SENT, now, why)
        case Refused(code):
            faults.refused(messenger, session, message, rule_of(code), code, now)
        case Unknown(why):
            _in_doubt(messenger, session, message, why, now)
    log.info(
        "%s",
        type(result).__name__,
        extra={"row_id": str(message.id), "attempt": attempt, "status": message.state.value},
    )


def accepted(session: Session, message: Message, attempt: int, sid: str, status: str, now: datetime) -> None:
    """The provider has it under `sid`. A second sid for one message means that two texts exist: say so loudly."""
    if message.sid == sid:
        return
    if message.sid is not None or message.state not in {*IN_DOUBT, MessageState.QUEUED} or message.attempt != attempt:
        doubled(session, message, sid, now)
        return
    known = status if status in RANK else None
    values = {"sid": None if is_taken(session, sid) else sid, "provider_status": known, "accepted_at": now}
    if not moves.move(session, message, MessageState.ACCEPTED, kind="posted", now=now, values=values, sid=sid):
        accepted(session, message, attempt, sid, status, now)  # moved between our look and our swap: look once more


def is_taken(session: Session, sid: str) -> bool:
    """Whether another message carries this sid: the one who looked may have given it to a message of the same words."""
    return session.scalars(select(Message.id).where(Message.sid == sid)).first() is not None


def doubled(session: Session, message: Message, sid: str, now: datetime) -> None:
    """Alarm: the provider made two texts of one message."""
    moves.note(session, message, "dup_sid", now, sid=sid)
    log.error("dup_sid: one message was accepted twice", extra={"row_id": str(message.id), "attempt": message.attempt})


def _back(session: Session, message: Message, wait: timedelta, kind: str, now: datetime, code: str = "") -> None:
    if moves.move(session, message, MessageState.QUEUED, kind=kind, now=now, code=code):
        moves.send_later(session, message, now + wait, wait)


def _not_sent_wait(session: Session, message: Message) -> timedelta:
    # Attempts that were throttled, or in doubt, do not make this wait longer.
    counted = select(func.count()).where(MessageEvent.message_id == message.id, MessageEvent.kind == NOT_SENT)
    return NOT_SENT_WAITS[min(session.scalars(counted).one(), len(NOT_SENT_WAITS) - 1)]


def _in_doubt(messenger: Messenger, session: Session, message: Message, why: str, now: datetime) -> None:
    if message.state is MessageState.SENDING:
        moves.move(session, message, MessageState.UNKNOWN, kind="in_doubt", now=now, code=why)
    look_in = messenger.settings.timing.grace + timedelta(seconds=1)
    message.run += 1
    jobs.enqueue(
        session,
        jobs.JobName.RECONCILE_MESSAGE,
        message.id,
        run=message.run,
        delay_seconds=look_in.total_seconds(),
    )

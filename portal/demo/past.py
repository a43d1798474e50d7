"""Messages of the story's past: they arrived long ago and must never leave the house.

Each is moved by the same compare-and-swap as a real report, in the transaction that made it, so no worker can see it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import moves
from resources_db.models.messages import Message, SmsUsage
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Numbers whose provider says no, as in the phone simulator: last four digits and error code.
LANDLINE, UNREACHABLE = ("0106", "30006"), ("0103", "30003")
REFUSED = dict((LANDLINE, UNREACHABLE))
TAKES = timedelta(seconds=4)


def settle(session: Session) -> Collection[Message]:
    """Everything still waiting went its way at its time; gives the texts that could not be delivered."""
    failed = []
    for message in session.scalars(select(Message).where(Message.state == MessageState.QUEUED)).all():
        code = REFUSED.get(message.to[-4:], "") if message.channel is MessageChannel.SMS else ""
        _arrive(session, message, code)
        if code:
            failed.append(message)
    return failed


def forget_usage(session: Session) -> None:
    """What was sent long ago is not counted against today's limits."""
    for used in session.scalars(select(SmsUsage)):
        session.delete(used)


def _arrive(session: Session, message: Message, code: str) -> None:
    at = message.due_at + TAKES
    end = MessageState.UNDELIVERED if code else MessageState.DELIVERED
    values = {
        "accepted_at": message.due_at,
        "sent_at": at,
        "delivered_at": None if code else at,
        "error_code": code or None,
        "provider_status": end.value,
        "sid": f"demo-{message.token}",
    }
    moves.move(session, message, end, kind="status", now=at, values=values, code=code, sid=f"demo-{message.token}")

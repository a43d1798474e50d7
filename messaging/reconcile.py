"""A send whose outcome nobody knows: look at the provider before anything is sent again.

First the provider's own reports (they carry our token), then its list of messages. Only a list that worked and shows
nothing lets the message be sent again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from messaging import moves, record
from messaging.delivery import IN_DOUBT, RANK
from messaging.transport import ListingError
from resources_db.models.messages import Message
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from messaging.transport import SentText

log = logging.getLogger(f"handrail.{__name__}")

LOOK_BACK = timedelta(days=1)
"""Much longer than any two clocks may differ: a text we fail to see in the list would be sent again."""
OURS = "outbound-api"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What there is to look for."""

    message_id: uuid.UUID
    attempt: int
    channel: MessageChannel
    to: str
    body: str
    since: datetime


def run(messenger: Messenger, message_id: uuid.UUID) -> None:
    """Find out what became of a message in doubt; does nothing for one that is not, or is too fresh."""
    doubt = _take(messenger, message_id)
    if doubt is None:
        return
    if doubt.channel is MessageChannel.EMAIL:
        _settle(messenger, doubt, [])  # the same mail under the same id again is one mail
        return
    try:
        listed = list(messenger.texts.sent_to(doubt.to, doubt.since))
    except ListingError:
        log.warning("the provider's list could not be read", extra={"row_id": str(message_id)})
        return  # nothing may be concluded; the sweep comes again
    _settle(messenger, doubt, listed)


def _take(messenger: Messenger, message_id: uuid.UUID) -> Doubt | None:
    if message_id in messenger.in_hand:
        return None  # a clock that jumped makes it look old; it is being sent here and now
    timing = messenger.settings.timing
    with messenger.writing() as session, session.begin():
        now = messenger.protocol_time(session)
        one_looks = (
            update(Message)
            .where(
                Message.id == message_id,
                Message.state.in_(IN_DOUBT),
                Message.intent_at <= now - timing.grace,
                or_(Message.reconcile_at.is_(None), Message.reconcile_at <= now - timing.look_again),
            )
            .values(reconcile_at=now)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        if session.execute(one_looks).first() is None:
            return None
        message = session.get_one(Message, message_id)
        assert message.intent_at is not None
        since = min(message.intent_at, now) - LOOK_BACK
        return Doubt(message.id, message.attempt, message.channel, message.to, message.body, since)


def _settle(messenger: Messenger, doubt: Doubt, listed: list[SentText]) -> None:
    with messenger.writing() as session, session.begin():
        message = session.get(Message, doubt.message_id)
        if message is None or message.state not in IN_DOUBT or message.attempt != doubt.attempt:
            return  # a report brought the answer meanwhile
        now = messenger.now()
        matching = [one for one in listed if one.direction == OURS and one.to == doubt.to and one.body == doubt.body]
        if any(_adopt(session, message, one, now) for one in matching):
            return
        if moves.move(session, message, MessageState.QUEUED, kind="not_found", now=now):
            moves.send_later(session, message, None, timedelta(0))


def _adopt(session: Session, message: Message, found: SentText, now: datetime) -> bool:
    if record.is_taken(session, found.sid):
        return False
    known = found.status if found.status in RANK and RANK[found.status] <= RANK["sending"] else None
    values = {"sid": found.sid, "provider_status": known, "accepted_at": now}
    try:
        with session.begin_nested():
            return moves.move(
                session, message, MessageState.ACCEPTED, kind="adopted", now=now, values=values, sid=found.sid
            )
    except IntegrityError:  # another message with the same words took this one just now
        session.refresh(message)
        return False

"""How fast texts leave: so many segments a second for a sender, whoever of the workers sends; and when to stand still.

After three calls in a row without an answer the line is shut, for longer each time, and one text at a time tries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from messaging.transport import NotSent, TooMany, Unknown
from resources_db.models.messages import Message
from resources_db.models.pace import SmsPace
from resources_db.vocab import MessageChannel, MessageState, Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from messaging.transport import Outcome

PACE = "pace"
"""Why a text waits, when it waits for its turn."""

BURST_SECONDS = 1.0
FAULTS_THAT_SHUT = 3
SHUT_SECONDS = (5.0, 30.0, 60.0)
ASK_A_SECOND = 5.0
"""While the line is shut, those who wait do not all ask again in the same moment."""
LONGEST_SECONDS = 15 * 60.0
"""The furthest a provider's Retry-After may shut the line; anything beyond comes from a clock that was set back."""
HELD_AT_MOST_MS = 10_000
"""A worker that stands still with the line in its hand lets go of it after that, so that the others go on."""
SHORTEST = timedelta(seconds=0.5)

FIRST = frozenset(
    {
        Purpose.CODE.value,
        Purpose.OPTED_OUT.value,
        Purpose.OPTED_IN.value,
        Purpose.HELP.value,
        Purpose.FREE_TEXT.value,
        Purpose.ANSWER_1.value,
        Purpose.ANSWER_2.value,
        Purpose.ANSWER_3.value,
        Purpose.AGENCY_ACK.value,
        Purpose.AGENCY_WHY.value,
        Purpose.AGENCY_LINK.value,
        Purpose.LISTING_SAVED.value,
        Purpose.LISTING_CHANGE.value,
    }
)
LAST = frozenset(
    {
        Purpose.NUDGE.value,
        Purpose.SOLVED.value,
        Purpose.REMINDER.value,
        Purpose.AGENCY_REMINDER.value,
        Purpose.AGENCY_CONFIRM.value,
        Purpose.AGENCY_DIGEST.value,
        Purpose.LISTING_CHECK.value,
        Purpose.LISTING_DIGITS.value,
        Purpose.ROOM_CHECK.value,
    }
)
"""Codes and replies first, then referrals and all else, then nudges and reminders."""


def take(messenger: Messenger, session: Session, message: Message, now: datetime) -> timedelta | None:
    """Take what this text needs of the sender's rate: None when it may leave, else how long to wait for its turn.

    `now` is the product's time, by which texts are due; the line itself runs by the clock all workers share.
    """
    rate = messenger.settings.segments_per_second
    line = _line(session, messenger.settings.messaging_service_sid)
    here = messenger.protocol_time(session).timestamp()
    if line.free_at > here + LONGEST_SECONDS:
        line.free_at = here
    if line.free_at <= here:
        _go(line, here, message.segments / rate)
        session.flush()
        return None
    if line.faults >= FAULTS_THAT_SHUT:
        rate = min(rate, ASK_A_SECOND)
    turn = line.free_at - here + _in_front(session, message, now) / rate
    return max(SHORTEST, timedelta(seconds=min(turn, LONGEST_SECONDS)))


def learn(messenger: Messenger, session: Session, outcome: Outcome) -> None:
    """What a call tells about the line. Done before the message is touched: always in the order of `take`."""
    sender = messenger.settings.messaging_service_sid
    if isinstance(outcome, TooMany | NotSent | Unknown):
        line = _line(session, sender)
        here = messenger.protocol_time(session).timestamp()
        if isinstance(outcome, TooMany):
            shut = min((outcome.retry_after or timedelta(0)).total_seconds(), LONGEST_SECONDS)
            line.free_at = max(line.free_at, here + shut)
        elif line.faults < FAULTS_THAT_SHUT:
            line.faults += 1
            if line.faults == FAULTS_THAT_SHUT:
                line.free_at = max(line.free_at, here + SHUT_SECONDS[0])
        session.flush()
        return
    opened = update(SmsPace).where(SmsPace.sender == sender, SmsPace.faults > 0)
    session.execute(opened.values(faults=0, free_at=0.0).execution_options(synchronize_session=False))


def is_shut(session: Session, sender: str) -> bool:
    """Whether the provider does not answer, so that texts wait."""
    line = session.get(SmsPace, sender)
    return line is not None and line.faults >= FAULTS_THAT_SHUT


def _go(line: SmsPace, here: float, cost: float) -> None:
    if line.faults >= FAULTS_THAT_SHUT:
        # the one that tries: nobody follows before it has come back, or long enough after
        later = min(line.faults - FAULTS_THAT_SHUT + 1, len(SHUT_SECONDS) - 1)
        line.free_at = here + SHUT_SECONDS[later]
        line.faults += 1
    else:
        line.free_at = max(line.free_at, here - BURST_SECONDS) + cost


def _line(session: Session, sender: str) -> SmsPace:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {HELD_AT_MOST_MS}"))
    found = session.get(SmsPace, sender, with_for_update=True)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(SmsPace(sender=sender, free_at=0.0, faults=0))
    except IntegrityError:
        pass  # another worker made it just now
    return session.get_one(SmsPace, sender, with_for_update=True)


def _in_front(session: Session, message: Message, now: datetime) -> int:
    rank, mine = _rank(), _rank_of(message)
    earlier = or_(Message.due_at < message.due_at, and_(Message.due_at == message.due_at, Message.id < message.id))
    its_time = func.coalesce(Message.not_before, Message.due_at)
    waiting = select(func.coalesce(func.sum(Message.segments), 0)).where(
        Message.state == MessageState.QUEUED,
        Message.channel == MessageChannel.SMS,
        Message.due_at <= now,
        or_(Message.held_why == PACE, and_(Message.held_why.is_(None), its_time <= now)),
        or_(rank < mine, and_(rank == mine, earlier)),
    )
    return int(session.scalars(waiting).one())


def _rank() -> ColumnElement[int]:
    first = or_(Message.purpose.in_(FIRST), Message.replies_to_inbound)
    return case((first, 0), (Message.purpose.in_(LAST), 2), else_=1)


def _rank_of(message: Message) -> int:
    if message.replies_to_inbound or message.purpose in FIRST:
        return 0
    return 2 if message.purpose in LAST else 1

"""How many texts a number has had, and an org has used. Asked at the last moment before sending."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from resources_db.models.messages import Message
from resources_db.vocab import MessageChannel, MessageState, Purpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.settings import Limits

NOT_COUNTED = frozenset(
    {
        Purpose.CODE.value,
        Purpose.APPOINTMENT.value,
        Purpose.WELCOME.value,
        Purpose.OPTED_OUT.value,
        Purpose.OPTED_IN.value,
        Purpose.HELP.value,
        Purpose.FREE_TEXT.value,
        Purpose.ANSWER_1.value,
        Purpose.ANSWER_2.value,
        Purpose.ANSWER_3.value,
        Purpose.AGENCY_ACK.value,
        Purpose.AGENCY_WHICH.value,
        Purpose.AGENCY_STOP.value,
        Purpose.STAFF_REPLY.value,
    }
)
"""Replies, codes, appointments and notices that must not come late. What staff write unasked counts."""

FOR_AGENCIES = frozenset(
    {
        Purpose.AGENCY_NEW.value,
        Purpose.AGENCY_REMINDER.value,
        Purpose.AGENCY_STOP.value,
        Purpose.AGENCY_ACK.value,
        Purpose.AGENCY_WHICH.value,
        Purpose.LISTING_CHECK.value,
    }
)
_WENT_OUT = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.SENT,
    MessageState.DELIVERED,
)


def over(session: Session, message: Message, limits: Limits, now: datetime) -> str | None:
    """The limit this text would break, or None."""
    if message.purpose in NOT_COUNTED or message.replies_to_inbound:
        return None
    if message.purpose in FOR_AGENCIES:
        a_day = limits.agency_number_a_day
        return "agency_number_a_day" if _sent(session, message, now - timedelta(days=1)) >= a_day else None
    if _sent(session, message, now - timedelta(days=1)) >= limits.number_a_day:
        return "number_a_day"
    if _sent(session, message, now - timedelta(days=30)) >= limits.number_in_30_days:
        return "number_in_30_days"
    used = _segments_gone(session, message.org_id, now - timedelta(days=1))
    return "org_segments_a_day" if used + message.segments > limits.org_segments_a_day else None


def _sent(session: Session, message: Message, since: datetime) -> int:
    counted = select(func.count()).where(
        Message.to_bix == message.to_bix,
        Message.channel == MessageChannel.SMS,
        Message.state.in_(_WENT_OUT),
        Message.purpose.not_in(NOT_COUNTED),
        Message.due_at > since,
        Message.id != message.id,
    )
    return session.scalars(counted).one()


def _segments_gone(session: Session, org_id: uuid.UUID, since: datetime) -> int:
    counted = select(func.coalesce(func.sum(Message.segments), 0)).where(
        Message.org_id == org_id, Message.state.in_(_WENT_OUT), Message.due_at > since
    )
    return int(session.scalars(counted).one())

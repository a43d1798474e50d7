"""The last questions before a message leaves: is it still wanted, still allowed, and is this the hour?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from messaging import limits, pace, pauses, quiet_hours, recipients, suppression
from resources_db.vocab import MessageChannel, MessageState, Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from resources_db.models.messages import Message

EARLY = timedelta(seconds=2)
"""Timers of two machines differ a little; a message that is due within this time is due."""
REPLY_WITHIN = timedelta(minutes=5)
CODE_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Go:
    """It may leave now."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Its time has not come, and another run is already waiting for that time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: at `until`, because of `why`."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Park:
    """Not until a person has decided something."""

    why: str


@dataclass(frozen=True, slots=True)
class End:
    """Never."""

    state: MessageState
    why: str


Verdict = Go | NotYet | Wait | Park | End
HOLD = "hold"
PAUSED = "paused"
QUIET = "quiet_hours"


def judge(messenger: Messenger, session: Session, message: Message, now: datetime) -> Verdict:
    """What may happen to a queued message at this moment."""
    if (message.not_before or message.due_at) > now + EARLY:
        return NotYet()
    if message.expires_at is not None and now >= message.expires_at:
        return End(MessageState.EXPIRED, "expired")
    if message.channel is MessageChannel.SMS:
        barred = _barred(session, message)
        if barred is not None:
            return barred
    if not messenger.hooks.subject_still_open(session, message):
        return End(MessageState.CANCELLED, "subject_closed")
    if message.channel is MessageChannel.EMAIL:
        return Go()
    verdict = _hour(messenger, session, message, now)
    return _turn(messenger, session, message, now) if isinstance(verdict, Go) else verdict


def _turn(messenger: Messenger, session: Session, message: Message, now: datetime) -> Verdict:
    turn = pace.take(messenger, session, message, now)  # last of all: it spends something
    return Go() if turn is None else Wait(now + turn, pace.PACE)


def _barred(session: Session, message: Message) -> Verdict | None:
    if message.purpose not in suppression.ALLOWED_AFTER_STOP:
        if suppression.open_suppression(session, message.to_bix) is not None:
            return End(MessageState.SUPPRESSED, "suppressed")
        if suppression.open_hold(session, message.to_bix) is not None:
            return Park(HOLD)
    return Park(PAUSED) if pauses.open_pause(session) is not None else None


def _hour(messenger: Messenger, session: Session, message: Message, now: datetime) -> Verdict:
    zones = recipients.zones(session, message)
    window = recipients.window(message, messenger.settings.hours)
    broken = limits.over(session, message, messenger.settings.limits, now, zones[0])
    if broken is not None:
        if message.replies_to_inbound:
            return End(MessageState.CANCELLED, broken.code)
        morning = quiet_hours.next_morning(max(now, broken.room_at or now), zones, window)
        return _later(message, morning, broken.code)
    if _answers_at_once(message, now):
        return Go()
    opens = quiet_hours.next_allowed(now, zones, window)
    return Go() if opens <= now else _later(message, opens, QUIET)


def _later(message: Message, until: datetime, why: str) -> Verdict:
    """Wait, unless it would be too late by then: staff hear of that now and not when it is over."""
    if message.expires_at is not None and until >= message.expires_at:
        return End(MessageState.EXPIRED, why)
    return Wait(until, why)


def _answers_at_once(message: Message, now: datetime) -> bool:
    if message.purpose in {Purpose.CODE.value, Purpose.TEST.value}:
        return now - message.created_at <= CODE_WITHIN
    return message.replies_to_inbound and now - message.created_at <= REPLY_WITHIN

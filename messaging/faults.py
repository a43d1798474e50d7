"""Carries out what the table of provider codes says, after a refusal and after a bad report."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import moves, outbox, pauses, quiet_hours, recipients, suppression
from messaging.errors import Do, rule_of
from messaging.gate import PAUSED
from resources_db.models.messages import Message, MessageEvent
from resources_db.vocab import MessageState, SuppressionWhy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.errors import Rule
    from messaging.messenger import Messenger

log = logging.getLogger(f"handrail.{__name__}")

UNDONE, DONE = "end_undone", "end_done"
FOLLOWED_UP_FOR = timedelta(days=7)
AT_ONCE = 100


def refused(messenger: Messenger, session: Session, message: Message, rule: Rule, code: str, now: datetime) -> None:
    """The provider said no at once: nothing was sent, so the same row may try again where the table says so."""
    if rule.do is Do.PAUSE:
        pauses.pause(session, code, messenger.now())
        moves.move(
            session, message, MessageState.QUEUED, kind="paused", now=now, code=code, values={"held_why": PAUSED}
        )
        _alarm(message, rule, code)
        return
    if rule.do in {Do.REQUEUE, Do.NEXT_MORNING}:
        until = _when(messenger, session, message, rule)
        if moves.move(session, message, MessageState.QUEUED, kind="refused", now=now, code=code):
            moves.send_later(session, message, until, until - messenger.now())
        return
    state = MessageState.SUPPRESSED if rule.do is Do.SUPPRESS else MessageState.FAILED
    moves.move(session, message, state, kind="refused", now=now, code=code, values={"error_code": code})
    ended(messenger, session, message, rule, code)


def ended(messenger: Messenger, session: Session, message: Message, rule: Rule, code: str) -> None:
    """A row has come to a bad end: try again with a new row where that helps, else tell those who asked for it.

    When that fails the end itself still stands, and the sweep does it again.
    """
    try:
        with session.begin_nested():
            _ended(messenger, session, message, rule, code)
    except Exception:
        log.exception("what follows from a bad end could not be done", extra={"row_id": str(message.id)})
        moves.note(session, message, UNDONE, messenger.now(), code=code)


def follow_up(messenger: Messenger, session: Session, now: datetime) -> int:
    """Do what could not be done when a row came to its bad end. Gives for how many it was."""
    since = now - FOLLOWED_UP_FOR
    done = select(MessageEvent.message_id).where(MessageEvent.kind == DONE, MessageEvent.at >= since)
    undone = select(MessageEvent.message_id, MessageEvent.error_code).where(
        MessageEvent.kind == UNDONE, MessageEvent.at >= since, MessageEvent.message_id.not_in(done)
    )
    followed = 0
    for message_id, code in session.execute(undone.distinct().limit(AT_ONCE)).all():
        message = session.get_one(Message, message_id)
        try:
            with session.begin_nested():
                _ended(messenger, session, message, rule_of(code), code)
                moves.note(session, message, DONE, now)
        except Exception:
            log.exception("what follows from a bad end could not be done", extra={"row_id": str(message_id)})
        else:
            followed += 1
    return followed


def _ended(messenger: Messenger, session: Session, message: Message, rule: Rule, code: str) -> None:
    now = messenger.now()
    if rule.alarm:
        _alarm(message, rule, code)
    if rule.do is Do.SUPPRESS:
        suppression.suppress(session, message.to_bix, SuppressionWhy.PROVIDER_21610, now)
    if rule.do is Do.PAUSE:
        pauses.pause(session, code, now)
    if rule.do in {Do.AGAIN, Do.REQUEUE, Do.NEXT_MORNING, Do.PAUSE}:
        due_at = _when(messenger, session, message, rule)
        if outbox.again(session, message, now=now, due_at=due_at, tries=rule.tries or 1) is not None:
            return
    if rule.flag:
        recipients.flag_number(session, message.to_bix, rule.meaning)
    messenger.hooks.on_failed(session, message)


def _when(messenger: Messenger, session: Session, message: Message, rule: Rule) -> datetime:
    now = messenger.now()
    if rule.do is Do.NEXT_MORNING:
        return quiet_hours.next_morning(now, recipients.zones(session, message))
    return now + (rule.after or timedelta(minutes=15))


def _alarm(message: Message, rule: Rule, code: str) -> None:
    log.error("provider fault", extra={"row_id": str(message.id), "error": code, "outcome": rule.meaning})

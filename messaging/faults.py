"""Carries out what the table of provider codes says, after a refusal and after a bad report."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from messaging import moves, outbox, pauses, quiet_hours, recipients, suppression
from messaging.errors import Do
from messaging.gate import PAUSED
from resources_db.vocab import MessageState, SuppressionWhy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.errors import Rule
    from messaging.messenger import Messenger
    from resources_db.models.messages import Message

log = logging.getLogger(f"handrail.{__name__}")


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
    """A row has come to a bad end: try again with a new row where that helps, else tell those who asked for it."""
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

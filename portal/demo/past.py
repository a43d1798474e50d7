"""Messages of the story's past: they arrived long ago and must never leave the house.

Each is moved by the same compare-and-swap as a real report, in the transaction that made it, so no worker can see it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import moves, recipients, suppression
from messaging.errors import Do, Rule, rule_of
from referrals import hooks
from resources_db.models.messages import Message, SmsUsage
from resources_db.vocab import MessageChannel, MessageState, SuppressionWhy

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REFUSED = {"0106": "30006", "0103": "30003", "0110": "21610"}
"""Numbers whose provider says no, as in the phone simulator: last four digits, and the provider's code."""
TAKES = timedelta(seconds=4)


def settle(session: Session) -> None:
    """Everything still waiting went its way at its time; what could not be delivered is told as in real life."""
    waiting = select(Message).where(Message.state == MessageState.QUEUED)
    for message in session.scalars(waiting.order_by(Message.due_at)).all():
        code = REFUSED.get(message.to[-4:], "") if message.channel is MessageChannel.SMS else ""
        _arrive(session, message, code)
        if code:
            hooks.on_failed(session, message)


def forget_usage(session: Session) -> None:
    """What was sent long ago is not counted against today's limits."""
    for used in session.scalars(select(SmsUsage)):
        session.delete(used)


def _arrive(session: Session, message: Message, code: str) -> None:
    at = message.due_at + TAKES
    rule = rule_of(code) if code else None
    end = _end(rule)
    values = {
        "accepted_at": message.due_at,
        "sent_at": at,
        "delivered_at": None if code else at,
        "error_code": code or None,
        "provider_status": end.value,
        "sid": f"demo-{message.token}",
    }
    moves.move(session, message, end, kind="status", now=at, values=values, code=code, sid=f"demo-{message.token}")
    if rule is not None and rule.flag:
        recipients.flag_number(session, message.to_bix, rule.meaning)
    if rule is not None and rule.do is Do.SUPPRESS:
        suppression.suppress(session, message.to_bix, SuppressionWhy.PROVIDER_21610, at)


def _end(rule: Rule | None) -> MessageState:
    if rule is None:
        return MessageState.DELIVERED
    return MessageState.SUPPRESSED if rule.do is Do.SUPPRESS else MessageState.UNDELIVERED

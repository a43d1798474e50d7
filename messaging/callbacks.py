"""The provider's reports on our messages: late, early, doubled, out of order. A message only moves forward."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from messaging import delivery, faults, record
from messaging.errors import rule_of
from resources_db.models.messages import Message, MessageEvent, UnmatchedReport
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger

log = logging.getLogger(f"handrail.{__name__}")

MOST_UNKNOWN = 10
"""In an hour; more means that somebody else's texts are reported to us, or that rows were lost."""


def apply(
    messenger: Messenger, session: Session, *, token: str, sid: str, status: str, error_code: str, now: datetime
) -> bool:
    """Record one report; True when it moved the message. An unknown token is kept and counted, never an error."""
    message = session.scalars(select(Message).where(Message.token == token)).one_or_none()
    if message is None or delivery.state_of_report(status) is None:
        _unknown(session, sid, status, now)
        return False
    if not _is_news(session, message, sid, status, error_code, now):
        return False
    if _is_another(message, sid) or not _forward(session, message, sid, status, error_code, now):
        if _is_another(message, sid):  # also when the other one was stored between our look and our update
            record.doubled(session, message, sid, now)
        return False
    log.info("report", extra={"row_id": str(message.id), "status": message.state.value, "error": error_code})
    if message.state in delivery.BAD_ENDS:
        faults.ended(messenger, session, message, rule_of(error_code), error_code)
    return True


def _unknown(session: Session, sid: str, status: str, now: datetime) -> None:
    session.add(UnmatchedReport(kind="status", sid=sid, provider_status=status, at=now))
    lately = select(func.count()).select_from(UnmatchedReport).where(UnmatchedReport.at > now - timedelta(hours=1))
    count = session.scalars(lately).one()
    level = logging.ERROR if count == MOST_UNKNOWN + 1 else logging.WARNING
    log.log(level, "a report on an unknown text", extra={"count": count})


def _is_another(message: Message, sid: str) -> bool:
    return message.sid is not None and message.sid != sid


def _is_news(session: Session, message: Message, sid: str, status: str, error_code: str, now: datetime) -> bool:
    event = MessageEvent(
        org_id=message.org_id,
        message_id=message.id,
        at=now,
        kind="status",
        provider_status=status,
        error_code=error_code,
        sid=sid,
        attempt=message.attempt,
    )
    try:
        with session.begin_nested():
            session.add(event)
    except IntegrityError:
        return False
    return True


def _forward(session: Session, message: Message, sid: str, status: str, error_code: str, now: datetime) -> bool:
    state = delivery.state_of_report(status)
    assert state is not None
    states = {*delivery.may_come_from(status), *({state} - delivery.FINAL)}
    values: dict[str, object] = {"provider_status": status, "state": state, **_times(message, state, now)}
    if message.sid is None and not record.is_taken(session, sid):
        values["sid"] = sid
    if error_code:
        values["error_code"] = error_code
    statement = (
        update(Message)
        .where(
            Message.id == message.id,
            Message.state.in_(states),
            or_(Message.sid.is_(None), Message.sid == sid),
            or_(Message.provider_status.is_(None), Message.provider_status.in_(delivery.lower_statuses(status))),
        )
        .values(**values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    won = session.execute(statement).first() is not None
    session.refresh(message)
    return won


def _times(message: Message, state: MessageState, now: datetime) -> dict[str, object]:
    times: dict[str, object] = {"accepted_at": message.accepted_at or now}
    if state in {MessageState.SENT, MessageState.DELIVERED}:
        times["sent_at"] = message.sent_at or now
    if state is MessageState.DELIVERED:
        times["delivered_at"] = now
    return times

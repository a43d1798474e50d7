"""Writes a message and its job in the caller's own transaction: both are there, or neither.

The text is final here: folded, measured, frozen. What is sent later is exactly this.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from messaging import moves, phone, sms_text
from resources_db import jobs
from resources_db.encryption import blind_index
from resources_db.models.messages import Message, SmsUsage
from resources_db.vocab import MessageChannel, MessageState, Purpose

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GOOD_FOR: dict[str, timedelta] = {
    Purpose.NUDGE: timedelta(hours=24),
    Purpose.SOLVED: timedelta(hours=24),
    Purpose.REMINDER: timedelta(hours=12),
    Purpose.CODE: timedelta(minutes=10),
    Purpose.TEST: timedelta(minutes=10),
}
"""A late text is worse than none. What is not listed is good for three days."""
GOOD_FOR_OTHERS = timedelta(days=3)
REPLY_GOOD_FOR = timedelta(hours=1)
CONFIRMATION_GOOD_FOR = timedelta(minutes=5)
"""The one text that the law lets follow a STOP; later it would be a text after STOP."""


def enqueue_text(
    session: Session,
    *,
    org_id: uuid.UUID,
    to: str,
    body: str,
    lang: str,
    purpose: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    dedupe_key: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    created_by: uuid.UUID | None = None,
    replies_to_inbound: bool = False,
    with_person: bool = False,
) -> Message:
    """Promise a text. The same dedupe key again gives back the text that is already promised."""
    body = sms_text.fold(body)
    measured = sms_text.measure(body)
    due_at = due_at or now
    message = Message(
        org_id=org_id,
        channel=MessageChannel.SMS,
        token=secrets.token_hex(16),
        to=to,
        to_bix=phone.index(to),
        body=body,
        lang=lang,
        encoding=measured.encoding,
        segments=measured.segments,
        purpose=purpose,
        subject_kind=subject_kind,
        subject_id=subject_id,
        with_person=with_person,
        replies_to_inbound=replies_to_inbound,
        created_by=created_by,
        created_at=now,
        dedupe_key=dedupe_key,
        due_at=due_at,
        expires_at=expires_at or due_at + _good_for(purpose, replies_to_inbound),
        state=MessageState.QUEUED,
        attempt=0,
        run=0,
    )
    stored = _promise(session, message, now)
    if stored is message:
        _count(session, org_id, now, measured.segments)
    return stored


def enqueue_email(
    session: Session,
    *,
    org_id: uuid.UUID,
    to: str,
    subject: str,
    body: str,
    lang: str,
    purpose: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    dedupe_key: str,
    now: datetime,
    due_at: datetime | None = None,
    created_by: uuid.UUID | None = None,
) -> Message:
    """Promise a mail, by the same protocol as a text."""
    due_at = due_at or now
    message = Message(
        org_id=org_id,
        channel=MessageChannel.EMAIL,
        token=secrets.token_hex(16),
        to=to,
        to_bix=blind_index("email", to.strip().casefold()),
        email_subject=" ".join(subject.split()),
        body=body,
        lang=lang,
        segments=0,
        purpose=purpose,
        subject_kind=subject_kind,
        subject_id=subject_id,
        created_by=created_by,
        created_at=now,
        dedupe_key=dedupe_key,
        due_at=due_at,
        expires_at=due_at + GOOD_FOR_OTHERS,
        state=MessageState.QUEUED,
        attempt=0,
        run=0,
    )
    return _promise(session, message, now)


def cancel(session: Session, message: Message, now: datetime) -> bool:
    """Take a promise back. True is final: no provider call follows. False: it is on its way or gone."""
    return moves.move(session, message, MessageState.CANCELLED, kind="cancelled", now=now)


def again(session: Session, message: Message, *, now: datetime, due_at: datetime, tries: int) -> Message | None:
    """A new row for a text that its first row could not bring; None when it was tried often enough, or comes too late.

    A visit's text keeps its end: after the visit it says something wrong.
    """
    key, _, number = message.dedupe_key.partition("#")
    tried = int(number or 1)
    ends = message.expires_at if message.purpose == Purpose.APPOINTMENT else None
    if tried > tries or (ends is not None and ends <= due_at):
        return None
    return enqueue_text(
        session,
        org_id=message.org_id,
        to=message.to,
        body=message.body,
        lang=message.lang,
        purpose=message.purpose,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        dedupe_key=f"{key}#{tried + 1}",
        now=now,
        due_at=due_at,
        expires_at=ends,
        created_by=message.created_by,
    )


def _good_for(purpose: str, replies_to_inbound: bool) -> timedelta:
    if purpose == Purpose.OPTED_OUT:
        return CONFIRMATION_GOOD_FOR
    if replies_to_inbound:
        return REPLY_GOOD_FOR
    return GOOD_FOR.get(purpose, GOOD_FOR_OTHERS)


def _promise(session: Session, message: Message, now: datetime) -> Message:
    known = _promised(session, message)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        known = _promised(session, message)  # another transaction promised it just now
        if known is None:
            raise
        return known
    moves.note(session, message, "queued", now)
    delay = max((message.due_at - now).total_seconds(), 0)
    jobs.enqueue(session, jobs.JobName.SEND_MESSAGE, message.id, run=0, delay_seconds=delay)
    return message


def _promised(session: Session, message: Message) -> Message | None:
    same = select(Message).where(Message.org_id == message.org_id, Message.dedupe_key == message.dedupe_key)
    return session.scalars(same).one_or_none()


def _count(session: Session, org_id: uuid.UUID, now: datetime, segments: int) -> None:
    session.flush()
    today = now.date()
    used = (
        update(SmsUsage)
        .where(SmsUsage.org_id == org_id, SmsUsage.day == today)
        .values(messages=SmsUsage.messages + 1, segments=SmsUsage.segments + segments)
        .returning(SmsUsage.id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(used).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(SmsUsage(org_id=org_id, day=today, messages=1, segments=segments))
    except IntegrityError:
        session.execute(used)

"""The one open question of a number: what a bare digit from it means now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from messaging import phone as phones
from resources_db.models.messages import SmsQuestion

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

OPEN_FOR = timedelta(days=14)
PATIENT, AGENCY = "patient", "agency"
"""Roles of a number. One number may have both: a person who also answers for an agency."""


def ask(
    session: Session,
    *,
    org_id: uuid.UUID,
    phone: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    role: str,
    now: datetime,
    question: str = "",
) -> SmsQuestion:
    """Open a question to a number in a role (`PATIENT` or `AGENCY`); the one that was open is closed."""
    bix = phones.index(phone)
    row = SmsQuestion(
        org_id=org_id,
        phone_bix=bix,
        role=role,
        question=question,
        subject_kind=subject_kind,
        subject_id=subject_id,
        asked_at=now,
        closes_at=now + OPEN_FOR,
    )
    _close_open(session, bix, role, now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another transaction asked this number just now: ours is the newer question
        _close_open(session, bix, role, now)
        session.add(row)
        session.flush()
    return row


def open_question(session: Session, phone_bix: bytes, now: datetime) -> SmsQuestion | None:
    """The newest open question of a number, whatever its role: a number may be a patient's and an agency's."""
    found = (
        select(SmsQuestion)
        .where(SmsQuestion.phone_bix == phone_bix, SmsQuestion.closed_at.is_(None), SmsQuestion.closes_at > now)
        .order_by(SmsQuestion.asked_at.desc())
    )
    return session.scalars(found).first()


def answered(session: Session, question: SmsQuestion, now: datetime) -> bool:
    """Close an answered question; False when another text just did."""
    closed = (
        update(SmsQuestion)
        .where(SmsQuestion.id == question.id, SmsQuestion.closed_at.is_(None))
        .values(answered_at=now, closed_at=now)
        .returning(SmsQuestion.id)
    )
    return session.execute(closed).first() is not None


def close_about(session: Session, subject_kind: str, subject_id: uuid.UUID, now: datetime) -> None:
    """Close what was asked about a subject: it was answered elsewhere, or is over."""
    session.execute(
        update(SmsQuestion)
        .where(
            SmsQuestion.subject_kind == subject_kind,
            SmsQuestion.subject_id == subject_id,
            SmsQuestion.closed_at.is_(None),
        )
        .values(closed_at=now)
    )


def _close_open(session: Session, phone_bix: bytes, role: str, now: datetime) -> None:
    session.execute(
        update(SmsQuestion)
        .where(SmsQuestion.phone_bix == phone_bix, SmsQuestion.role == role, SmsQuestion.closed_at.is_(None))
        .values(closed_at=now)
    )

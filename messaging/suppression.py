"""Numbers that get no texts: STOP, a page, staff, the provider's own list; and numbers on hold until a person has read.

A suppression binds every sender of the site. START lifts it, or staff with a new consent; an answer never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from messaging import moves
from resources_db.models.messages import Message, SmsHold, Suppression
from resources_db.vocab import MessageChannel, MessageState, Purpose, SuppressionWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

ALLOWED_AFTER_STOP = frozenset({Purpose.OPTED_OUT.value, Purpose.HELP.value})
"""The one confirmation, and the answer to HELP, which the person asked for in that moment."""
GO_ON, STOP = "go_on", "stop"
"""How a hold ends."""


def open_suppression(session: Session, phone_bix: bytes) -> Suppression | None:
    """Why a number gets no texts; None when it does."""
    found = select(Suppression).where(Suppression.phone_bix == phone_bix, Suppression.lifted_at.is_(None))
    return session.scalars(found).one_or_none()


def suppress(
    session: Session, phone_bix: bytes, why: SuppressionWhy, now: datetime, by: uuid.UUID | None = None
) -> bool:
    """No more texts to this number from anyone, those already waiting included. False if it was so already.

    It also decides a hold. `by` is the member of staff who wrote it down.
    """
    fresh = _open(session, Suppression(phone_bix=phone_bix, why=why, at=now, by=by))
    stop_waiting(session, phone_bix, now)
    release_hold(session, phone_bix, by, now, decided=STOP)
    return fresh


def _open(session: Session, row: Suppression) -> bool:
    if open_suppression(session, row.phone_bix) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def stop_waiting(session: Session, phone_bix: bytes, now: datetime) -> None:
    """What still waits for this number will not leave."""
    waiting = select(Message).where(
        Message.to_bix == phone_bix,
        Message.channel == MessageChannel.SMS,
        Message.state == MessageState.QUEUED,
        Message.purpose.not_in(ALLOWED_AFTER_STOP),
    )
    for message in session.scalars(waiting).all():
        moves.move(session, message, MessageState.SUPPRESSED, kind="suppressed", now=now)


def lift(session: Session, phone_bix: bytes, why: str, now: datetime, by: uuid.UUID | None = None) -> bool:
    """Texts may go to this number again; a hold ends too. False if no suppression stood in their way."""
    release_hold(session, phone_bix, by, now, decided=GO_ON)
    lifted = (
        update(Suppression)
        .where(Suppression.phone_bix == phone_bix, Suppression.lifted_at.is_(None))
        .values(lifted_at=now, lifted_why=why, lifted_by=by)
        .returning(Suppression.id)
    )
    return session.execute(lifted).first() is not None


def history(session: Session, phone_bix: bytes) -> tuple[Sequence[Suppression], Sequence[SmsHold]]:
    """Every stop and every hold of a number, ended or not, the oldest first."""
    stops = select(Suppression).where(Suppression.phone_bix == phone_bix).order_by(Suppression.at, Suppression.id)
    holds = select(SmsHold).where(SmsHold.phone_bix == phone_bix).order_by(SmsHold.at, SmsHold.id)
    return session.scalars(stops).all(), session.scalars(holds).all()


def open_hold(session: Session, phone_bix: bytes) -> SmsHold | None:
    """The hold on a number, if a person still has to read what it wrote."""
    found = select(SmsHold).where(SmsHold.phone_bix == phone_bix, SmsHold.released_at.is_(None))
    return session.scalars(found).first()


def hold(session: Session, phone_bix: bytes, why: str, now: datetime) -> None:
    """Nothing goes out to this number until a person has decided."""
    if open_hold(session, phone_bix) is None:
        session.add(SmsHold(phone_bix=phone_bix, why=why, at=now))
        session.flush()


def release_hold(
    session: Session, phone_bix: bytes, by: uuid.UUID | None, now: datetime, *, decided: str = GO_ON
) -> bool:
    """A person has read it: texts go on (or are suppressed by a call of their own). False if there was no hold."""
    released = (
        update(SmsHold)
        .where(SmsHold.phone_bix == phone_bix, SmsHold.released_at.is_(None))
        .values(released_at=now, released_by=by, decided=decided)
        .returning(SmsHold.id)
    )
    return session.execute(released).first() is not None

"""A call to a patient and what came of it: written down once, with what it settles on the lists. Undone within 10 s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from referrals import business_days, people, senders, worklist
from referrals.errors import NotFoundError, TooLateError
from referrals.worklist import About
from resources_db import audit
from resources_db.models.people import ContactAttempt
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import actor_of
from resources_db.vocab import Channel, ContactResult, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

W = WhyCode
SETTLED_BY_TALK = frozenset(
    {
        *(W.PATIENT_WANTS_CALL, W.NO_ANSWER_TWICE, W.HOME_FROM_HOSPITAL, W.CONTACT_DUE, W.HANDED_OVER),
        *(W.TEXT_NOT_DELIVERED, W.STOPPED_TEXTS),
    }
)
"""Items that ask for a call and nothing else: once somebody has talked to the person they are done."""
WRONG_NUMBER = "wrong_number"
"""The flag of a number at which somebody else answers; texts stop until the number is changed."""
AGAIN_SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Logged:
    """The attempt as written down, and until when the item of the list sleeps, if it does."""

    attempt: ContactAttempt
    sleeps_until: datetime | None = None


def log(
    session: Session,
    *,
    patient_id: uuid.UUID,
    result: ContactResult,
    now: datetime,
    item_id: uuid.UUID | None = None,
    minutes: int | None = None,
) -> Logged:
    """Write a call down. Reached: what asked for a call is settled. Not reached: the item called about sleeps a while.

    Raises NotFoundError for a patient or an item of somebody else's.
    """
    patient = people.get(session, patient_id)
    item = worklist.get(session, item_id) if item_id is not None else None
    if item is not None and item.patient_id != patient.id:
        raise NotFoundError
    attempt = ContactAttempt(
        org_id=patient.org_id,
        patient_id=patient.id,
        referral_id=item.referral_id if item is not None else None,
        channel=Channel.PHONE,
        result=result,
        minutes=minutes,
        at=now,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(attempt)
    session.flush()  # what it settles names the attempt
    audit.record(session, action="contact.log", subject_kind="patient", subject_id=patient.id, now=now)
    if result is ContactResult.REACHED:
        worklist.clear_patient(session, patient_id=patient.id, whys=SETTLED_BY_TALK, now=now, how=_how(attempt))
        return Logged(attempt)
    if result is ContactResult.WRONG_NUMBER:
        _wrong_number(session, attempt, now)
        return Logged(attempt)
    if item is None or item.why not in SETTLED_BY_TALK:
        return Logged(attempt)
    until = _again_at(item.why, now, senders.org_of(session, patient.org_id).timezone)
    worklist.snooze(session, item.id, until=until, now=now)
    return Logged(attempt, until)


def undo(session: Session, attempt_id: uuid.UUID, *, now: datetime, item_id: uuid.UUID | None = None) -> None:
    """Take a call back that was written down by mistake, with all it did. Raises TooLateError after ten seconds."""
    attempt = session.scalars(select(ContactAttempt).where(ContactAttempt.id == attempt_id)).one_or_none()
    if attempt is None or attempt.created_by != actor_of(session).user_id:
        raise NotFoundError
    if now > attempt.at + worklist.UNDO:
        raise TooLateError
    for item in session.scalars(select(WorklistItem).where(WorklistItem.done_how == _how(attempt))).all():
        worklist.reopen(session, item)
    if item_id is not None:
        worklist.wake(session, item_id)
    if attempt.result is ContactResult.WRONG_NUMBER:
        people.get(session, attempt.patient_id).phone_flag = None
        worklist.clear_subject(session, _about_number(attempt), now=now)
    audit.record(session, action="contact.undo", subject_kind="patient", subject_id=attempt.patient_id, now=now)
    session.delete(attempt)


def _how(attempt: ContactAttempt) -> str:
    return f"call:{attempt.id}"


def _wrong_number(session: Session, attempt: ContactAttempt, now: datetime) -> None:
    people.get(session, attempt.patient_id).phone_flag = WRONG_NUMBER
    worklist.open_item(session, _about_number(attempt), due_at=now, now=now)


def _about_number(attempt: ContactAttempt) -> About:
    facts: dict[str, object] = {"by": "call"}
    return About(W.WRONG_PERSON, attempt.patient_id, attempt.org_id, facts=facts, of=f"call:{attempt.id}")


def _again_at(why: WhyCode, now: datetime, zone: str) -> datetime:
    """Who asked for a call is tried again the same day; all others on the next business day."""
    soon = now + AGAIN_SOON
    if why is W.PATIENT_WANTS_CALL and business_days.in_office_hours(soon, zone) == soon:
        return soon
    return business_days.opening_of(business_days.next_business_day(now.astimezone(ZoneInfo(zone)).date()), zone)

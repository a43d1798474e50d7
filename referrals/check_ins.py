"""Check-ins on a day of one's own choice, and what is planned to be texted to a patient.

A check-in asks about one send, once, if by then the person has not said more and the send still stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import formatting
from referrals import asking, business_days, outcomes, people, said, schedule, senders, worklist
from referrals.errors import BadInputError, NotFoundError
from referrals.worklist import About
from resources_db import audit
from resources_db.models.messages import Message
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask, SendBatch
from resources_db.vocab import BatchState, MessageState, TaskKind, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

K = TaskKind
ASKED_AT = time(10)
FARTHEST = timedelta(days=366)
TO_PATIENT = (
    *(K.ASK_DAY_3, K.ASK_DAY_10, K.ASK_DAY_30, K.CHECK_IN),
    *(K.APPOINTMENT_REMINDER, K.APPOINTMENT_CHECK, K.TELL_PATIENT),
)
"""Due rows that become a text to the patient."""
MAY_CANCEL = frozenset({K.ASK_DAY_3, K.ASK_DAY_10, K.ASK_DAY_30, K.CHECK_IN, K.APPOINTMENT_REMINDER})
CANCELLED, MOVED = "cancelled", "moved"


@dataclass(frozen=True, slots=True)
class Planned:
    """One text to come, if nothing changes until then."""

    id: uuid.UUID
    kind: TaskKind
    due_at: datetime
    may_cancel: bool


def plan(session: Session, *, patient_id: uuid.UUID, batch_id: uuid.UUID, day: date, now: datetime) -> ReferralTask:
    """Ask the patient about this send on a day, in the morning where the care team is. The same day twice is once.

    Raises BadInputError for a day that has come or lies more than a year ahead, NotFoundError for a foreign send.
    """
    patient = people.get(session, patient_id)
    batch = _batch(session, batch_id)
    if batch.patient_id != patient.id:
        raise NotFoundError
    at = business_days.at(day, ASKED_AT, senders.org_of(session, patient.org_id).timezone)
    if not now < at <= now + FARTHEST:
        raise BadInputError("day", "not_ahead")
    key = f"batch:{batch.id}:{K.CHECK_IN.value}:{day.isoformat()}"
    known = select(ReferralTask).where(ReferralTask.org_id == batch.org_id, ReferralTask.dedupe_key == key)
    task = session.scalars(known).one_or_none()
    if task is None:
        task = ReferralTask(
            org_id=batch.org_id,
            patient_id=patient.id,
            batch_id=batch.id,
            kind=K.CHECK_IN,
            due_at=at,
            dedupe_key=key,
            created_at=now,
        )
        session.add(task)
    elif task.outcome == CANCELLED:
        task.done_at = task.outcome = None
    session.flush()
    audit.record(session, action="checkin.plan", subject_kind="patient", subject_id=patient.id, now=now)
    return task


def planned(session: Session, patient_id: uuid.UUID) -> list[Planned]:
    """What is going to be texted to the patient, the next first; follow-ups of silence are no texts."""
    query = select(ReferralTask).where(
        ReferralTask.patient_id == patient_id, ReferralTask.kind.in_(TO_PATIENT), ReferralTask.done_at.is_(None)
    )
    return [
        Planned(one.id, one.kind, one.due_at, one.kind in MAY_CANCEL)
        for one in session.scalars(query.order_by(ReferralTask.due_at, ReferralTask.id))
        if not one.dedupe_key.endswith(asking.NO_ANSWER)
    ]


def cancel(session: Session, *, patient_id: uuid.UUID, task_id: uuid.UUID, now: datetime) -> None:
    """Do not text this. Nothing happens when it went out in this moment; raises NotFoundError for a foreign one."""
    task = session.scalars(
        select(ReferralTask).where(ReferralTask.id == task_id, ReferralTask.patient_id == patient_id)
    ).one_or_none()
    if task is None or task.kind not in MAY_CANCEL:
        raise NotFoundError
    schedule.cancel_one(session, task.id, now=now)
    audit.record(session, action="checkin.cancel", subject_kind="patient", subject_id=patient_id, now=now)


def sends(session: Session, patient_id: uuid.UUID) -> Sequence[SendBatch]:
    """The sends a check-in can be about, the newest first: they have left, and not all of them was withdrawn."""
    standing = select(Referral.batch_id).where(
        Referral.patient_id == patient_id, Referral.state.not_in(asking.NOT_ASKED)
    )
    query = select(SendBatch).where(
        SendBatch.patient_id == patient_id, SendBatch.state == BatchState.RELEASED, SendBatch.id.in_(standing)
    )
    return session.scalars(query.order_by(SendBatch.created_at.desc())).all()


def fire(session: Session, task: ReferralTask, now: datetime) -> str:
    """The day has come: ask, unless the send is over or the person has said how it went."""
    batch = _batch(session, task.batch_id)
    about = asking.asked_about(session, batch)
    if batch.state is not BatchState.RELEASED or not about:
        return asking.OVER
    if not still_wanted(session, task):
        return asking.ANSWERED
    if texted_today(session, task, now):
        return _tomorrow(session, task, now)
    outcome = asking.check_in(session, task, about[0], now)
    if outcome == asking.NOT_TEXTED:
        _call_instead(session, task, now)
    return outcome


def texted_today(session: Session, task: ReferralTask, now: datetime) -> bool:
    """Whether a text to this patient left today or is about to: a check-in waits for a day of its own."""
    patient = people.get(session, task.patient_id)
    if patient.phone_bix is None:
        return False
    zone = senders.org_of(session, task.org_id).timezone
    today = formatting.local(now, zone).date()
    midnight = business_days.at(today, time(0), zone)
    texts = select(Message.id).where(
        Message.to_bix == patient.phone_bix,
        Message.subject_kind.in_((asking.BATCH, asking.TASK)),
        Message.state.not_in((MessageState.CANCELLED, MessageState.EXPIRED, MessageState.SUPPRESSED)),
        Message.due_at >= midnight,
        Message.due_at < business_days.at(today + timedelta(days=1), time(0), zone),
    )
    return session.scalars(texts).first() is not None


def _tomorrow(session: Session, task: ReferralTask, now: datetime) -> str:
    """Two texts on one day are one too many: the check-in moves to the next day that has none planned."""
    zone = senders.org_of(session, task.org_id).timezone
    taken = {formatting.local(one.due_at, zone).date() for one in planned(session, task.patient_id)}
    day = formatting.local(now, zone).date() + timedelta(days=1)
    while day in taken:
        day += timedelta(days=1)
    assert task.batch_id is not None
    again = plan(session, patient_id=task.patient_id, batch_id=task.batch_id, day=day, now=now)
    again.created_at = task.created_at  # an answer given since the first plan still settles it
    return MOVED


def _call_instead(session: Session, task: ReferralTask, now: datetime) -> None:
    """No text may go out: the check-in becomes a call, and is not forgotten."""
    zone = senders.org_of(session, task.org_id).timezone
    about = About(WhyCode.CONTACT_DUE, task.patient_id, task.org_id)
    worklist.open_item(session, about, due_at=business_days.in_office_hours(now, zone), now=now)


def still_wanted(session: Session, task: ReferralTask) -> bool:
    """Whether the person has said nothing since the check-in was planned, and never that help came or is not needed."""
    told = select(PatientAnswer.word, PatientAnswer.at).where(
        PatientAnswer.batch_id == task.batch_id, PatientAnswer.need_id.is_(None), said.counts()
    )
    settled = {outcomes.Said.HELPED, outcomes.Said.NOT_NEEDED}
    return not any(
        outcomes.said(word) in settled or (word in outcomes.SAID and at > task.created_at)
        for word, at in session.execute(told)
    )


def _batch(session: Session, batch_id: uuid.UUID | None) -> SendBatch:
    batch = session.scalars(select(SendBatch).where(SendBatch.id == batch_id)).one_or_none()
    if batch is None:
        raise NotFoundError
    return batch

"""Asks the patient: did you get help (day 3, 10), is it solved (day 30). A due row becomes a text and a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import outbox, questions
from referrals import (
    business_days,
    lifecycle,
    needs,
    outcomes,
    people,
    said,
    schedule,
    senders,
    texting,
    texts,
    worklist,
)
from referrals.texts import Values
from referrals.worklist import About
from resources_db.models.people import Need
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask, SendBatch
from resources_db.vocab import (
    BatchState,
    HelpWanted,
    NeedStatus,
    Purpose,
    Question,
    ReferralState,
    TaskKind,
    WhyCode,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

ASKED, ANSWERED, OVER, NOT_TEXTED, SILENT = "asked", "answered", "over", "not_texted", "silent"
PATIENT = "patient"
BATCH, TASK = "send_batch", "referral_task"
NO_ANSWER = ":no_answer"
WAIT_DAYS = 3
QUESTION_OF = {TaskKind.ASK_DAY_3: Question.DAY_3, TaskKind.ASK_DAY_10: Question.DAY_10}
NOT_ASKED = frozenset({ReferralState.DRAFT, ReferralState.ERROR, ReferralState.WITHDRAWN})


def ask_help(session: Session, task: ReferralTask, now: datetime) -> str:
    """Day 3 and day 10. Two questions without an answer: somebody should call."""
    batch = session.get_one(SendBatch, task.batch_id)
    about = asked_about(session, batch)
    if batch.state is not BatchState.RELEASED or not about:
        return OVER
    if has_answered(session, batch):
        return ANSWERED
    if task.dedupe_key.endswith(NO_ANSWER):
        return _call_them(session, task, now)
    outcome = _nudge(session, task, batch, about[0], QUESTION_OF[task.kind], now)
    if task.kind is TaskKind.ASK_DAY_10:
        _wait_for_answer(session, task, now)
    return outcome


def ask_appointment(session: Session, task: ReferralTask, now: datetime) -> str:
    """The day after an agreed date: did it happen? Both sides are asked, and it stands on the list until one says."""
    referral = session.get_one(Referral, task.referral_id)
    if referral.state is not ReferralState.SCHEDULED:
        return OVER
    schedule.ask_agency(session, referral, of=f"visit:{schedule.day_key(referral)}", due_at=now, now=now)
    facts: dict[str, object] = {"state": referral.state.value, "on": str(referral.next_on)}
    about = About(WhyCode.NO_NEXT_STEP, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts)
    zone = senders.org_of(session, task.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
    if referral.batch_id is None:
        return NOT_TEXTED
    batch = session.get_one(SendBatch, referral.batch_id)
    return _nudge(session, task, batch, referral, Question.APPOINTMENT, now)


def ask_need(session: Session, task: ReferralTask, now: datetime) -> str:
    """Day 30: is the problem solved?"""
    need = session.get_one(Need, task.need_id)
    if need.status not in needs.OPEN or task.batch_id is None:
        return OVER
    referral = session.get_one(Referral, task.referral_id)
    return _text(session, task, referral, Purpose.SOLVED, Question.DAY_30, TASK, now)


def need_unsure(session: Session, task: ReferralTask, now: datetime) -> str:
    """Day 45 without an answer: nobody knows, and that is what reports show. Somebody asks at the next talk."""
    need = session.get_one(Need, task.need_id)
    if need.status not in needs.OPEN or need.help_wanted is HelpWanted.NO:
        return OVER
    told = select(PatientAnswer.id).where(PatientAnswer.need_id == need.id, PatientAnswer.at >= task.created_at)
    if session.scalars(told.where(said.counts())).first() is not None:
        return ANSWERED
    needs.set_status(session, need, NeedStatus.UNKNOWN, method="no_answer", now=now)
    about = About(WhyCode.NEED_UNSURE, task.patient_id, task.org_id, need_id=need.id)
    zone = senders.org_of(session, task.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
    return SILENT


def has_answered(session: Session, batch: SendBatch) -> bool:
    """Whether the patient said anything about the help of this batch."""
    told = select(PatientAnswer.id).where(
        PatientAnswer.batch_id == batch.id, PatientAnswer.word.in_(outcomes.SAID), PatientAnswer.need_id.is_(None)
    )
    return session.scalars(told.where(said.counts())).first() is not None


def check_in(session: Session, task: ReferralTask, referral: Referral, now: datetime) -> str:
    """Ask on a day of staff's choice. The question is about this row, so that earlier answers do not settle it."""
    return _text(session, task, referral, Purpose.NUDGE, Question.OPEN, TASK, now)


def asked_about(session: Session, batch: SendBatch) -> list[Referral]:
    """The referrals of a send a person can be asked about, those under way first."""
    query = select(Referral).where(Referral.batch_id == batch.id, Referral.state.not_in(NOT_ASKED))
    found = session.scalars(query.order_by(Referral.created_at, Referral.ref)).all()
    return sorted(found, key=lambda referral: referral.state not in lifecycle.OPEN)


def _nudge(
    session: Session, task: ReferralTask, batch: SendBatch, referral: Referral, question: Question, now: datetime
) -> str:
    task.batch_id = batch.id
    return _text(session, task, referral, Purpose.NUDGE, question, BATCH, now)


def _text(
    session: Session,
    task: ReferralTask,
    referral: Referral,
    purpose: Purpose,
    question: Question,
    subject_kind: str,
    now: datetime,
) -> str:
    patient = people.get(session, task.patient_id)
    if not texting.state(session, patient).allowed:
        return NOT_TEXTED
    assert task.batch_id is not None
    subject_id = task.batch_id if subject_kind == BATCH else task.id
    batch = session.get_one(SendBatch, task.batch_id)
    sender = senders.of_patient(session, task.org_id, patient.id)
    text = texts.render(purpose, batch.language, sender, Values(ref=referral.ref))
    questions.ask(
        session,
        org_id=task.org_id,
        phone=patient.phone,
        subject_kind=subject_kind,
        subject_id=subject_id,
        role=PATIENT,
        now=now,
        question=question.value,
    )
    outbox.enqueue_text(
        session,
        org_id=task.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=purpose,
        subject_kind=subject_kind,
        subject_id=subject_id,
        dedupe_key=f"task:{task.id}",
        now=now,
    )
    return ASKED


def _wait_for_answer(session: Session, task: ReferralTask, now: datetime) -> None:
    zone = senders.org_of(session, task.org_id).timezone
    session.add(
        ReferralTask(
            org_id=task.org_id,
            patient_id=task.patient_id,
            batch_id=task.batch_id,
            kind=TaskKind.ASK_DAY_10,
            due_at=business_days.same_wall_time(now, WAIT_DAYS, zone),
            dedupe_key=f"batch:{task.batch_id}{NO_ANSWER}",
            created_at=now,
        )
    )


def _call_them(session: Session, task: ReferralTask, now: datetime) -> str:
    about = About(WhyCode.NO_ANSWER_TWICE, task.patient_id, task.org_id, facts={"batch": str(task.batch_id)})
    zone = senders.org_of(session, task.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
    return SILENT

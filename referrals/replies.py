"""What a digit from a patient means for a referral: it answers the open question. So do words, once a person read them.

Where words go before that: `phone_words`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import outbox, questions
from messaging.inbound import number_of
from messaging.opt_out import Kind
from referrals import asking, by, progress, senders, texts, worklist
from referrals.answers import PatientSays
from referrals.errors import NotFoundError
from referrals.worklist import About
from resources_db.models.messages import InboundMessage, SmsQuestion
from resources_db.models.referrals import ReferralTask, SendBatch
from resources_db.tenancy import actor_of
from resources_db.vocab import PatientWord, Purpose, Question, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading

P = PatientWord
HELP_WORDS = {1: P.GOT_HELP, 2: P.NOT_YET, 3: P.OTHER_HELP}
SOLVED_WORDS = {1: P.SOLVED, 2: P.PARTLY_SOLVED, 3: P.NOT_SOLVED}
REPLY_OF = {
    P.GOT_HELP: Purpose.ANSWER_1,
    P.SOLVED: Purpose.ANSWER_1,
    P.NOT_YET: Purpose.ANSWER_2,
    P.PARTLY_SOLVED: Purpose.ANSWER_2,
    P.NOT_SOLVED: Purpose.ANSWER_2,
    P.OTHER_HELP: Purpose.ANSWER_3,
}


def digit(session: Session, inbound: InboundMessage, reading: Reading, question: SmsQuestion) -> bool:
    """Take a digit as the patient's answer to the open question. False when it is none of its answers."""
    asked = Question(question.question)
    word = answers_of(asked).get(reading.digit or 0)
    about = _about(session, question)
    if word is None or about is None:
        return False
    batch, need_id = about
    says = PatientSays(word, question=asked, language=batch.language, need_id=need_id)
    told = progress.answer(session, batch.id, says=says, by=by.PATIENT_SMS, key=f"inbound:{inbound.id}", now=inbound.at)
    if not told.already:
        _reply(session, inbound, batch, word)
    return True


def meant(session: Session, *, patient_id: uuid.UUID, inbound_id: uuid.UUID, number: int, now: datetime) -> PatientWord:
    """A person has read words as an answer to the question that was open: kept as the patient's word, once.

    Raises NotFoundError when the text was no reply to a question, or the question has its answer.
    """
    same = InboundMessage.id == inbound_id, InboundMessage.patient_id == patient_id
    inbound = session.scalars(select(InboundMessage).where(*same)).one_or_none()
    question = open_to(session, inbound) if inbound is not None else None
    about = _about(session, question) if question is not None else None
    if inbound is None or question is None or about is None:
        raise NotFoundError
    asked = Question(question.question)
    word = answers_of(asked).get(number)
    if word is None or not questions.answered(session, question, now):
        raise NotFoundError
    batch, need_id = about
    says = PatientSays(word, question=asked, text=inbound.body, language=batch.language, need_id=need_id)
    progress.answer(session, batch.id, says=says, by=by.PATIENT_SMS, key=f"inbound:{inbound.id}", now=now)
    inbound.handled_at, inbound.handled_by = now, actor_of(session).user_id
    item = About(WhyCode.PATIENT_WROTE, patient_id, inbound.org_id, of=str(inbound.id))
    worklist.clear_subject(session, item, now=now)
    return word


def open_to(session: Session, inbound: InboundMessage) -> SmsQuestion | None:
    """The question that words may have answered: it was open when they came, and still is."""
    if inbound.question_id is None or inbound.read_as != Kind.FREE:
        return None
    question = session.get(SmsQuestion, inbound.question_id)
    waits = question is not None and question.role == questions.PATIENT and question.closed_at is None
    return question if waits else None


def answers_of(asked: Question) -> dict[int, PatientWord]:
    """What the digits mean as answers to a question."""
    return SOLVED_WORDS if asked is Question.DAY_30 else HELP_WORDS


def _about(session: Session, question: SmsQuestion) -> tuple[SendBatch, uuid.UUID | None] | None:
    if question.subject_kind == asking.BATCH:
        batch = session.get(SendBatch, question.subject_id)
        return (batch, None) if batch is not None else None
    task = session.get(ReferralTask, question.subject_id)
    if task is None or task.batch_id is None:
        return None
    return session.get_one(SendBatch, task.batch_id), task.need_id


def _reply(session: Session, inbound: InboundMessage, batch: SendBatch, word: PatientWord) -> None:
    sender = senders.of_patient(session, batch.org_id, batch.patient_id)
    text = texts.render(REPLY_OF[word], batch.language, sender)
    outbox.enqueue_text(
        session,
        org_id=batch.org_id,
        to=number_of(inbound),
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="inbound_message",
        subject_id=inbound.id,
        dedupe_key=f"inbound:{inbound.id}:answer",
        now=inbound.at,
        replies_to_inbound=True,
    )

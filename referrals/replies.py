"""What a digit from a patient means for a referral: it answers the open question. Words: `phone_words`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from messaging import outbox
from messaging.inbound import number_of
from referrals import asking, by, progress, senders, texts
from referrals.answers import PatientSays
from resources_db.models.referrals import ReferralTask, SendBatch
from resources_db.vocab import PatientWord, Purpose, Question

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.models.messages import InboundMessage, SmsQuestion

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
    word = (SOLVED_WORDS if asked is Question.DAY_30 else HELP_WORDS).get(reading.digit or 0)
    about = _about(session, question)
    if word is None or about is None:
        return False
    batch, need_id = about
    says = PatientSays(word, question=asked, language=batch.language, need_id=need_id)
    told = progress.answer(session, batch.id, says=says, by=by.PATIENT_SMS, key=f"inbound:{inbound.id}", now=inbound.at)
    if not told.already:
        _reply(session, inbound, batch, word)
    return True


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

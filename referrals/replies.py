"""What a text from a patient means for a referral: a digit answers the open question, words go to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from messaging import outbox
from messaging.inbound import number_of
from referrals import asking, business_days, by, progress, senders, texts, worklist
from referrals.answers import PatientSays
from referrals.worklist import About
from resources_db.models.referrals import ReferralTask, SendBatch
from resources_db.vocab import PatientWord, Purpose, Question, Tier, WhyCode

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


def free_text(session: Session, inbound: InboundMessage, reading: Reading) -> None:
    """Words for a person: on the list of whoever leads the patient, on top when they speak of danger."""
    if inbound.patient_id is None:
        return  # a number nobody knows, or several people's: it stands in the inbox of the org
    why = WhyCode.MAY_WANT_STOP if reading.kind == "hold" else WhyCode.PATIENT_WROTE
    zone = senders.org_of(session, inbound.org_id).timezone
    about = About(
        why,
        inbound.patient_id,
        inbound.org_id,
        facts={"inbound": str(inbound.id), "danger": reading.danger},
        words=inbound.body,
        of=str(inbound.id),
    )
    urgent = reading.danger or why is WhyCode.MAY_WANT_STOP
    due_at = inbound.at if urgent else business_days.later(inbound.at, 1, zone)
    item = worklist.open_item(session, about, due_at=due_at, now=inbound.at)
    if urgent:
        item.tier = Tier.TODAY


def stopped(session: Session, inbound: InboundMessage) -> None:
    """STOP: all texts have ended already; somebody may call, without blame."""
    if inbound.patient_id is None:
        return
    zone = senders.org_of(session, inbound.org_id).timezone
    about = About(WhyCode.STOPPED_TEXTS, inbound.patient_id, inbound.org_id)
    worklist.open_item(session, about, due_at=business_days.later(inbound.at, 1, zone), now=inbound.at)


def asked_for_help(session: Session, inbound: InboundMessage) -> None:
    """HELP may be a cry for help: a quiet line on the list."""
    if inbound.patient_id is None:
        return
    zone = senders.org_of(session, inbound.org_id).timezone
    about = About(
        WhyCode.PATIENT_WANTS_CALL, inbound.patient_id, inbound.org_id, facts={"by": "help"}, of=str(inbound.patient_id)
    )
    worklist.open_item(session, about, due_at=business_days.later(inbound.at, 1, zone), now=inbound.at)


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

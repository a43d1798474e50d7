"""The patient's word: stored beside the agency's, never instead of it. It opens items and may settle a need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import questions
from referrals import events, outcomes, schedule
from referrals.by import By
from referrals.errors import NotFoundError
from resources_db.models.referrals import PatientAnswer, Referral, SendBatch
from resources_db.vocab import Channel, EventKind, PatientReason, PatientWord, Question, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

NOT_SENT = frozenset({ReferralState.DRAFT, ReferralState.ERROR})


@dataclass(frozen=True, slots=True)
class PatientSays:
    """One answer. About one referral, or about a whole batch (a text's digit cannot say which place it means)."""

    word: PatientWord
    question: Question = Question.OPEN
    reason: PatientReason | None = None
    text: str = ""
    language: str = "en"
    referral_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer. `already`: the same form or text had said it before."""

    answer: PatientAnswer
    referrals: tuple[Referral, ...]
    already: bool = False


def store(session: Session, batch_id: uuid.UUID, *, says: PatientSays, by: By, key: str, now: datetime) -> Answered:
    """Write the answer, and an event on each referral it is about. What follows is in `progress.answer`."""
    batch = session.scalars(select(SendBatch).where(SendBatch.id == batch_id).with_for_update()).one_or_none()
    if batch is None:
        raise NotFoundError
    known = _with_key(session, batch.org_id, key)
    about = about_of(session, batch, says.referral_id)
    if known is not None:
        return Answered(known, about, already=True)
    only = about[0].id if len(about) == 1 and says.need_id is None else None
    answer = PatientAnswer(
        org_id=batch.org_id,
        patient_id=batch.patient_id,
        referral_id=says.referral_id or only,
        need_id=says.need_id,
        batch_id=batch.id,
        question=says.question,
        word=says.word,
        reason=says.reason,
        text=says.text.strip(),
        language=says.language,
        channel=by.channel,
        idempotency_key=key,
        at=now,
    )
    session.add(answer)
    session.flush()
    for referral in about:
        _note(session, referral, answer, by, now)
    if says.word in outcomes.SAID:
        schedule.cancel_questions(session, batch_id=batch.id, now=now)
        if by.channel is not Channel.SMS:  # a digit's own question is closed by messaging
            questions.close_about(session, "send_batch", batch.id, now)
    return Answered(answer, about)


def _with_key(session: Session, org_id: uuid.UUID, key: str) -> PatientAnswer | None:
    same = select(PatientAnswer).where(PatientAnswer.org_id == org_id, PatientAnswer.idempotency_key == key)
    return session.scalars(same).one_or_none()


def about_of(session: Session, batch: SendBatch, referral_id: uuid.UUID | None) -> tuple[Referral, ...]:
    """The referrals of a send an answer is about: the one it names, else all that were sent."""
    found: Sequence[Referral] = session.scalars(
        select(Referral).where(Referral.batch_id == batch.id).order_by(Referral.created_at, Referral.id)
    ).all()
    sent = tuple(referral for referral in found if referral.state not in NOT_SENT)
    if referral_id is None:
        return sent
    chosen = tuple(referral for referral in sent if referral.id == referral_id)
    if not chosen:
        raise NotFoundError
    return chosen


def _note(session: Session, referral: Referral, answer: PatientAnswer, by: By, now: datetime) -> None:
    # Held, so that the event's number is free; a patient's word leaves state and version as they are.
    session.execute(select(Referral.id).where(Referral.id == referral.id).with_for_update())
    events.append(
        session,
        referral,
        kind=EventKind.ANSWER,
        by=by,
        key=f"answer:{answer.id}",
        now=now,
        text=answer.text,
        facts={
            "answer_id": str(answer.id),
            "question": answer.question.value,
            "word": answer.word.value,
            "reason": answer.reason.value if answer.reason else None,
        },
    )

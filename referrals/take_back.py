"""A patient pressed the wrong button: within minutes the answer is taken back, and with it what followed from it.

The answer itself stays (nothing of a history is deleted); a row beside it and an event say that it counts no more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from referrals import events, outcomes, said, two_sided
from referrals.answers import about_of
from referrals.errors import NotFoundError, TooLateError
from resources_db.models.people import Need, NeedEvent
from resources_db.models.referrals import (
    AnswerTakenBack,
    PatientAnswer,
    Referral,
    ReferralTask,
    SendBatch,
    ServiceRequest,
    WorklistItem,
)
from resources_db.tenancy import actor_of
from resources_db.vocab import EventKind, NeedStatus, PatientWord, RequestStatus, TaskKind

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.by import By

WITHIN = timedelta(minutes=10)
NEVER = frozenset({PatientWord.WRONG_PERSON})
"""Its page is closed at once: there is no way back by it."""
TAKEN_BACK = "taken_back"
QUESTIONS = (TaskKind.ASK_DAY_3, TaskKind.ASK_DAY_10)
PLANNED = (TaskKind.ASK_DAY_30, TaskKind.NEED_UNSURE, TaskKind.AGENCY_CONFIRM)
"""What a patient's word plans: the question about the need, and the one to the agency."""


def may(answer: PatientAnswer, now: datetime) -> bool:
    """Whether there is still time."""
    return answer.word not in NEVER and now - answer.at <= WITHIN


def take_back(session: Session, batch_id: uuid.UUID, answer_id: uuid.UUID, *, by: By, now: datetime) -> None:
    """The answer counts no more; twice is once. Raises NotFoundError, and TooLateError after ten minutes."""
    batch = session.scalars(select(SendBatch).where(SendBatch.id == batch_id).with_for_update()).one_or_none()
    same = select(PatientAnswer).where(PatientAnswer.id == answer_id, PatientAnswer.batch_id == batch_id)
    answer = session.scalars(same).one_or_none()
    if batch is None or answer is None:
        raise NotFoundError
    if _is_back(session, answer):
        return
    if not may(answer, now):
        raise TooLateError
    session.add(AnswerTakenBack(org_id=answer.org_id, answer_id=answer.id, at=now))
    session.flush()
    about = about_of(session, batch, answer.referral_id)
    for referral in about:
        _note(session, referral, answer, by, now)
    _set_back_tasks(session, batch, answer, now)
    if answer.need_id is not None:
        _set_back_need(session, answer, now)
    _set_back_items(session, answer, about, now)


def _is_back(session: Session, answer: PatientAnswer) -> bool:
    return session.scalars(select(AnswerTakenBack.id).filter_by(answer_id=answer.id)).first() is not None


def _note(session: Session, referral: Referral, answer: PatientAnswer, by: By, now: datetime) -> None:
    session.execute(select(Referral.id).where(Referral.id == referral.id).with_for_update())
    facts: dict[str, object] = {"answer_id": str(answer.id), TAKEN_BACK: answer.word.value}
    key = f"{TAKEN_BACK}:{answer.id}"
    events.append(session, referral, kind=EventKind.CORRECTION, by=by, key=key, now=now, facts=facts)


def _set_back_tasks(session: Session, batch: SendBatch, answer: PatientAnswer, now: datetime) -> None:
    """What the answer planned is dropped; the questions it ended are asked again, unless another word stands."""
    ids = select(Referral.id).where(Referral.batch_id == batch.id)
    planned = update(ReferralTask).where(
        ReferralTask.created_at == answer.at,
        ReferralTask.kind.in_(PLANNED),
        ReferralTask.done_at.is_(None),
        (ReferralTask.batch_id == batch.id) | ReferralTask.referral_id.in_(ids),
    )
    session.execute(planned.values(done_at=now, outcome="cancelled").execution_options(synchronize_session=False))
    if answer.word not in outcomes.SAID or _another_word(session, batch):
        return
    ended = update(ReferralTask).where(
        ReferralTask.batch_id == batch.id,
        ReferralTask.kind.in_(QUESTIONS),
        ReferralTask.outcome == "cancelled",
        ReferralTask.done_at == answer.at,
        ReferralTask.due_at > now,
    )
    session.execute(ended.values(done_at=None, outcome=None).execution_options(synchronize_session=False))


def _another_word(session: Session, batch: SendBatch) -> bool:
    told = select(PatientAnswer.id).where(
        PatientAnswer.batch_id == batch.id,
        PatientAnswer.word.in_(outcomes.SAID),
        PatientAnswer.need_id.is_(None),
        said.counts(),
    )
    return session.scalars(told).first() is not None


def _set_back_need(session: Session, answer: PatientAnswer, now: datetime) -> None:
    """The need is again what it was before the answer, if nothing else happened to it since."""
    query = select(NeedEvent).where(NeedEvent.need_id == answer.need_id)
    newest = session.scalars(query.order_by(NeedEvent.at.desc(), NeedEvent.id.desc()).limit(1)).first()
    need = session.get(Need, answer.need_id)
    if need is None or newest is None or newest.at != answer.at or newest.from_status is None:
        return
    before, need.status = need.status, NeedStatus(newest.from_status)
    need.met_at = need.met_method = need.closed_at = None
    actor = actor_of(session)
    session.add(
        NeedEvent(
            org_id=need.org_id,
            need_id=need.id,
            from_status=before.value,
            to_status=need.status.value,
            method=TAKEN_BACK,
            actor_kind=actor.kind.value,
            actor_id=actor.user_id,
            at=now,
        )
    )
    closed = select(ServiceRequest).where(ServiceRequest.need_id == need.id, ServiceRequest.closed_at == answer.at)
    for request in session.scalars(closed):
        request.status, request.closed_at = RequestStatus.ACTIVE, None


def _set_back_items(session: Session, answer: PatientAnswer, about: tuple[Referral, ...], now: datetime) -> None:
    """Items the answer opened go, those it settled come back; where the agency spoke since, the words are read anew."""
    own = WorklistItem.patient_id == answer.patient_id
    opened = select(WorklistItem).where(own, WorklistItem.created_at == answer.at, WorklistItem.done_at.is_(None))
    for item in session.scalars(opened).all():
        item.done_at, item.done_how = now, "fact"
    session.flush()
    still_open = set(session.scalars(select(WorklistItem.subject).where(own, WorklistItem.done_at.is_(None))))
    settled = select(WorklistItem).where(own, WorklistItem.done_at == answer.at, WorklistItem.done_how == "fact")
    for item in session.scalars(settled).all():
        if item.subject not in still_open:
            item.done_at = item.done_how = None
    for referral in about:
        last = events.last_move(session, referral.id)
        if last is not None and last.recorded_at > answer.at:
            two_sided.settle(session, referral, now=now)

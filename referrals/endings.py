"""One action for a whole patient: died, moved away, was put in the wrong record, or must not be contacted.

All open referrals are withdrawn, sends that wait are taken back, nothing more is texted or asked, every page closes,
and agencies are told neutrally to stop. What was written stays. `reopen` undoes the closing, never the withdrawals:
agencies were told.
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import outbox, questions
from referrals import by, create, lifecycle, links, needs, people, progress, revocation, worklist
from resources_db import audit
from resources_db.models.messages import Message
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, ReferralTask, SendBatch
from resources_db.vocab import BatchState, MessageState, NeedStatus, Reason, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient


@unique
class Ending(StrEnum):
    """What happened; the stored words of `patient.closed_why`. The last one closes nothing: it stops contact."""

    DIED = "died"
    MOVED = "moved"
    WRONG_RECORD = "wrong_record"
    UNSAFE = "unsafe"


REASON = {
    Ending.DIED: Reason.DIED,
    Ending.MOVED: Reason.CLIENT_MOVED,
    Ending.WRONG_RECORD: Reason.WRONG_PATIENT,
    Ending.UNSAFE: Reason.UNSAFE_CONTACT,
}
KEPT = frozenset({WhyCode.WRONG_PATIENT, WhyCode.NOTICE_NOT_CONFIRMED, WhyCode.MANUAL})
"""Items that are work still: agencies nobody could tell, the privacy officer's, and what people wrote themselves."""


def end(session: Session, patient_id: uuid.UUID, ending: Ending, *, key: str, now: datetime) -> int:
    """Do all of it, in the caller's transaction; gives how many referrals were withdrawn. Twice is once."""
    patient = people.get(session, patient_id, lock=True)
    if patient.closed_at is not None or (ending is Ending.UNSAFE and patient.contact_prohibited):
        return 0
    if ending is Ending.UNSAFE:
        patient.contact_prohibited = True
    else:
        patient.closed_at, patient.closed_why = now, ending.value
    patient.version += 1
    session.flush()  # from here on no text and no send is allowed, whatever follows
    _take_back_sends(session, patient, key, now)
    settled = set(WhyCode) - KEPT
    worklist.clear_patient(session, patient_id=patient.id, whys=settled, now=now)
    withdrawn = revocation.withdraw_all(
        session, patient.id, reason=REASON[ending], key=f"{key}:{ending.value}", now=now
    )
    _stop_asking(session, patient, now)
    _stop_texts(session, patient, now)
    links.revoke_patient(session, patient_id=patient.id, now=now)
    if ending is Ending.DIED:
        _close_needs(session, patient, now)
    audit.record(session, action=f"patient.{ending.value}", subject_kind="patient", subject_id=patient.id, now=now)
    return withdrawn


def reopen(session: Session, patient_id: uuid.UUID, *, now: datetime) -> Patient:
    """It was a mistake, the person is back, or contact is safe again. What was withdrawn stays withdrawn."""
    patient = people.get(session, patient_id, lock=True)
    if patient.closed_at is None and not patient.contact_prohibited:
        return patient
    patient.closed_at = patient.closed_why = None
    patient.contact_prohibited = False
    patient.version += 1
    audit.record(session, action="patient.reopen", subject_kind="patient", subject_id=patient.id, now=now)
    session.flush()
    return patient


def withdrawn_by(session: Session, patient_id: uuid.UUID, since: datetime) -> Sequence[Referral]:
    """The referrals that were withdrawn when the record was closed: those to send anew after a mistake."""
    query = select(Referral).where(
        Referral.patient_id == patient_id,
        Referral.state == ReferralState.WITHDRAWN,
        Referral.terminal_at >= since,
    )
    return session.scalars(query.order_by(Referral.created_at, Referral.id)).all()


def open_count(session: Session, patient_id: uuid.UUID) -> int:
    """How many referrals agencies have now."""
    query = select(Referral.id).where(Referral.patient_id == patient_id, Referral.state.in_(lifecycle.WITH_AGENCY))
    return len(session.scalars(query).all())


def _take_back_sends(session: Session, patient: Patient, key: str, now: datetime) -> None:
    """What waits its ten seconds does not leave; unsent drafts are thrown away."""
    waiting = select(SendBatch.id).where(SendBatch.patient_id == patient.id, SendBatch.state == BatchState.WAITING)
    for batch_id in session.scalars(waiting).all():
        create.undo(session, batch_id, now=now)
    drafts = select(Referral.id).where(Referral.patient_id == patient.id, Referral.state == ReferralState.DRAFT)
    for referral_id in session.scalars(drafts).all():
        progress.move(session, referral_id, to=ReferralState.ERROR, by=by.NAVIGATOR, key=f"{key}:draft", now=now)


def _stop_asking(session: Session, patient: Patient, now: datetime) -> None:
    """No question, no news, no check-in any more; the agencies' word that they stopped is still waited for."""
    ours = (ReferralTask.patient_id == patient.id, ReferralTask.done_at.is_(None))
    for task in session.scalars(select(ReferralTask).where(*ours)).all():
        if not task.dedupe_key.endswith(":stop"):
            task.done_at, task.outcome = now, "cancelled"
            questions.close_about(session, "referral_task", task.id, now)
    for batch_id in session.scalars(select(SendBatch.id).where(SendBatch.patient_id == patient.id)).all():
        questions.close_about(session, "send_batch", batch_id, now)
    session.flush()


def _stop_texts(session: Session, patient: Patient, now: datetime) -> None:
    """What was promised and has not left is taken back: texts to this person, not to others who share the number."""
    batches = select(SendBatch.id).where(SendBatch.patient_id == patient.id)
    tasks = select(ReferralTask.id).where(ReferralTask.patient_id == patient.id)
    about = {
        "patient": Message.subject_id == patient.id,
        "send_batch": Message.subject_id.in_(batches),
        "referral_task": Message.subject_id.in_(tasks),
    }
    for kind, theirs in about.items():
        promised = (Message.org_id == patient.org_id, Message.subject_kind == kind, theirs)
        query = select(Message).where(*promised, Message.state == MessageState.QUEUED)
        for message in session.scalars(query).all():
            outbox.cancel(session, message, now)


def _close_needs(session: Session, patient: Patient, now: datetime) -> None:
    """Needs of somebody who died are wanted no more; they stay in the numbers as not met."""
    query = select(Need).where(Need.patient_id == patient.id, Need.status.in_(needs.OPEN))
    for need in session.scalars(query).all():
        needs.set_status(session, need, NeedStatus.UNMET_CLOSED, method=Ending.DIED.value, now=now)

"""One press of Send: drafts, frozen text, link and release job in one transaction; ten seconds to undo; then it leaves.

Until the release nothing has left the house. The same form pressed twice is one send.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from referrals import by, drafts, links, people, progress, texting, worklist
from referrals import prepare as preparing
from referrals.drafts import NOTHING_MORE, Choice, Wish
from referrals.errors import BadInputError, NotFoundError, NotSendableError, TooLateError, Why
from referrals.prepare import Draft, Place, prepare
from referrals.release import due_batches, release
from referrals.worklist import About
from resources_db import audit, jobs
from resources_db.models.referrals import Referral, SendBatch
from resources_db.tenancy import actor_of
from resources_db.vocab import BatchState, Priority, Purpose, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient

__all__ = ["Choice", "Draft", "Place", "Wish", "discard", "due_batches", "prepare", "release", "send", "undo"]

UNDO = timedelta(seconds=10)
UNSENT = {Priority.ROUTINE: timedelta(days=7), Priority.URGENT: timedelta(days=1)}
"""How long a send that was taken back may lie before somebody is asked about it."""
SHORTEST_KEY = 16


def send(
    session: Session,
    *,
    patient_id: uuid.UUID,
    choices: Sequence[Choice],
    form_key: str,
    now: datetime,
    wish: Wish = NOTHING_MORE,
) -> SendBatch:
    """Store what is to leave in ten seconds, all or nothing: a place that must not be sent raises NotSendableError."""
    if len(form_key) < SHORTEST_KEY:
        raise BadInputError("form_key", "too_short")
    patient = people.get(session, patient_id, lock=True)
    pressed = _pressed(session, form_key)  # under the lock: the same form in another request has ended by now
    if pressed is not None and pressed.patient_id != patient.id:
        raise BadInputError("form_key", "used")
    if pressed is not None:
        return pressed
    _same_patient(session, patient, choices)
    places = _checked(session, patient, choices, wish, now)
    batch = _batch(session, patient, places, form_key, wish, now)
    chosen = {choice.key: choice for choice in choices}
    kept = [drafts.write(session, batch, place, chosen[place.listing.key], wish, now=now) for place in places]
    _discard_unsent(session, batch, kept, now)
    audit.record(session, action="referral.send", subject_kind="send_batch", subject_id=batch.id, now=now)
    jobs.enqueue(session, jobs.JobName.RELEASE_BATCH, batch.id, run=batch.run, delay_seconds=UNDO.total_seconds())
    return batch


def undo(session: Session, batch_id: uuid.UUID, *, now: datetime) -> SendBatch:
    """Take a send back before it leaves: compare-and-swap, so it has left or it has not. Twice is once."""
    batch = _batch_of(session, batch_id)
    if batch.state is BatchState.UNDONE:
        return batch
    swapped = session.execute(
        update(SendBatch)
        .where(SendBatch.id == batch.id, SendBatch.state == BatchState.WAITING)
        .values(state=BatchState.UNDONE, decided_at=now)
        .returning(SendBatch.id)
        .execution_options(synchronize_session=False)
    ).first()
    if swapped is None:
        raise TooLateError
    session.refresh(batch)
    links.revoke(session, subject_id=batch.id, now=now)
    about = About(WhyCode.UNSENT_DRAFT, batch.patient_id, batch.org_id, of=str(batch.patient_id))
    urgent = select(Referral.id).where(Referral.batch_id == batch.id, Referral.priority == Priority.URGENT)
    priority = Priority.ROUTINE if session.scalars(urgent).first() is None else Priority.URGENT
    worklist.open_item(session, about, due_at=now + UNSENT[priority], now=now)
    audit.record(session, action="referral.undo", subject_kind="send_batch", subject_id=batch.id, now=now)
    return batch


def discard(session: Session, referral_id: uuid.UUID, *, key: str, now: datetime) -> Referral:
    """Throw a draft away. What was sent cannot be thrown away, only withdrawn."""
    return progress.move(session, referral_id, to=ReferralState.ERROR, by=by.NAVIGATOR, key=key, now=now).referral


def _pressed(session: Session, form_key: str) -> SendBatch | None:
    return session.scalars(select(SendBatch).where(SendBatch.idempotency_key == form_key)).one_or_none()


def _batch_of(session: Session, batch_id: uuid.UUID) -> SendBatch:
    query = select(SendBatch).where(SendBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFoundError
    return batch


def _checked(
    session: Session, patient: Patient, choices: Sequence[Choice], wish: Wish, now: datetime
) -> tuple[Place, ...]:
    if not choices:
        raise NotSendableError(Why.NO_PLACES)
    keys = list(dict.fromkeys(choice.key for choice in choices))
    answering = {choice.key: choice.subneed for choice in choices if choice.subneed}
    places = preparing.places_of(session, patient, keys, wanted=wish.wanted, answering=answering, now=now)
    for place in places:
        problem = place.problem or drafts.already_open(session, place)
        if problem is not None:
            raise NotSendableError(problem, str(place.listing.key))
    return places


def _same_patient(session: Session, patient: Patient, choices: Sequence[Choice]) -> None:
    """An attempt follows an earlier one of the same person, never of anybody else."""
    for previous_id in {choice.previous_id for choice in choices if choice.previous_id is not None}:
        if progress.seen(session, previous_id).patient_id != patient.id:
            raise NotFoundError


def _batch(
    session: Session, patient: Patient, places: Sequence[Place], form_key: str, wish: Wish, now: datetime
) -> SendBatch:
    language = wish.language or patient.language
    token = links.token_of_form(form_key)
    batch = SendBatch(
        org_id=patient.org_id,
        patient_id=patient.id,
        state=BatchState.WAITING,
        run=0,
        releasing_at=now + UNDO,
        language=language,
        purpose=Purpose.REFERRAL.value,
        with_person=wish.with_person,
        bundle_id=wish.bundle_id,
        idempotency_key=form_key,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    allowed = texting.state(session, patient)
    if wish.text and allowed.allowed:
        text = preparing.text_of(session, patient, places, allowed, token, language, now)
        batch.body, batch.purpose, batch.to = text.body, text.purpose.value, patient.phone
        batch.language = text.language
    session.add(batch)
    session.flush()  # the link opens the batch, the batch names the link
    batch.link_id = links.issue(session, links.of_batch(batch, patient), now=now, token=token)[0].id
    session.flush()
    return batch


def _discard_unsent(session: Session, batch: SendBatch, kept: Sequence[Referral], now: datetime) -> None:
    """A new send replaces what was undone or blocked before: those drafts do not lie about."""
    ids = {referral.id for referral in kept}
    left_over = (
        select(Referral.id)
        .join(SendBatch, SendBatch.id == Referral.batch_id)
        .where(
            Referral.patient_id == batch.patient_id,
            Referral.state == ReferralState.DRAFT,
            SendBatch.state.in_((BatchState.UNDONE, BatchState.BLOCKED)),
        )
    )
    for referral_id in session.scalars(left_over).all():
        if referral_id not in ids:
            discard(session, referral_id, key=f"replaced:{batch.id}", now=now)
    settled = (WhyCode.UNSENT_DRAFT, WhyCode.SEND_BLOCKED)
    worklist.clear_patient(session, patient_id=batch.patient_id, whys=settled, now=now)

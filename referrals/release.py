"""The moment a send leaves: consent asked again, drafts sent, text and notices promised, questions planned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from messaging import outbox
from referrals import (
    acting,
    business_days,
    by,
    consent,
    contacts,
    disclosure,
    kit,
    needs,
    notices,
    people,
    progress,
    schedule,
    senders,
    texting,
    worklist,
)
from referrals.errors import NotFoundError, Why
from referrals.worklist import About
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, SendBatch, ServiceRequest
from resources_db.vocab import BatchState, Channel, NeedStatus, Purpose, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

AFTER_WELCOME = timedelta(seconds=20)


def due_batches(session: Session, *, now: datetime) -> Sequence[uuid.UUID]:
    """Sends whose ten seconds are over and that nobody has taken up: the sweep releases each in its own transaction."""
    due = select(SendBatch.id).where(SendBatch.state == BatchState.WAITING, SendBatch.releasing_at <= now)
    return session.scalars(due.order_by(SendBatch.releasing_at)).all()


def release(session: Session, batch_id: uuid.UUID, *, now: datetime) -> SendBatch:
    """Let a send leave. Undone, blocked, released already, or not due yet: nothing happens."""
    query = select(SendBatch).where(SendBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFoundError
    if batch.state is not BatchState.WAITING or batch.releasing_at > now:
        return batch
    with acting.in_org(session, batch.org_id):
        _release(session, batch, now)
    return batch


def _release(session: Session, batch: SendBatch, now: datetime) -> None:
    drafts = _drafts(session, batch)
    why = _barrier(session, batch, drafts, now)
    decided = BatchState.RELEASED if why is None else BatchState.BLOCKED
    swapped = session.execute(
        update(SendBatch)
        .where(SendBatch.id == batch.id, SendBatch.state == BatchState.WAITING)
        .values(state=decided, decided_at=now, blocked_why=why.value if why else None)
        .returning(SendBatch.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(batch)
    if swapped is None:
        return  # undone, or released by another worker, in the same moment
    zone = senders.org_of(session, batch.org_id).timezone
    if why is not None:
        _blocked(session, batch, why, now)
        return
    for referral in drafts:
        _send_one(session, batch, referral, zone, now)
    texted = _text_patient(session, batch, now)
    if not kit.after_release(session, batch, zone=zone, now=now) and texted:
        schedule.after_release(session, batch, zone=zone, now=now)


def _drafts(session: Session, batch: SendBatch) -> Sequence[Referral]:
    query = select(Referral).where(Referral.batch_id == batch.id, Referral.state == ReferralState.DRAFT)
    return session.scalars(query.order_by(Referral.created_at, Referral.id)).all()


def _barrier(session: Session, batch: SendBatch, drafts: Sequence[Referral], now: datetime) -> Why | None:
    """Consent as it is at this moment, not as it was when Send was pressed."""
    if not drafts:
        return Why.NO_PLACES
    patient = people.get(session, batch.patient_id)
    if patient.closed_at is not None:
        return Why.PATIENT_CLOSED
    if patient.contact_prohibited:
        return Why.CONTACT_PROHIBITED
    for referral in drafts:
        need = need_of(session, referral)
        agreed = consent.covering(
            session,
            batch.patient_id,
            organization_id=referral.organization_id,
            subneed=needs.subneed_of(need),
            now=now,
        )
        if agreed is None:
            return Why.NO_CONSENT
        referral.consent_id = agreed.id
    session.flush()
    return None


def need_of(session: Session, referral: Referral) -> Need:
    """The need a referral is about."""
    request = session.get_one(ServiceRequest, referral.request_id)
    return session.get_one(Need, request.need_id)


def _blocked(session: Session, batch: SendBatch, why: Why, now: datetime) -> None:
    about = About(
        WhyCode.SEND_BLOCKED, batch.patient_id, batch.org_id, facts={"why": why.value}, of=str(batch.patient_id)
    )
    worklist.open_item(session, about, due_at=now, now=now)


def _send_one(session: Session, batch: SendBatch, referral: Referral, zone: str, now: datetime) -> None:
    contact = contacts.of_listing(session, organization_id=referral.organization_id, service_id=referral.service_id)
    referral.contact_id = contact.id if contact is not None else None
    session.flush()
    progress.move(session, referral.id, to=ReferralState.SENT, by=by.CLOCK, key=f"release:{batch.id}", now=now)
    schedule.after_sent(session, referral, zone=zone, now=now)
    if referral.previous_id is not None:
        _next_was_tried(session, referral.previous_id, now)
    needs.set_status(session, need_of(session, referral), NeedStatus.IN_WORK, method="referral", now=now)
    disclosure.record(
        session,
        referral,
        shared=referral.shared_fields,
        recipient=disclosure.to_agency(referral.contact_id),
        channel=Channel.LINK,
        now=now,
    )
    if notices.send(session, referral, Purpose.AGENCY_NEW, number=1, now=now) is None:
        _tell_by_phone(session, referral, zone, now)


def _next_was_tried(session: Session, previous_id: uuid.UUID, now: datetime) -> None:
    """What asked for another place is settled now that one is tried; a waitlisted referral stays open beside it."""
    last = progress.seen(session, previous_id)
    worklist.clear(session, referral_id=last.id, whys=worklist.NEXT_PLACES, now=now)
    for why in worklist.NEXT_PLACES if last.batch_id is not None else ():
        about = About(why, last.patient_id, last.org_id, of=str(last.batch_id))
        worklist.clear_subject(session, about, now=now)


def _tell_by_phone(session: Session, referral: Referral, zone: str, now: datetime) -> None:
    """Nobody is on file at the agency: a navigator has to call, or the referral would vanish."""
    about = About(
        WhyCode.NOTICE_NOT_CONFIRMED,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={"agency": notices.agency_name(session, referral), "notice": "new"},
    )
    worklist.open_item(session, about, due_at=business_days.in_office_hours(now, zone), now=now)


def _text_patient(session: Session, batch: SendBatch, now: datetime) -> bool:
    """Promise the frozen text, if the person may still be texted; else say so on the worklist."""
    if not batch.body:
        return False
    patient = people.get(session, batch.patient_id)
    allowed = texting.state(session, patient)
    if allowed.why is not None or patient.phone != batch.to:
        why = allowed.why or Why.NUMBER_BAD
        about = About(WhyCode.TEXT_NOT_DELIVERED, batch.patient_id, batch.org_id, facts={"why": why.value})
        worklist.open_item(session, about, due_at=now, now=now)
        return False
    welcomed = texting.welcomed_at(session, patient)
    outbox.enqueue_text(
        session,
        org_id=batch.org_id,
        to=batch.to,
        body=batch.body,
        lang=batch.language,
        purpose=batch.purpose,
        subject_kind="send_batch",
        subject_id=batch.id,
        dedupe_key=f"batch:{batch.id}:text",
        now=now,
        due_at=max(now, welcomed + AFTER_WELCOME) if welcomed else now,
        created_by=batch.created_by,
        with_person=batch.with_person,
    )
    return True

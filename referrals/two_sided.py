"""Puts the agency's word and the patient's side by side and opens what a navigator should look at. Changes neither."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from referrals import business_days, lifecycle, notices, outcomes, said, schedule, senders, worklist
from referrals.outcomes import Agreement, Ask, By
from referrals.worklist import About
from resources_db.models.referrals import PatientAnswer, ServiceRequest
from resources_db.vocab import Priority, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.outcomes import Outcome
    from resources_db.models.referrals import Referral

DAY_30 = 30
ASKED_BACK = frozenset({outcomes.Said.HELPED, outcomes.Said.NOT})
"""Words of the patient after which an agency that has the referral still is asked to say its part."""
URGENT_LOOK = timedelta(hours=2)


def latest_word(session: Session, referral: Referral) -> PatientAnswer | None:
    """The newest thing the patient said about this referral, or about the whole batch, that tells of help."""
    return latest_words(session, [referral]).get(referral.id)


def latest_words(session: Session, referrals: Sequence[Referral]) -> dict[uuid.UUID, PatientAnswer]:
    """The newest word for each of these referrals that has one, in one query."""
    batches = {one.batch_id for one in referrals if one.batch_id is not None}
    whole_batch = PatientAnswer.batch_id.in_(batches) & PatientAnswer.referral_id.is_(None)
    about = or_(PatientAnswer.referral_id.in_([one.id for one in referrals]), whole_batch)
    told = select(PatientAnswer).where(about, PatientAnswer.word.in_(outcomes.SAID), PatientAnswer.need_id.is_(None))
    told = told.where(said.counts())
    newest: dict[uuid.UUID, PatientAnswer] = {}
    for answer in session.scalars(told.order_by(PatientAnswer.at, PatientAnswer.id.desc())):
        for one in referrals:
            if answer.referral_id == one.id or (answer.referral_id is None and answer.batch_id == one.batch_id):
                newest[one.id] = answer
    return newest


def settle(session: Session, referral: Referral, *, now: datetime) -> Outcome:
    """Read both words of a referral, open the item the table asks for, plan the question about the need."""
    answer = latest_word(session, referral)
    found = outcomes.outcome(referral.state, answer.word if answer else None)
    if found.agreement is not Agreement.DISAGREE:
        worklist.clear(session, referral_id=referral.id, whys=(WhyCode.DISAGREEMENT,), now=now)
    if found.item is not None:
        _open(session, referral, found, answer, now)
    if answer is not None and outcomes.said(answer.word) in ASKED_BACK and referral.state in lifecycle.WITH_AGENCY:
        # The person says how it went while the agency has it still: the agency is asked to say its part.
        schedule.ask_agency(session, referral, of=f"answer:{answer.id}", due_at=now, now=now)
    if found.ask_need is not Ask.NO:
        _ask_need(session, referral, found.ask_need, now)
    return found


def _open(session: Session, referral: Referral, found: Outcome, answer: PatientAnswer | None, now: datetime) -> None:
    assert found.item is not None
    zone = senders.org_of(session, referral.org_id).timezone
    reason = answer.reason.value if answer is not None and answer.reason else None
    about = About(
        found.item,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={
            "agency": notices.agency_name(session, referral),
            "agency_state": referral.state.value,
            "patient_word": answer.word.value if answer is not None else None,
            "patient_reason": reason,
        },
        words=answer.text if answer is not None else "",
    )
    worklist.open_item(session, about, due_at=due_at(found.due, now, zone), now=now)


def due_at(due: By, now: datetime, zone: str) -> datetime:
    """The moment an item of the table is due."""
    if due is By.TODAY:
        return max(now, business_days.end_of_day(now, zone))
    return business_days.later(now, 1 if due is By.NEXT_BUSINESS_DAY else 3, zone)


def failed_at(priority: Priority, now: datetime, zone: str) -> datetime:
    """When somebody must have looked at a refusal: the next business day, for urgent ones in two office hours."""
    if priority is not Priority.URGENT:
        return business_days.later(now, 1, zone)
    return business_days.in_office_hours(now + URGENT_LOOK, zone)


def _ask_need(session: Session, referral: Referral, ask: Ask, now: datetime) -> None:
    if referral.state in {ReferralState.DRAFT, ReferralState.ERROR, ReferralState.WITHDRAWN}:
        return
    request = session.get_one(ServiceRequest, referral.request_id)
    zone = senders.org_of(session, referral.org_id).timezone
    day_30 = business_days.same_wall_time(referral.sent_at or now, DAY_30, zone)
    at = now if ask is Ask.NOW else max(now, day_30)
    schedule.ask_need(session, referral, need_id=request.need_id, due_at=at, now=now)

"""What follows a move: clocks, worklist, the agency's notice, links, the listing. In the transaction of the move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from messaging import questions
from referrals import (
    business_days,
    lifecycle,
    links,
    listing_words,
    notices,
    reasons,
    schedule,
    senders,
    two_sided,
    worklist,
)
from referrals.worklist import About
from resources_db.models.consents import Disclosure
from resources_db.models.referrals import Referral, ReferralTask, ServiceRequest
from resources_db.models.tenants import Membership
from resources_db.vocab import Purpose, Reason, ReferralState, RequestStatus, Role, Side, TaskKind, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from referrals.by import By

S = ReferralState
STOP_NOTICE_DAYS = 2
ITEM_OF = {
    S.NEEDS_CLIENT: WhyCode.NEEDS_PAPERS,
    S.WAITLISTED: WhyCode.WAITLIST_OTHERS,
    S.DECLINED: WhyCode.AGENCY_SAID_NO,
    S.NOT_SERVED: WhyCode.NOT_SERVED,
    S.WITHDRAWN: WhyCode.NOT_SERVED,
    S.NO_RESPONSE: WhyCode.NO_RESPONSE,
}


WISH_OVER = frozenset({Reason.CLIENT_MOVED, Reason.DIED})
"""Reasons of "could not help" after which nobody is looked for any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A move as its effects need it."""

    start: ReferralState
    by: By
    reason: Reason | None
    until: date | None


def after_move(session: Session, referral: Referral, change: Change, *, now: datetime) -> None:
    """Everything that follows from the new state."""
    zone = senders.org_of(session, referral.org_id).timezone
    schedule.after_move(session, referral, by_agency=change.by.side is Side.AGENCY, zone=zone, now=now)
    if _is_agencys_word(change.by):
        worklist.clear(session, referral_id=referral.id, whys=worklist.ABOUT_AGENCY_SILENCE, now=now)
        questions.close_about(session, notices.SUBJECT, referral.id, now)
        listing_words.learn(session, referral, change.reason, until=change.until, now=now)
    if referral.state in ITEM_OF and referral.state is not S.WITHDRAWN:
        _open_item(session, referral, change, zone, now)
    if referral.state is S.WITHDRAWN:
        _withdrawn(session, referral, change, zone, now)
    elif referral.state in lifecycle.TERMINAL:
        _ended(session, referral, zone, now)
    if referral.state in lifecycle.TERMINAL:
        _close_doors(session, referral, now)
        _close_request(session, referral, change, now)


def _is_agencys_word(by: By) -> bool:
    return by.side is Side.AGENCY or bool(by.said_by)


def _open_item(session: Session, referral: Referral, change: Change, zone: str, now: datetime) -> None:
    why = ITEM_OF[referral.state]
    if referral.state is S.DECLINED and change.reason in reasons.NO_ROOM:
        why = WhyCode.AGENCY_FULL
    about = About(
        why,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={
            "agency": notices.agency_name(session, referral),
            "reason": change.reason.value if change.reason else None,
            "state": referral.state.value,
            "until": change.until.isoformat() if change.until else None,
        },
    )
    worklist.open_item(session, about, due_at=two_sided.failed_at(referral.priority, now, zone), now=now)


def _ended(session: Session, referral: Referral, zone: str, now: datetime) -> None:
    """Served or not: read both words. Nobody asked the person yet and nothing is planned: ask in three days."""
    two_sided.settle(session, referral, now=now)
    if referral.state not in lifecycle.HELPED or two_sided.latest_word(session, referral) is not None:
        return
    if not _question_planned(session, referral):
        at = business_days.same_wall_time(now, 3, zone)
        schedule.add(session, referral, schedule.Due(TaskKind.ASK_DAY_3, at, "served"), now=now)


def _question_planned(session: Session, referral: Referral) -> bool:
    planned = select(ReferralTask.id).where(
        ReferralTask.batch_id == referral.batch_id,
        ReferralTask.kind.in_((TaskKind.ASK_DAY_3, TaskKind.ASK_DAY_10)),
        ReferralTask.done_at.is_(None),
    )
    return referral.batch_id is not None and session.scalars(planned).first() is not None


def _withdrawn(session: Session, referral: Referral, change: Change, zone: str, now: datetime) -> None:
    """The agency is told to stop; when it withdrew itself, a navigator is told. A wrong patient's link closes first."""
    worklist.clear(session, referral_id=referral.id, whys=WhyCode, now=now)
    if change.reason is Reason.WRONG_PATIENT:
        _wrong_patient(session, referral, now)
    if change.by.side is Side.AGENCY:
        _open_item(session, referral, change, zone, now)
        return
    told = notices.send(session, referral, Purpose.AGENCY_STOP, number=1, now=now)
    if told is None:
        _phone_them(session, referral, business_days.later(now, 1, zone), now)
        return
    at = business_days.later(now, STOP_NOTICE_DAYS, zone)
    schedule.add(session, referral, schedule.Due(TaskKind.AGENCY_OVERDUE, at, "stop"), now=now)


def _phone_them(session: Session, referral: Referral, due_at: datetime, now: datetime) -> None:
    facts: dict[str, object] = {"agency": notices.agency_name(session, referral), "notice": "stop"}
    about = About(
        WhyCode.NOTICE_NOT_CONFIRMED, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts
    )
    worklist.open_item(session, about, due_at=due_at, now=now)


def _wrong_patient(session: Session, referral: Referral, now: datetime) -> None:
    links.revoke(session, subject_id=referral.id, now=now)
    session.execute(
        update(Disclosure)
        .where(Disclosure.referral_id == referral.id)
        .values(withdrawn_note=Reason.WRONG_PATIENT.value)
        .execution_options(synchronize_session=False)
    )
    facts: dict[str, object] = {"agency": notices.agency_name(session, referral)}
    about = About(WhyCode.WRONG_PATIENT, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts)
    item = worklist.open_item(session, about, due_at=now, now=now)
    item.owner_id = _privacy_officer(session, referral) or item.owner_id


def _privacy_officer(session: Session, referral: Referral) -> uuid.UUID | None:
    """The care administrator of the organisation who has been there longest; None where it has none."""
    query = select(Membership.user_id).where(
        Membership.org_id == referral.org_id, Membership.role == Role.CARE_ADMIN, Membership.ended_at.is_(None)
    )
    return session.scalars(query.order_by(Membership.created_at, Membership.id)).first()


def _close_request(session: Session, referral: Referral, change: Change, now: datetime) -> None:
    """Withdrawn, or the person moved or died: the wish for help is over, unless another place has it still."""
    if referral.state is not S.WITHDRAWN and change.reason not in WISH_OVER:
        return
    others = select(Referral.id).where(Referral.request_id == referral.request_id, Referral.state.in_(lifecycle.OPEN))
    if session.scalars(others).first() is not None:
        return
    request = session.get_one(ServiceRequest, referral.request_id)
    if request.status is RequestStatus.ACTIVE:
        request.status, request.closed_at = RequestStatus.REVOKED, now


def _close_doors(session: Session, referral: Referral, now: datetime) -> None:
    """Links live thirty days more; a batch without open referrals is asked about no more, and its page ends too."""
    links.end_after(session, subject_id=referral.id, closed_at=now)
    if referral.batch_id is None or _has_open(session, referral):
        return
    links.end_after(session, subject_id=referral.batch_id, closed_at=now)
    if _all_withdrawn(session, referral):
        schedule.cancel_questions(session, batch_id=referral.batch_id, now=now)
        questions.close_about(session, "send_batch", referral.batch_id, now)


def _has_open(session: Session, referral: Referral) -> bool:
    query = select(Referral.id).where(Referral.batch_id == referral.batch_id, Referral.state.in_(lifecycle.OPEN))
    return session.scalars(query).first() is not None


def _all_withdrawn(session: Session, referral: Referral) -> bool:
    query = select(Referral.state).where(Referral.batch_id == referral.batch_id)
    return set(session.scalars(query)) <= {S.WITHDRAWN, S.ERROR}

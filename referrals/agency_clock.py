"""What the clock does about an agency: second and third notice, the item to call, "no response" on its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from referrals import business_days, by, lifecycle, notices, paces, progress, schedule, senders, worklist
from referrals.lifecycle import Span
from referrals.schedule import Due
from referrals.worklist import About
from resources_db.models.referrals import Referral, ReferralEvent, ReferralTask, WorklistItem
from resources_db.vocab import Priority, Purpose, ReferralState, Side, TaskKind, Tier, WhyCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

TOLD, ITEM, OVER, KEPT_OPEN, ENDED = "told", "item", "over", "kept_open", "ended"
UNHEARD, HEARD = "unheard", "heard"
NOTICES_NEEDED = 3
AFTER_NUDGE = {Priority.ROUTINE: Span(business_days=2), Priority.URGENT: Span(hours=4)}
LOOKED = ":look"
AFTER_YES = "after_yes"
"""The phase of a "no response" that came after a yes (referrals.md section 7)."""


def second_notice(session: Session, task: ReferralTask, now: datetime) -> str:
    """Remind the agency by its other way."""
    referral = _unanswered(session, task)
    if referral is None:
        return OVER
    notices.send(session, referral, Purpose.AGENCY_REMINDER, number=2, now=now, other_way=True)
    return TOLD


def third_notice(session: Session, task: ReferralTask, now: datetime) -> str:
    """Remind once more, and ask a navigator to call or to refer elsewhere."""
    referral = _unanswered(session, task)
    if referral is None:
        return OVER
    notices.send(session, referral, Purpose.AGENCY_REMINDER, number=3, now=now)
    _open(session, referral, WhyCode.NO_REPLY, now=now)
    return ITEM


def overdue(session: Session, task: ReferralTask, now: datetime) -> str:
    """Seven business days without a word: the item is for today. A stop notice nobody confirmed: phone them."""
    referral = session.get_one(Referral, task.referral_id)
    if referral.state is ReferralState.WITHDRAWN:
        _open(session, referral, WhyCode.NOTICE_NOT_CONFIRMED, now=now, notice="stop")
        return ITEM
    if referral.state not in lifecycle.UNANSWERED:
        return OVER
    item = _open(session, referral, WhyCode.NO_REPLY, now=now)
    item.tier, item.due_at = Tier.TODAY, min(item.due_at, now)
    return ITEM


def no_response(session: Session, task: ReferralTask, now: datetime) -> str:
    """End it only when three notices went out and somebody was asked to call a business day ago; else keep trying.

    `UNHEARD` comes out while our notices do not arrive: the operator is told, the referral stays open.
    """
    referral = _unanswered(session, task)
    if referral is None:
        return OVER
    zone = senders.org_of(session, referral.org_id).timezone
    sent = notices.went_out(session, referral.id)
    if sent >= NOTICES_NEEDED and _item_is_old(session, referral, WhyCode.NO_REPLY, zone, now):
        progress.move(session, referral.id, to=ReferralState.NO_RESPONSE, by=by.CLOCK, key=f"task:{task.id}", now=now)
        return ENDED
    if sent < NOTICES_NEEDED:
        number = _tries(session, referral) + NOTICES_NEEDED
        notices.send(session, referral, Purpose.AGENCY_REMINDER, number=number, now=now, other_way=number % 2 == 0)
    _open(session, referral, WhyCode.NO_REPLY, now=now)
    again = Due(TaskKind.NO_RESPONSE, business_days.later(now, 1, zone), f"again:{task.id}")
    schedule.add(session, referral, again, now=now)
    return UNHEARD if sent < NOTICES_NEEDED else KEPT_OPEN


def too_long(session: Session, task: ReferralTask, now: datetime) -> str:
    """A state lasts too long: the agency is asked how it goes, or somebody is asked to look.

    After a bare yes the agency is asked first and the item comes later; waitlists and long services are asked about
    again and again.
    """
    referral = session.get_one(Referral, task.referral_id)
    rule = lifecycle.RULES[referral.state].time_out
    if referral.state in lifecycle.TERMINAL or rule is None:
        return OVER
    zone = senders.org_of(session, referral.org_id).timezone
    first_look = not task.dedupe_key.endswith(LOOKED)
    if referral.state is ReferralState.ACCEPTED and first_look:
        notices.ask_for_news(session, referral, now=now)
        at = lifecycle.after(AFTER_NUDGE[referral.priority], now, zone)
        schedule.add(session, referral, Due(task.kind, at, f"again:{task.id}{LOOKED}"), now=now)
        return TOLD
    _open(session, referral, rule.then, now=now)
    if referral.state in {ReferralState.WAITLISTED, ReferralState.RECEIVING}:
        notices.ask_for_news(session, referral, now=now)
        next_look = lifecycle.time_out_at(referral.state, referral.priority, now, zone)
        assert next_look is not None
        schedule.add(session, referral, Due(task.kind, next_look, f"again:{task.id}"), now=now)
    return ITEM


def ask_agency(session: Session, task: ReferralTask, now: datetime) -> str:
    """The patient has said how it went, or a visit was due: the agency is asked to say its part."""
    referral = session.get_one(Referral, task.referral_id)
    if referral.state not in lifecycle.WITH_AGENCY:
        return OVER
    return TOLD if notices.ask_for_news(session, referral, now=now) is not None else OVER


def silent_after_yes(session: Session, task: ReferralTask, now: datetime) -> str:
    """Silence after a yes: somebody looks first; at the end of the pace it is "no response", never counted as closed.

    It ends only when somebody was asked to look a business day ago, and each word of the agency begins it anew.
    """
    referral = session.get_one(Referral, task.referral_id)
    if referral.state not in schedule.SILENT_STATES:
        return OVER
    zone = senders.org_of(session, referral.org_id).timezone
    pace = paces.of(session, referral)
    heard = _last_word(session, referral) or task.created_at
    look_at, ends_at = (business_days.same_wall_time(heard, days, zone) for days in (pace.look_days, pace.silent_days))
    if look_at > now:
        schedule.add(session, referral, Due(task.kind, look_at, f"again:{task.id}"), now=now)
        return HEARD
    if ends_at > now or not _item_is_old(session, referral, WhyCode.NO_NEXT_STEP, zone, now, since=heard):
        _open(session, referral, WhyCode.NO_NEXT_STEP, now=now)
        again = max(ends_at, business_days.later(now, 1, zone))
        schedule.add(session, referral, Due(task.kind, again, f"again:{task.id}"), now=now)
        return ITEM
    said = progress.Said(facts={"phase": AFTER_YES})
    key = f"task:{task.id}"
    progress.move(session, referral.id, to=ReferralState.NO_RESPONSE, by=by.CLOCK, key=key, now=now, said=said)
    return ENDED


def _unanswered(session: Session, task: ReferralTask) -> Referral | None:
    referral = session.get_one(Referral, task.referral_id)
    return referral if referral.state in lifecycle.UNANSWERED else None


def _open(
    session: Session, referral: Referral, why: WhyCode, *, now: datetime, notice: str | None = None
) -> WorklistItem:
    zone = senders.org_of(session, referral.org_id).timezone
    since = referral.sent_at or now
    about = About(
        why,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={
            "agency": notices.agency_name(session, referral),
            "state": referral.state.value,
            "days": (now - since).days,
            "notice": notice,
        },
    )
    return worklist.open_item(session, about, due_at=business_days.in_office_hours(now, zone), now=now)


def _item_is_old(
    session: Session, referral: Referral, why: WhyCode, zone: str, now: datetime, since: datetime | None = None
) -> bool:
    """Whether somebody was asked to look at least a business day ago (`since`: and not before that)."""
    opened = select(WorklistItem.created_at).where(WorklistItem.referral_id == referral.id, WorklistItem.why == why)
    if since is not None:
        opened = opened.where(WorklistItem.created_at >= since)
    first = session.scalars(opened.order_by(WorklistItem.created_at).limit(1)).one_or_none()
    return first is not None and business_days.later(first, 1, zone) <= now


def _tries(session: Session, referral: Referral) -> int:
    counted = select(func.count(ReferralTask.id)).where(
        ReferralTask.referral_id == referral.id, ReferralTask.kind == TaskKind.NO_RESPONSE
    )
    return session.scalars(counted).one()


def _last_word(session: Session, referral: Referral) -> datetime | None:
    words = select(ReferralEvent.recorded_at).where(
        ReferralEvent.referral_id == referral.id,
        or_(ReferralEvent.side == Side.AGENCY, ReferralEvent.said_by.is_not(None)),
    )
    return session.scalars(words.order_by(ReferralEvent.seq.desc()).limit(1)).one_or_none()

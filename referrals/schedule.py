"""Due rows: what is asked or told later, written when the reason for it appears. `follow_up` fires them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from referrals import business_days, lifecycle, paces
from referrals.clocks import Step
from resources_db.models.referrals import ReferralTask
from resources_db.vocab import ReferralState, TaskKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.referrals import Referral, SendBatch

K = TaskKind
STEPS = {
    K.AGENCY_NOTICE_2: Step.NOTICE_2,
    K.AGENCY_NOTICE_3: Step.NOTICE_3,
    K.AGENCY_OVERDUE: Step.OVERDUE,
    K.NO_RESPONSE: Step.NO_RESPONSE,
}
CLOCK = tuple(STEPS)
"""The agency's clock, in its order: only the latest due notice is sent after an outage."""
AFTER_YES = (
    *(K.FIRST_CONTACT, K.WAITLIST_CHECK, K.APPOINTMENT_CHECK, K.SILENT_AFTER_YES),
    *(K.TELL_PATIENT, K.APPOINTMENT_REMINDER, K.AGENCY_CONFIRM),
)
SILENT_STATES = frozenset(
    {
        ReferralState.ACCEPTED,
        ReferralState.CONTACTING,
        ReferralState.SCHEDULED,
        ReferralState.MISSED,
        ReferralState.NEEDS_CLIENT,
    }
)
"""States in which thirty silent days end in "no response"."""
WAY_BACK = timedelta(minutes=10)
"""An agency may take its answer back for so long; the patient is told after that."""
NEWS = frozenset(
    {ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.NEEDS_CLIENT, ReferralState.WAITLISTED}
)
"""States whose coming the patient is told by text. A bare "no" is never texted: a person brings the next place."""
UNSURE_AFTER = timedelta(days=15)
"""From the question of day 30 to day 45, when no answer means that nobody knows."""
ONE_NEWS_IN = timedelta(hours=20)
REMINDED_AT = time(10)
SAME_DAY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Due:
    """One due row to be."""

    kind: TaskKind
    at: datetime
    of: str


def after_sent(session: Session, referral: Referral, *, zone: str, now: datetime) -> None:
    """The agency's clock begins, at the pace that is set for this agency."""
    pace = paces.of(session, referral)
    for kind, step in STEPS.items():
        add(session, referral, Due(kind, pace.at(step, now, zone), "sent"), now=now)


def after_release(session: Session, batch: SendBatch, *, zone: str, now: datetime) -> None:
    """The questions of day 3 and day 10, one for the whole batch."""
    for kind, days in ((K.ASK_DAY_3, 3), (K.ASK_DAY_10, 10)):
        _add(
            session,
            ReferralTask(
                org_id=batch.org_id,
                patient_id=batch.patient_id,
                batch_id=batch.id,
                kind=kind,
                due_at=business_days.same_wall_time(now, days, zone),
                dedupe_key=f"batch:{batch.id}:{kind.value}",
                created_at=now,
            ),
        )


def ask_need(session: Session, referral: Referral, *, need_id: uuid.UUID, due_at: datetime, now: datetime) -> None:
    """Ask later whether the need is solved; fifteen days after that somebody must know. Once for a need and a batch."""
    for kind, at in ((K.ASK_DAY_30, due_at), (K.NEED_UNSURE, due_at + UNSURE_AFTER)):
        _add(
            session,
            ReferralTask(
                org_id=referral.org_id,
                patient_id=referral.patient_id,
                referral_id=referral.id,
                batch_id=referral.batch_id,
                need_id=need_id,
                kind=kind,
                due_at=at,
                dedupe_key=f"need:{need_id}:{kind.value}:{referral.batch_id}",
                created_at=now,
            ),
        )


def ask_agency(session: Session, referral: Referral, *, of: str, due_at: datetime, now: datetime) -> None:
    """Ask the agency how it goes; once for each reason `of`."""
    add(session, referral, Due(K.AGENCY_CONFIRM, due_at, of), now=now)


def after_move(session: Session, referral: Referral, *, by_agency: bool = False, zone: str, now: datetime) -> None:
    """A new state, or a new date: the clocks of the old one end, those of the new one begin."""
    state = referral.state
    if state not in lifecycle.UNANSWERED:
        cancel(session, referral_id=referral.id, kinds=(*CLOCK, *AFTER_YES), now=now)
    if state in lifecycle.TERMINAL or state in lifecycle.UNANSWERED:
        return
    ends_at = lifecycle.time_out_at(state, referral.priority, now, zone)
    # Version and date are in the key: a state entered again, and a changed date, begin clocks of their own.
    of = f"v{referral.version}:{day_key(referral)}"
    if state in NEWS:
        add(session, referral, Due(K.TELL_PATIENT, now + WAY_BACK if by_agency else now, of), now=now)
    if state is ReferralState.WAITLISTED and ends_at is not None:
        add(session, referral, Due(K.WAITLIST_CHECK, ends_at, of), now=now)
    elif state is ReferralState.SCHEDULED and referral.next_on is not None:
        add(session, referral, Due(K.APPOINTMENT_CHECK, _morning_after(referral, zone), of), now=now)
        at = remind_at(referral, zone, now)
        if at is not None:
            add(session, referral, Due(K.APPOINTMENT_REMINDER, at, of), now=now)
    elif ends_at is not None:
        if state is ReferralState.ACCEPTED and referral.next_on is not None:
            ends_at = max(ends_at, _morning_after(referral, zone))  # the agency named its day: it is asked after that
        add(session, referral, Due(K.FIRST_CONTACT, ends_at, of), now=now)
    if state in SILENT_STATES:
        look_at = business_days.same_wall_time(now, paces.of(session, referral).look_days, zone)
        add(session, referral, Due(K.SILENT_AFTER_YES, look_at, of), now=now)


def add(session: Session, referral: Referral, due: Due, *, now: datetime) -> None:
    """One due row of a referral; the same one twice is one."""
    _add(
        session,
        ReferralTask(
            org_id=referral.org_id,
            patient_id=referral.patient_id,
            referral_id=referral.id,
            batch_id=referral.batch_id,
            kind=due.kind,
            due_at=due.at,
            dedupe_key=f"referral:{referral.id}:{due.kind.value}:{due.of}",
            created_at=now,
        ),
    )


def cancel(session: Session, *, referral_id: uuid.UUID, kinds: Iterable[TaskKind], now: datetime) -> None:
    """These rows of a referral will not fire any more."""
    session.execute(
        update(ReferralTask)
        .where(
            ReferralTask.referral_id == referral_id,
            ReferralTask.kind.in_(set(kinds)),
            ReferralTask.done_at.is_(None),
        )
        .values(done_at=now, outcome="cancelled")
        .execution_options(synchronize_session=False)
    )


def cancel_one(session: Session, task_id: uuid.UUID, *, now: datetime) -> None:
    """The row will not fire any more."""
    session.execute(
        update(ReferralTask)
        .where(ReferralTask.id == task_id, ReferralTask.done_at.is_(None))
        .values(done_at=now, outcome="cancelled")
        .execution_options(synchronize_session=False)
    )


def cancel_questions(session: Session, *, batch_id: uuid.UUID, now: datetime) -> None:
    """The person has answered, or the batch is over: day 3 and day 10 are not asked any more."""
    session.execute(
        update(ReferralTask)
        .where(
            ReferralTask.batch_id == batch_id,
            ReferralTask.kind.in_((K.ASK_DAY_3, K.ASK_DAY_10)),
            ReferralTask.done_at.is_(None),
        )
        .values(done_at=now, outcome="cancelled")
        .execution_options(synchronize_session=False)
    )


def remind_at(referral: Referral, zone: str, now: datetime) -> datetime | None:
    """When to remind of a visit: a day before, two hours before when it is sooner than that; None when it is too late.

    Of a day without a clock time, the morning before it.
    """
    if referral.next_on is None:
        return None
    if referral.next_at is None:
        at = business_days.at(referral.next_on - timedelta(days=1), REMINDED_AT, zone)
    else:
        at = business_days.same_wall_time(referral.next_at, -1, zone)
        at = at if at > now else referral.next_at - SAME_DAY
    return at if at > now else None


def day_key(referral: Referral) -> str:
    """What tells a date from another one, in the key of a due row."""
    return str(referral.next_at or referral.next_on or "")


def _morning_after(referral: Referral, zone: str) -> datetime:
    assert referral.next_on is not None
    return business_days.opening_of(referral.next_on + timedelta(days=1), zone)


def _add(session: Session, task: ReferralTask) -> None:
    same = select(ReferralTask.id).where(ReferralTask.org_id == task.org_id, ReferralTask.dedupe_key == task.dedupe_key)
    if session.scalars(same).first() is None:
        session.add(task)
        session.flush()

"""Fires due rows: questions to patients, notices to agencies, time-outs. Each fires once, and asks the referral again.

Time never jumps over steps: after an outage only the latest due notice goes out, and the clock goes on from there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from referrals import acting, agency_clock, asking, check_ins, daily, lifecycle, telling
from resources_db.models.referrals import Referral, ReferralTask
from resources_db.vocab import TaskKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST_AT_ONCE = 500
UNHEARD_FOR = timedelta(days=4)
"""A notice that failed is tried again each business day, so that a longer silence means it went out at last."""
SUPERSEDED = "superseded"
K = TaskKind
NOTICES = frozenset({K.AGENCY_NOTICE_2, K.AGENCY_NOTICE_3})
QUESTIONS = frozenset({K.ASK_DAY_3, K.ASK_DAY_10})

FIRE: Mapping[TaskKind, Callable[[Session, ReferralTask, datetime], str]] = {
    K.ASK_DAY_3: asking.ask_help,
    K.ASK_DAY_10: asking.ask_help,
    K.ASK_DAY_30: asking.ask_need,
    K.APPOINTMENT_CHECK: asking.ask_appointment,
    K.AGENCY_NOTICE_2: agency_clock.second_notice,
    K.AGENCY_NOTICE_3: agency_clock.third_notice,
    K.AGENCY_OVERDUE: agency_clock.overdue,
    K.NO_RESPONSE: agency_clock.no_response,
    K.FIRST_CONTACT: agency_clock.too_long,
    K.WAITLIST_CHECK: agency_clock.too_long,
    K.SILENT_AFTER_YES: agency_clock.silent_after_yes,
    K.AGENCY_CONFIRM: agency_clock.ask_agency,
    K.NEED_UNSURE: asking.need_unsure,
    K.CHECK_IN: check_ins.fire,
    K.TELL_PATIENT: telling.tell,
    K.APPOINTMENT_REMINDER: telling.remind,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is due. `superseded`: a later one of the same kind is due as well, and goes out instead."""

    task_id: uuid.UUID
    superseded: bool


def run_due(session: Session, *, now: datetime) -> Counter[str]:
    """Fire everything that is due, and look at the dates of the day; gives how often what came out."""
    outcomes: Counter[str] = Counter()
    for one in planned(session, now=now):
        outcomes[fire_row(session, one, now=now)] += 1
    daily.look(session, now=now)
    return outcomes


def planned(session: Session, *, now: datetime) -> list[Planned]:
    """What is due now, for a worker that fires each row in a transaction of its own."""
    tasks = due(session, now=now)
    newest = {_line(task): task.id for task in tasks}
    return [Planned(task.id, _line(task) is not None and newest[_line(task)] != task.id) for task in tasks]


def fire_row(session: Session, one: Planned, *, now: datetime) -> str:
    """Fire one planned row."""
    return fire(session, session.get_one(ReferralTask, one.task_id), now=now, superseded=one.superseded)


def due(session: Session, *, now: datetime) -> Sequence[ReferralTask]:
    """Rows that are due and not done, oldest first."""
    query = select(ReferralTask).where(ReferralTask.done_at.is_(None), ReferralTask.due_at <= now)
    return session.scalars(query.order_by(ReferralTask.due_at, ReferralTask.id).limit(MOST_AT_ONCE)).all()


def unheard(session: Session, *, now: datetime) -> int:
    """How many referrals wait for an agency that our notices did not reach in the last days; for the operator."""
    found = (
        select(func.count(ReferralTask.referral_id.distinct()))
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(
            ReferralTask.kind == K.NO_RESPONSE,
            ReferralTask.outcome == agency_clock.UNHEARD,
            ReferralTask.done_at > now - UNHEARD_FOR,
            Referral.state.in_(lifecycle.UNANSWERED),
        )
    )
    return session.scalars(found).one()


def fire(session: Session, task: ReferralTask, *, now: datetime, superseded: bool = False) -> str:
    """Fire one row, if nobody else has: the compare-and-swap on `done_at` lets two workers fire it once."""
    claimed = session.execute(
        update(ReferralTask)
        .where(ReferralTask.id == task.id, ReferralTask.done_at.is_(None))
        .values(done_at=now)
        .returning(ReferralTask.id)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is None:
        return "taken"
    session.refresh(task)
    with acting.in_org(session, task.org_id):
        task.outcome = SUPERSEDED if superseded else FIRE[task.kind](session, task, now)
    return task.outcome


def _line(task: ReferralTask) -> tuple[str, uuid.UUID | None] | None:
    """Rows of one line say the same again: of those that are due together only the last one speaks."""
    if task.kind in NOTICES:
        return "notice", task.referral_id
    return ("question", task.batch_id) if task.kind in QUESTIONS else None

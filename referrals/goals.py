"""What a person wants, in the person's own words: write down, change, reached or dropped, and back again.

`of_patient` is what prints and exports read: the words as they were said, in the language they were said in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import needs, people, worklist
from referrals.errors import BadInputError, ChangedMeanwhileError, NotFoundError
from resources_db import audit
from resources_db.models.care import Goal
from resources_db.models.people import Need
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import actor_of
from resources_db.vocab import GoalState, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from sqlalchemy.orm import Session

LONGEST = 300
"""Letters: one line that a person can remember."""
MOST = 20
OPEN_AT = time(17)


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """One goal. `subneed` is empty for a goal of life in general."""

    id: uuid.UUID
    words: str
    language: str
    target_on: date | None
    state: GoalState
    need_id: uuid.UUID | None
    subneed: str
    ended_at: datetime | None
    version: int


def of_patient(session: Session, patient_id: uuid.UUID) -> tuple[GoalFacts, ...]:
    """The goals of a patient, those to come first by their day, then what was reached or dropped."""
    query = (
        select(Goal, Need)
        .outerjoin(Need, Need.id == Goal.need_id)
        .where(Goal.patient_id == patient_id, Goal.state != GoalState.ENTERED_IN_ERROR)
    )
    found = [_facts(goal, need) for goal, need in session.execute(query.order_by(Goal.created_at, Goal.id))]
    return tuple(sorted(found, key=lambda one: (one.state is not GoalState.ACTIVE, str(one.target_on or "9999"))))


def add(
    session: Session,
    *,
    patient_id: uuid.UUID,
    words: str,
    target_on: date | None,
    need_id: uuid.UUID | None,
    now: datetime,
    language: str = "",
) -> Goal:
    """A new goal. The same words twice stay one. Raises BadInputError naming the field."""
    patient = people.get(session, patient_id)
    words = _words(words)
    active = [one for one in of_patient(session, patient.id) if one.state is GoalState.ACTIVE]
    same = next((one for one in active if one.words == words), None)
    if same is not None:
        return get(session, same.id)
    if len(active) >= MOST:
        raise BadInputError("words", "too_many")
    goal = Goal(
        org_id=patient.org_id,
        patient_id=patient.id,
        need_id=_need(session, patient.id, need_id),
        words=words,
        language=language or patient.language,
        target_on=target_on,
        state=GoalState.ACTIVE,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(goal)
    session.flush()
    audit.record(session, action="goal.add", subject_kind="goal", subject_id=goal.id, now=now)
    return goal


def change(
    session: Session,
    goal_id: uuid.UUID,
    *,
    words: str,
    target_on: date | None,
    need_id: uuid.UUID | None,
    expected_version: int | None,
    now: datetime,
) -> Goal:
    """Other words or another day; raises ChangedMeanwhileError when the page was older than the goal."""
    goal = get(session, goal_id)
    if expected_version is not None and expected_version != goal.version:
        raise ChangedMeanwhileError(ReferralState.DRAFT, "", None)
    if target_on != goal.target_on:
        worklist.clear_subject(session, _due(goal), now=now)
    goal.words, goal.target_on, goal.need_id = _words(words), target_on, _need(session, goal.patient_id, need_id)
    goal.version += 1
    audit.record(session, action="goal.change", subject_kind="goal", subject_id=goal.id, now=now)
    return goal


def set_state(session: Session, goal_id: uuid.UUID, state: GoalState, *, now: datetime) -> Goal:
    """Reached, dropped, a mistake, or active again; the item of its day goes with it."""
    goal = get(session, goal_id)
    if goal.state is state:
        return goal
    goal.state, goal.version = state, goal.version + 1
    ended = state is not GoalState.ACTIVE
    goal.ended_at, goal.ended_by = (now, actor_of(session).user_id) if ended else (None, None)
    if ended:
        worklist.clear_subject(session, _due(goal), now=now)
    audit.record(session, action=f"goal.{state.value}", subject_kind="goal", subject_id=goal.id, now=now)
    return goal


def get(session: Session, goal_id: uuid.UUID) -> Goal:
    """The goal, if this actor may see it; raises NotFoundError."""
    goal = session.scalars(select(Goal).where(Goal.id == goal_id)).one_or_none()
    if goal is None:
        raise NotFoundError
    return goal


def look(session: Session, *, now: datetime) -> None:
    """Goals whose day has come open one item each; an item that somebody has done does not come again for that day."""
    reached = select(Goal).where(
        Goal.state == GoalState.ACTIVE, Goal.target_on.is_not(None), Goal.target_on <= now.date()
    )
    for goal in session.scalars(reached).all():
        about = _due(goal)
        told = select(WorklistItem.id).where(WorklistItem.org_id == goal.org_id, WorklistItem.subject == about.subject)
        if goal.target_on is not None and session.scalars(told).first() is None:
            worklist.open_item(session, about, due_at=datetime.combine(goal.target_on, OPEN_AT, tzinfo=UTC), now=now)


def _due(goal: Goal) -> worklist.About:
    facts: dict[str, object] = {"on": goal.target_on.isoformat() if goal.target_on else ""}
    of = f"{goal.id}:{goal.target_on}"
    return worklist.About(WhyCode.GOAL_DUE, goal.patient_id, goal.org_id, need_id=goal.need_id, facts=facts, of=of)


def _facts(goal: Goal, need: Need | None) -> GoalFacts:
    return GoalFacts(
        id=goal.id,
        words=goal.words,
        language=goal.language,
        target_on=goal.target_on,
        state=goal.state,
        need_id=goal.need_id,
        subneed=needs.subneed_of(need) if need is not None else "",
        ended_at=goal.ended_at,
        version=goal.version,
    )


def _words(typed: str) -> str:
    words = " ".join(typed.split())
    if not words:
        raise BadInputError("words", "missing")
    if len(words) > LONGEST:
        raise BadInputError("words", "too_long")
    return words


def _need(session: Session, patient_id: uuid.UUID, need_id: uuid.UUID | None) -> uuid.UUID | None:
    if need_id is None:
        return None
    if needs.get(session, need_id).patient_id != patient_id:
        raise NotFoundError
    return need_id

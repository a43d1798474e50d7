"""Hand-over: one patient, some, or a whole caseload get another lead in one transaction; minutes to take it back.

What is open goes along: items of the worklist, and texts made from now on carry the new name. Texts that wait to leave
keep the words that were previewed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from referrals import absences, people, worklist
from referrals.errors import BadInputError, NotFoundError, TooLateError
from referrals.lifecycle import WITH_AGENCY
from resources_db import audit
from resources_db.models.people import Assignment, Patient
from resources_db.models.referrals import Referral, WorklistItem
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of
from resources_db.vocab import Role, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

UNDO = timedelta(minutes=10)
FOR_OTHERS = frozenset({Role.SUPERVISOR, Role.CARE_ADMIN})
MOST = 1_000
LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hand-over would move: patients by name, open items, referrals under way."""

    patients: tuple[tuple[uuid.UUID, str], ...]
    items: int
    referrals: int


def of_lead(session: Session, lead_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The patients somebody leads now."""
    led = select(Assignment.patient_id).where(Assignment.navigator_id == lead_id, Assignment.ended_at.is_(None))
    return tuple(session.scalars(select(Patient.id).where(Patient.id.in_(led), Patient.closed_at.is_(None))))


def plan(session: Session, patient_ids: Iterable[uuid.UUID]) -> Plan:
    """Those of these patients that this actor may hand over, and what goes along; nothing is written."""
    patients = _movable(session, patient_ids)
    ids = [one.id for one in patients]
    items = select(func.count()).select_from(WorklistItem)
    items = items.where(WorklistItem.patient_id.in_(ids), WorklistItem.done_at.is_(None))
    open_ones = select(func.count()).select_from(Referral)
    open_ones = open_ones.where(Referral.patient_id.in_(ids), Referral.state.in_(WITH_AGENCY))
    return Plan(
        tuple((one.id, people.full_name(one)) for one in patients),
        session.scalar(items) or 0,
        session.scalar(open_ones) or 0,
    )


def hand_over(
    session: Session, *, patient_ids: Iterable[uuid.UUID], to_id: uuid.UUID, note: str, now: datetime
) -> Assignment:
    """Give these patients to somebody, all or none; gives the first new assignment, the handle for `undo`.

    Raises NotFoundError for a patient this actor may not hand over, BadInputError without patients or for a `to_id`
    who looks after nobody here.
    """
    wanted = list(dict.fromkeys(patient_ids))
    actor = actor_of(session)
    assert actor.org_id is not None
    if to_id not in {one.id for one in absences.colleagues(session, actor.org_id)}:
        raise BadInputError("to", "unknown")
    if len(note) > LONGEST_NOTE:
        raise BadInputError("note", "too_long")
    patients = _movable(session, wanted)
    if len(patients) != len(wanted):
        raise NotFoundError
    moving = [one for one in patients if people.lead_of(session, one.id) != to_id] if len(patients) == 1 else patients
    if not moving:
        raise BadInputError("to" if patients else "patient", "has_them" if patients else "missing")
    ids = [one.id for one in moving]
    _give_items(session, ids, to_id)
    first = _assign(session, moving, to_id, now)
    _tell(session, moving, first, note.strip(), now)
    audit.record(
        session,
        action="patient.hand_over",
        subject_kind="app_user",
        subject_id=to_id,
        now=now,
        detail={"patients": [str(one) for one in ids]},
    )
    return first


def undo(session: Session, first_id: uuid.UUID, *, now: datetime) -> int:
    """Give them back as it was; gives how many. Raises TooLateError after ten minutes, NotFoundError for others'."""
    first = session.scalars(select(Assignment).where(Assignment.id == first_id)).one_or_none()
    actor = actor_of(session)
    if first is None or (first.created_by != actor.user_id and actor.role not in FOR_OTHERS):
        raise NotFoundError
    if now - first.started_at > UNDO:
        raise TooLateError
    given = session.scalars(
        select(Assignment).where(
            Assignment.started_at == first.started_at,
            Assignment.created_by == first.created_by,
            Assignment.navigator_id == first.navigator_id,
            Assignment.ended_at.is_(None),
        )
    ).all()
    ids = [one.patient_id for one in given]
    before = session.scalars(
        select(Assignment).where(Assignment.patient_id.in_(ids), Assignment.ended_at == first.started_at)
    ).all()
    for one in given:
        one.ended_at = now
    session.flush()  # one open assignment a patient
    for one in before:
        one.ended_at = None
    session.flush()
    _take_items_back(session, given, before, first, now)
    audit.record(session, action="patient.hand_over.undo", subject_kind="assignment", subject_id=first.id, now=now)
    return len(given)


def _movable(session: Session, patient_ids: Iterable[uuid.UUID]) -> Sequence[Patient]:
    """A navigator gives away their own patients and those of nobody; a supervisor everybody's."""
    actor = actor_of(session)
    query = select(Patient).where(Patient.id.in_(list(patient_ids)[:MOST]), Patient.closed_at.is_(None))
    if actor.role not in FOR_OTHERS:
        led = select(Assignment.patient_id).where(Assignment.ended_at.is_(None))
        own = led.where(Assignment.navigator_id == actor.user_id)
        query = query.where(or_(Patient.id.in_(own), Patient.id.not_in(led)))
    return sorted(session.scalars(query), key=lambda one: people.full_name(one).casefold())


def _give_items(session: Session, ids: Sequence[uuid.UUID], to_id: uuid.UUID) -> None:
    session.execute(
        update(WorklistItem)
        .where(WorklistItem.patient_id.in_(ids), WorklistItem.done_at.is_(None))
        .values(owner_id=to_id)
        .execution_options(synchronize_session=False)
    )


def _assign(session: Session, patients: Sequence[Patient], to_id: uuid.UUID, now: datetime) -> Assignment:
    actor = actor_of(session)
    session.execute(
        update(Assignment)
        .where(Assignment.patient_id.in_([one.id for one in patients]), Assignment.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    made = [
        Assignment(
            org_id=one.org_id,
            patient_id=one.id,
            navigator_id=to_id,
            started_at=now,
            created_at=now,
            created_by=actor.user_id,
        )
        for one in patients
    ]
    session.add_all(made)
    session.flush()
    return made[0]


def _tell(session: Session, patients: Sequence[Patient], first: Assignment, note: str, now: datetime) -> None:
    """One item for the new lead, however many patients came: the list of sixty is on the page of patients."""
    actor = actor_of(session)
    if first.navigator_id == actor.user_id:
        return
    giver = session.get(AppUser, actor.user_id) if actor.user_id else None
    facts: dict[str, object] = {"from": giver.name if giver else "", "count": len(patients)}
    about = worklist.About(
        WhyCode.HANDED_OVER, first.patient_id, first.org_id, facts=facts, words=note, of=str(first.id)
    )
    worklist.open_item(session, about, due_at=now, now=now)


def _take_items_back(
    session: Session, given: Sequence[Assignment], before: Sequence[Assignment], first: Assignment, now: datetime
) -> None:
    mine = (WorklistItem.patient_id.in_([one.patient_id for one in given]), WorklistItem.done_at.is_(None))
    told = select(WorklistItem).where(*mine, WorklistItem.subject == f"{WhyCode.HANDED_OVER.value}:{first.id}")
    for item in session.scalars(told):
        item.done_at, item.done_how = now, "fact"
    leads = {one.patient_id: one.navigator_id for one in before}
    for item in session.scalars(select(WorklistItem).where(*mine, WorklistItem.owner_id == first.navigator_id)):
        item.owner_id = leads.get(item.patient_id)

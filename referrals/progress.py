"""The one door to change a referral. Pages, links, texts, the clock and other systems all move it here.

Lock, ask the lifecycle, append the events, compare-and-swap the row, let the effects follow: all in the caller's
transaction. A patient's word comes in here too, and never moves the agency's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from referrals import (
    answer_effects,
    answers,
    business_days,
    effects,
    events,
    lifecycle,
    schedule,
    senders,
    sight,
    worklist,
)
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, NotFoundError
from referrals.lifecycle import Ask, Present, Refusal, Step
from resources_db.models.referrals import Referral, ReferralEvent
from resources_db.tenancy import actor_of
from resources_db.vocab import EventKind, ReferralState, Side, TaskKind, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import date, datetime, time

    from sqlalchemy.orm import Session

    from referrals.answers import Answered, PatientSays
    from referrals.by import By
    from resources_db.base import JsonDict
    from resources_db.vocab import BusinessStatus, Reason


@dataclass(frozen=True, slots=True)
class Said:
    """What is said with a move. Which of it must be given, the lifecycle knows."""

    reason: Reason | None = None
    text: str = ""
    next_on: date | None = None
    at_clock: time | None = None
    """The clock time of an appointment on `next_on`, as a clock at the site shows it."""
    business_status: BusinessStatus | None = None
    occurred_at: datetime | None = None
    facts: JsonDict | None = None
    """Codes that stand in the event beside the words, such as the phase in which a referral expired."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move. `already`: the same form had done it before, nothing was written now."""

    referral: Referral
    events: tuple[ReferralEvent, ...]
    already: bool = False


NOTHING_SAID = Said()


def move(
    session: Session,
    referral_id: uuid.UUID,
    *,
    to: ReferralState,
    by: By,
    key: str,
    now: datetime,
    said: Said = NOTHING_SAID,
    expected_version: int | None = None,
) -> Moved:
    """Move a referral. The same key again changes nothing; an old version raises ChangedMeanwhileError."""
    referral = locked(session, referral_id)
    if events.with_key(session, referral.id, key) is not None:
        return Moved(referral, (), already=True)
    if expected_version is not None and expected_version != referral.version:
        raise changed_meanwhile(session, referral)
    if to is referral.state and not lifecycle.is_edge(to, to):
        return Moved(referral, (_noted(session, referral, by, key, said, now),))
    steps = _steps(session, referral, to, by, said, now)
    written = tuple(_write(session, referral, step, by, said, now, _key(key, step, steps)) for step in steps)
    _swap(session, referral, steps, by, said, now)
    change = effects.Change(steps[0].start, by, said.reason, said.next_on)
    effects.after_move(session, referral, change, now=now)
    return Moved(referral, written)


def end_quietly(
    session: Session, referral: Referral, *, to: ReferralState, by: By, key: str, now: datetime, said: Said
) -> None:
    """Set a mistaken referral aside for one that corrects it: written like any move, but nobody is told."""
    steps = _steps(session, referral, to, by, said, now)
    for step in steps:
        _write(session, referral, step, by, said, now, _key(key, step, steps))
    _swap(session, referral, steps, by, said, now)
    schedule.cancel(session, referral_id=referral.id, kinds=TaskKind, now=now)
    worklist.clear(session, referral_id=referral.id, whys=WhyCode, now=now)


def answer(session: Session, batch_id: uuid.UUID, *, says: PatientSays, by: By, key: str, now: datetime) -> Answered:
    """Take the patient's word about what was sent to them. The same key counts once."""
    answered = answers.store(session, batch_id, says=says, by=by, key=key, now=now)
    if not answered.already:
        answer_effects.after_answer(session, answered, by, now=now)
    return answered


def note(
    session: Session, referral_id: uuid.UUID, *, text: str, by: By, key: str, now: datetime
) -> ReferralEvent | None:
    """Words about a referral that both sides may read; None when this form wrote them before."""
    referral = locked(session, referral_id)
    if events.with_key(session, referral.id, key) is not None:
        return None
    return events.append(session, referral, kind=EventKind.NOTE, by=by, key=key, now=now, text=text.strip())


def seen(session: Session, referral_id: uuid.UUID) -> Referral:
    """The referral, only to be read; raises NotFoundError, also for one that is protected from whoever asks."""
    referral = session.scalars(select(Referral).where(Referral.id == referral_id)).one_or_none()
    return _shown(session, referral)


def locked(session: Session, referral_id: uuid.UUID) -> Referral:
    """The referral, held until the transaction ends; raises NotFoundError like `seen`."""
    query = select(Referral).where(Referral.id == referral_id).with_for_update()
    return _shown(session, session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def _shown(session: Session, referral: Referral | None) -> Referral:
    if referral is None:
        raise NotFoundError
    # Protected needs are kept from other teams of the sender; the agency it was sent to knows it anyway.
    of_sender = actor_of(session).org_id == referral.org_id
    if referral.sensitive and of_sender and not sight.sees(session, referral.patient_id):
        raise NotFoundError
    return referral


def present(session: Session, referral: Referral) -> Present:
    """The referral as the lifecycle sees it."""
    return Present(referral.state, referral.business_status, referral.priority, events.attempts(session, referral.id))


def changed_meanwhile(session: Session, referral: Referral) -> ChangedMeanwhileError:
    """Tells the loser of a race what the referral is now, who said so, and when."""
    last = events.last_move(session, referral.id)
    who = last.said_by or last.side.value if last is not None else ""
    return ChangedMeanwhileError(referral.state, who, last.occurred_at if last is not None else None)


def _steps(
    session: Session, referral: Referral, to: ReferralState, by: By, said: Said, now: datetime
) -> tuple[Step, ...]:
    zone = senders.org_of(session, referral.org_id).timezone
    ask = Ask(to, by.side, said.business_status, said.reason, said.text, by.said_by, said.next_on)
    answer = lifecycle.check(present(session, referral), ask, now=now, zone=zone)
    if isinstance(answer, Refusal):
        raise MoveRefusedError(answer)
    return answer


def _key(key: str, step: Step, steps: tuple[Step, ...]) -> str:
    """The last step carries the form's own key; a step on the way to it is named after its state."""
    return key if step is steps[-1] else f"{key}:{step.to.value}"


def _write(
    session: Session, referral: Referral, step: Step, by: By, said: Said, now: datetime, key: str
) -> ReferralEvent:
    return events.append(
        session,
        referral,
        kind=EventKind.MOVE,
        by=by,
        key=key,
        now=now,
        step=step,
        reason=said.reason,
        text=said.text.strip(),
        next_on=said.next_on,
        facts=_facts(said),
        occurred_at=said.occurred_at,
    )


def _facts(said: Said) -> JsonDict:
    at = {"at": said.at_clock.isoformat("minutes")} if said.at_clock is not None else {}
    return {**(said.facts or {}), **at}


def _swap(session: Session, referral: Referral, steps: tuple[Step, ...], by: By, said: Said, now: datetime) -> None:
    """The row follows the events, by compare-and-swap on its version: on SQLite and PostgreSQL the same statement."""
    last = steps[-1]
    values: dict[str, object] = {
        "state": last.to,
        "business_status": last.business_status,
        "reason": said.reason,
        "next_on": said.next_on,
        "next_at": _moment(session, referral, said),
        "version": referral.version + 1,
    }
    if referral.answered_at is None and _answers(steps, by):
        values["answered_at"] = said.occurred_at or now
    if last.to is ReferralState.SENT:
        values["sent_at"] = now
    if last.to in lifecycle.TERMINAL:
        values["terminal_at"] = said.occurred_at or now
    swapped = session.execute(
        update(Referral)
        .where(Referral.id == referral.id, Referral.version == referral.version)
        .values(**values)
        .returning(Referral.id)
        .execution_options(synchronize_session=False)
    ).first()
    if swapped is None:
        raise changed_meanwhile(session, referral)
    session.refresh(referral)


def _moment(session: Session, referral: Referral, said: Said) -> datetime | None:
    if said.next_on is None or said.at_clock is None:
        return None
    return business_days.at(said.next_on, said.at_clock, senders.org_of(session, referral.org_id).timezone)


def _answers(steps: tuple[Step, ...], by: By) -> bool:
    """Whether this is the agency's first word. Opening the referral is none, and our own withdrawal is none."""
    agencys = by.side is Side.AGENCY or bool(by.said_by)
    return agencys and steps[-1].to is not ReferralState.SEEN


def _noted(session: Session, referral: Referral, by: By, key: str, said: Said, now: datetime) -> ReferralEvent:
    """The same state again: kept as a note; a new date is the date that counts, and the reminders follow it."""
    at = _moment(session, referral, said)
    if said.next_on is not None and (said.next_on, at) != (referral.next_on, referral.next_at):
        referral.next_on, referral.next_at, referral.version = said.next_on, at, referral.version + 1
        zone = senders.org_of(session, referral.org_id).timezone
        schedule.after_move(session, referral, by_agency=by.side is Side.AGENCY, zone=zone, now=now)
    return events.append(
        session,
        referral,
        kind=EventKind.NOTE,
        by=by,
        key=key,
        now=now,
        reason=said.reason,
        text=said.text.strip(),
        next_on=said.next_on,
    )

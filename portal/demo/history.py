"""Lives the demo's last sixty days, day by day, through the use cases the pages use.

In the evening of each day the clock's own work is done (questions, nudges, time-outs) and navigators clear what is
old from their lists, so that Today holds what a real morning would hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from portal.demo import files, past, story
from portal.demo.story import Happening, Order
from referrals import by, create, follow_up, needs, people, progress, worklist
from referrals.answers import PatientSays
from referrals.progress import Said
from resources_db.models.referrals import Referral, SendBatch, WorklistItem
from resources_db.repositories import listings
from resources_db.tenancy import act_as, system
from resources_db.vocab import NeedSource, Priority, Question, ReferralState, WhyCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from portal.demo.world import World
    from resources_db.models.directory import Service
    from resources_db.models.people import Need, Patient

EVENING = time(18, 30)
OLD = timedelta(days=3)
"""What has stood on a list this long is done by then."""
UNTIL_SENT = create.UNDO + timedelta(seconds=1)
LONGER = timedelta(days=6)
STAY_LONGER = frozenset(
    {
        WhyCode.WAITLIST_30_DAYS,
        WhyCode.CONSENT_ENDS,
        WhyCode.DATE_AT_RISK,
        WhyCode.HOME_FROM_HOSPITAL,
        WhyCode.NO_REPLY,
        WhyCode.TEXT_NOT_DELIVERED,
    }
)


@dataclass(slots=True)
class Life:
    """The hands and the memory of the story."""

    session: Session
    world: World
    patients: Mapping[str, Patient]
    services: Mapping[str, Service]
    lines: list[dict[str, str]]
    needs: dict[tuple[str, str], Need] = field(default_factory=dict)
    sent: dict[int, SendBatch] = field(default_factory=dict)


def live(
    session: Session, world: World, patients: Mapping[str, Patient], services: Mapping[str, Service], *, now: datetime
) -> int:
    """Play the whole history up to now; gives how many referrals were sent."""
    life = Life(session, world, patients, services, files.rows("history"))
    happenings = [one for number, row in enumerate(life.lines) for one in story.of_line(number, row, now)]
    happenings.sort(key=lambda one: (one.at, one.line, one.order, one.step))
    by_day = {day: list(some) for day, some in groupby(happenings, key=lambda one: _day(one.at))}
    day, last = min(by_day), _day(now)
    while day <= last:
        for happening in by_day.get(day, ()):
            _happen(life, happening)
        _evening(life, min(_evening_of(day, now), now))
        day += timedelta(days=1)
    return len(life.sent)


def _day(moment: datetime) -> date:
    return moment.astimezone(story.ZONE).date()


def _evening_of(day: date, now: datetime) -> datetime:
    return datetime.combine(day, EVENING, ZoneInfo(str(story.ZONE))).astimezone(now.tzinfo)


def _happen(life: Life, happening: Happening) -> None:
    row = life.lines[happening.line]
    if happening.order is Order.FOUND:
        _find_need(life, row, happening.at)
    elif happening.order is Order.SENT:
        _send(life, row, happening)
    elif happening.order is Order.MOVED:
        _move(life, happening)
    else:
        _answer(life, row, happening)
    past.settle(life.session)


def _find_need(life: Life, row: Mapping[str, str], at: datetime) -> None:
    patient = life.patients[row["patient"]]
    if (row["patient"], row["need"]) in life.needs:
        return
    _as_navigator(life, patient)
    life.needs[row["patient"], row["need"]] = needs.add(
        life.session,
        patient_id=patient.id,
        org_id=patient.org_id,
        subneed=row["need"],
        source=NeedSource.TALK,
        urgency=_priority(row),
        date_at_risk=_day(at) + timedelta(days=int(row["identified"]) + int(row["at_risk_in"]))
        if row["at_risk_in"]
        else None,
        now=at,
    )


def _send(life: Life, row: Mapping[str, str], happening: Happening) -> None:
    patient, service = life.patients[row["patient"]], life.services[row["service"]]
    _as_navigator(life, patient)
    listing = listings.of_services(life.session, [service.id])[0]
    batch = create.send(
        life.session,
        patient_id=patient.id,
        choices=[create.Choice(listing.key)],
        form_key=f"demo-history-line-{happening.line:03}",
        wish=create.Wish(wanted=(row["need"],), priority=_priority(row)),
        now=happening.at,
    )
    act_as(life.session, system())
    create.release(life.session, batch.id, now=happening.at + UNTIL_SENT)
    life.sent[happening.line] = batch


def _move(life: Life, happening: Happening) -> None:
    referral = _referral(life, happening.line)
    if referral is None or referral.state is happening.state:
        return
    assert happening.state is not None
    withdrawn = happening.state is ReferralState.WITHDRAWN
    progress.move(
        life.session,
        referral.id,
        to=happening.state,
        by=by.NAVIGATOR if withdrawn else by.AGENCY_LINK,
        key=f"demo-step-{happening.line}-{happening.step}",
        said=Said(reason=happening.reason, next_on=happening.next_on),
        now=happening.at,
    )


def _answer(life: Life, row: Mapping[str, str], happening: Happening) -> None:
    referral = _referral(life, happening.line)
    assert happening.word is not None
    if referral is None:
        return
    solved = happening.word.value.endswith("solved")
    says = PatientSays(
        happening.word,
        question=Question.DAY_30 if solved else Question.OPEN,
        reason=happening.why,
        language=life.patients[row["patient"]].language,
        referral_id=referral.id,
        need_id=life.needs[row["patient"], row["need"]].id if solved else None,
    )
    progress.answer(
        life.session,
        life.sent[happening.line].id,
        says=says,
        by=by.PATIENT_LINK,
        key=f"demo-answer-{happening.line}-{happening.step}",
        now=happening.at,
    )


def _evening(life: Life, at: datetime) -> None:
    act_as(life.session, system())
    follow_up.run_due(life.session, now=at)
    past.settle(life.session)
    for item in _old_items(life, at):
        navigator = people.lead_of(life.session, item.patient_id)
        act_as(life.session, life.world.actor(navigator))
        worklist.done(life.session, item.id, now=at)


def _old_items(life: Life, at: datetime) -> Iterable[WorklistItem]:
    act_as(life.session, system(life.world.care.id))
    old = or_(
        and_(WorklistItem.created_at < at - OLD, WorklistItem.why.not_in(STAY_LONGER)),
        WorklistItem.created_at < at - LONGER,
    )
    return life.session.scalars(select(WorklistItem).where(WorklistItem.done_at.is_(None), old)).all()


def _referral(life: Life, line: int) -> Referral | None:
    act_as(life.session, system(life.world.care.id))
    return life.session.scalars(select(Referral).where(Referral.batch_id == life.sent[line].id)).one_or_none()


def _as_navigator(life: Life, patient: Patient) -> None:
    act_as(life.session, system())
    act_as(life.session, life.world.actor(people.lead_of(life.session, patient.id)))


def _priority(row: Mapping[str, str]) -> Priority:
    return Priority.URGENT if row["urgent"] else Priority.ROUTINE

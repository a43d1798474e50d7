"""The care plans of the demo: goals in people's own words, rules of safe contact, a pinned tier, a cover, a view."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.demo import story
from referrals import absences, goals, needs, pinning, saved_views
from resources_db.models.people import Need
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, GoalState, Role, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from portal.demo.world import World
    from resources_db.models.people import Patient

GOALS = (
    ("Rosa Martinez", "Quiero cocinar en casa para mis hijos, sin miedo a que nos saquen.", "tenant_legal", 21, ""),
    ("Rosa Martinez", "Llegar sola a mis citas del doctor.", "medical_ride", -10, "reached"),
    ("Gloria Simmons", "I want to stay in my own apartment.", "senior_ride", 45, ""),
    ("Curtis Brown", "A job before the winter is over.", "job_search", 60, ""),
    ("Lan Pham", "Tôi muốn tự đi khám đúng hẹn.", "medical_ride", 7, ""),
    ("Amina Hassan", "أريد بيتًا آمنًا لأولادي.", "affordable_housing", 90, ""),
)
"""Who, in which words, for which need, by when (days from now), and whether it is reached."""
NEVER_CALL = {"Walter King": "Text first. He works nights and sleeps until 3 p.m."}
PIN = ("Ines Morales", "Baby is due next week.")


def make(session: Session, world: World, people: Mapping[str, Patient], *, now: datetime) -> None:
    """All of it, as Dana and Marcus would have written it down."""
    dana, marcus = world.navigator("Dana"), world.navigator("Marcus")
    act_as(session, world.actor(dana.id))
    today = now.astimezone(story.ZONE).date()
    for name, words, subneed, days, state in GOALS:
        _goal(session, people[name], words, subneed, today + timedelta(days=days), now, reached=state == "reached")
    for name, why in NEVER_CALL.items():
        people[name].never_call, people[name].safe_contact = True, why
    pinning.pin(
        session,
        people[PIN[0]].id,
        tier=Tier.THIS_WEEK,
        because=PIN[1],
        until=today + timedelta(days=10),
        today=today,
        now=now,
    )
    saved_views.save(session, page="patients", name="Spanish, waiting", query="lang=es&sort=waiting", now=now)
    act_as(session, Actor(ActorKind.USER, world.care.id, marcus.id, Role.NAVIGATOR))
    absences.record(
        session,
        user_id=marcus.id,
        cover_id=dana.id,
        from_on=today + timedelta(days=5),
        until_on=today + timedelta(days=9),
        now=now,
    )


def _goal(
    session: Session, patient: Patient, words: str, subneed: str, target_on: date, now: datetime, *, reached: bool
) -> None:
    own = session.scalars(select(Need).where(Need.patient_id == patient.id)).all()
    need = next((one for one in own if needs.subneed_of(one) == subneed), None)
    told = story.office_hours(now, 20)
    goal = goals.add(
        session,
        patient_id=patient.id,
        words=words,
        target_on=target_on,
        need_id=need.id if need else None,
        now=told,
    )
    if reached:
        goals.set_state(session, goal.id, GoalState.COMPLETED, now=story.office_hours(now, 9))

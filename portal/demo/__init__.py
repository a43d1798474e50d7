"""The demo world: a fictional community around Cincinnati, made once, everything relative to the product's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from i18n import catalog
from portal import languages
from portal.demo import (
    care,
    history,
    imports,
    past,
    patients,
    places,
    requests,
    review,
    screenings,
    searches,
    twice,
    upkeep,
    words,
    world,
)
from referrals import links, paces
from referrals.clocks import Step
from resources_db import duplicate_finding
from resources_db import languages as switches
from resources_db.models.tenants import AppUser
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, Priority, Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.wiring import Runtime

OPENED = timedelta(days=400)
"""The organizations have worked here for more than a year."""
DRAFTS_SHOWN = ("ar",)
"""Draft languages that are on in the demo, to prove right-to-left pages; the others wait for its administrator."""
VOLUNTEERS = "Hope Pantry"
READER = "Nadia Haddad, certified translator"


def seed(runtime: Runtime) -> str:
    """Make the world in one transaction, if the database is empty; says what there is."""
    links.use_base(runtime.settings.public_url)
    with runtime.database.reading(system()) as session:
        languages.take(runtime, session)
        if session.scalar(select(func.count()).select_from(AppUser)):
            return "here already"
    with runtime.database.writing(system()) as session, session.begin():
        told = make(session, now=runtime.clock.now())
    duplicate_finding.search_all(runtime.database, now=runtime.clock.now())
    imports.make(runtime)
    return told


def make(session: Session, *, now: datetime) -> str:
    """The whole world; nothing of its past is sent again."""
    services = places.make(session, now=now)
    act_as(session, system())
    made = world.make(session, now=now - OPENED)
    world.claim(session, made)
    world.contacts(session, now=now - OPENED)
    people = patients.make(session, made, now=now)
    act_as(session, system())
    _read_languages(session, made, now=now - OPENED)
    past.settle(session)
    sent = history.live(session, made, people, services, now=now)
    act_as(session, system())
    past.settle(session)
    past.forget_usage(session)
    care.make(session, made, people, now=now)
    screenings.make(session, made, people, now=now)
    act_as(session, system())
    searches.make(session, now=now)
    requests.make(session, made, now=now)
    _set_pace(session, made, now=now)
    review.make(session, services, now=now)
    twice.make(session, services, now=now)
    words.make(session, services, now=now)
    upkeep.make(session, made, services, now=now)
    return f"{len(services)} services, {len(people)} patients, {sent} referrals"


def _set_pace(session: Session, made: world.World, *, now: datetime) -> None:
    """One agency works with volunteers twice a week: it is reminded later than others."""
    act_as(session, Actor(ActorKind.USER, made.care.id, made.navigator("Alex").id, Role.CARE_ADMIN))
    slow = next((one for one, name in paces.agencies(session, made.care.id) if name == VOLUNTEERS), None)
    if slow is not None:
        days = {(Step.NOTICE_2, Priority.ROUTINE): 4, (Step.NOTICE_3, Priority.ROUTINE): 6}
        paces.save(session, org_id=made.care.id, organization_id=slow, days=days, now=now)
    act_as(session, system())


def _read_languages(session: Session, made: world.World, *, now: datetime) -> None:
    admin = made.navigator("Alex")
    act_as(session, Actor(ActorKind.USER, made.care.id, admin.id, Role.CARE_ADMIN))
    for code in DRAFTS_SHOWN:
        switches.switch_on(session, code, READER, now)
    catalog.switch_on(DRAFTS_SHOWN)
    act_as(session, system())

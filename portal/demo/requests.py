"""People who asked for help on the demo's public pages: one in danger, one in Spanish, one about one place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import intake, takers
from referrals.intake import Asked
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service, ServiceAtLocation
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.demo.world import World

KEEP = {"keep": "A care team may keep what I write here and contact me about it."}
KEEP_ES = {"keep": "Un equipo de cuidado puede guardar lo que escribo aquí y contactarme por eso."}
TEXT_ES = {
    "text": "Pueden mandarme mensajes de texto sobre ayuda cerca de mí. Unos 2 a 6 mensajes al mes. Mi compañía de "
    "teléfono puede cobrar. Puedo mandar STOP en cualquier momento."
}
SHARE = {"share": "They may share my name, my phone number and what I need with places that can help."}


def make(session: Session, world: World, *, now: datetime) -> int:
    """Riverside Care takes requests from around Cincinnati; three people wait."""
    admin = world.navigator("Alex")
    act_as(session, Actor(ActorKind.USER, world.care.id, admin.id, Role.CARE_ADMIN))
    takers.switch(session, world.care.id, on=True, areas="410 450 451 452", now=now - timedelta(days=40))
    act_as(session, system(world.care.id))
    (taker,) = takers.takers(session)
    asked = _asked(session)
    for number, (hours, one) in enumerate(asked):
        intake.keep(session, taker, one, key=f"demo:{number}", now=now - timedelta(hours=hours))
    act_as(session, system())
    return len(asked)


def _asked(session: Session) -> list[tuple[int, Asked]]:
    return [
        (
            30,
            Asked(
                name="Lucia Gomez",
                phone="513-555-0171",
                zip="45205",
                language="es",
                words="Me quedé sin trabajo y no alcanza la comida para mis dos hijos.",
                may_text=True,
                agreed={**KEEP_ES, **TEXT_ES},
                subneed="food_pantry",
            ),
        ),
        (
            4,
            Asked(
                name="Walter Hayes",
                reach="At the library on Vine Street, mornings",
                zip="45202",
                words="I have no place to sleep tonight and it is cold.",
                agreed=KEEP,
                subneed="emergency_shelter",
                danger=("no_shelter",),
            ),
        ),
        (
            2,
            Asked(
                name="Denise P",
                phone="513-555-0173",
                reach="After 5 p.m., do not leave a message",
                zip="45219",
                words="Do you still give out food on Fridays?",
                listing=_pantry(session),
                may_share=True,
                agreed={**KEEP, **SHARE},
                subneed="food_pantry",
            ),
        ),
    ]


def _pantry(session: Session) -> ListingKey | None:
    row = session.execute(
        select(Service.id, ServiceAtLocation.location_id)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .where(Service.name == "Hope Pantry")
        .order_by(ServiceAtLocation.location_id)
        .limit(1)
    ).first()
    return ListingKey(row[0], row[1]) if row is not None else None

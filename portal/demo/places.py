"""The demo's directory: our own HSDS package through the real importer, then what was said and checked lately."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.demo import files
from resources_db import freshness, search_log
from resources_db.importers import base
from resources_db.models.curation import CapacityStatement
from resources_db.models.directory import ListingText, Location, Organization, Service, ServiceAtLocation
from resources_db.repositories import listing_texts
from resources_db.tenancy import act_as, system
from resources_db.vocab import ActorKind, CapacityState, ConfirmMethod, FieldGroup, FieldOrigin

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

SOURCE = "demo"
EDITED_BEFORE = timedelta(days=20)
"""Records were last edited some weeks before they were last confirmed."""

ORIGINS = {ConfirmMethod.AGENCY_LINK: FieldOrigin.AGENCY, ConfirmMethod.PHONE_CALL: FieldOrigin.STAFF}
HOURS = (FieldGroup.HOURS, FieldGroup.WHO_CAN_GO)
CONTACT = (FieldGroup.CONTACT,)


def make(session: Session, *, now: datetime) -> dict[str, Service]:
    """Import the package; give every service by its name."""
    actor = system(kind=ActorKind.IMPORT)
    act_as(session, actor)
    planned = base.plan(session, files.DIRECTORY, source=SOURCE, full=True)
    if planned.errors:
        msg = f"the demo directory has errors: {planned.errors[0]}"
        raise ValueError(msg)
    base.apply(session, planned, actor=actor, now=now)
    services = {service.name: service for service in session.scalars(select(Service))}
    _date(session, services, now)
    _translate(session, services, now)
    search_log.touch(session, {service.id for service in services.values()}, now=now)
    session.flush()
    return services


def _date(session: Session, services: Mapping[str, Service], now: datetime) -> None:
    for row in files.rows("today"):
        service = services[row["service"]]
        _confirm(session, service, int(row["confirmed_days_ago"]), ConfirmMethod(row["method"]), now)
        if row["capacity"]:
            session.add(_statement(service.id, row, now))
    oldest = now - timedelta(days=30)
    session.execute(update(Organization).values(edited_at=oldest, confirmed_at=oldest))


def _confirm(session: Session, service: Service, days: int, method: ConfirmMethod, now: datetime) -> None:
    """Contact at that time, hours a little or much earlier: a listing is seldom all as fresh as its phone."""
    at = now - timedelta(days=days, hours=3)
    origin = ORIGINS.get(method)
    if origin is not None:
        for groups, when in ((HOURS, at - timedelta(days=days)), (CONTACT, at)):
            freshness.confirm(session, service_id=service.id, groups=groups, method=method, origin=origin, now=when)
    service.confirmed_at, service.confirmed_method, service.edited_at = at, method, at - EDITED_BEFORE
    of_service = select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == service.id)
    dated = {"confirmed_at": at, "confirmed_method": method, "edited_at": at - EDITED_BEFORE}
    session.execute(update(Location).where(Location.id.in_(of_service)).values(**dated))
    session.execute(update(ServiceAtLocation).where(ServiceAtLocation.service_id == service.id).values(**dated))


def _statement(service_id: uuid.UUID, row: Mapping[str, str], now: datetime) -> CapacityStatement:
    return CapacityStatement(
        service_id=service_id,
        state=CapacityState(row["capacity"]),
        until=(now + timedelta(days=int(row["until_in_days"]))).date() if row["until_in_days"] else None,
        weeks=int(row["weeks"]) if row["weeks"] else None,
        said_by="agency",
        said_at=now - timedelta(days=int(row["said_days_ago"]), hours=1),
    )


def _translate(session: Session, services: Mapping[str, Service], now: datetime) -> None:
    for row in files.rows("spanish"):
        service = services[row["service"]]
        source: str = getattr(service, row["field"])
        session.add(
            ListingText(
                record_id=service.id,
                field=row["field"],
                lang=row["lang"],
                text=row["text"],
                source_hash=listing_texts.source_hash(source),
                at=now - timedelta(days=40),
            )
        )

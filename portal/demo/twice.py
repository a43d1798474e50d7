"""What a list of the county brought once more: seen by the team only, until somebody looks at the pairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.demo import files
from resources_db import merging
from resources_db.duplicates import ORGANIZATION, SERVICE
from resources_db.models.directory import Address, Location, Organization, Phone, Service, ServiceAtLocation
from resources_db.repositories import listings
from resources_db.vocab import GeocodeQuality, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

SOURCE = "county list"


@dataclass(frozen=True, slots=True)
class Twin:
    """The records of one row."""

    organization_id: uuid.UUID
    service_id: uuid.UUID


def make(session: Session, services: Mapping[str, Service], *, now: datetime) -> int:
    """Each row once more; those marked so are merged already."""
    rows = files.rows("twice")
    for row in rows:
        own = services[row["service"]]
        at = now - timedelta(days=int(row["days_ago"]))
        twin = _again(session, own, row, at)
        if row["merged"]:
            merged_at = at + timedelta(days=1)
            merging.merge(session, ORGANIZATION, own.organization_id, twin.organization_id, now=merged_at)
            merging.merge(session, SERVICE, own.id, twin.service_id, now=merged_at)
    return len(rows)


def _again(session: Session, own: Service, row: Mapping[str, str], at: datetime) -> Twin:
    listing = listings.of_services(session, [own.id], include_staff=True)[0]
    seen = {"visibility": Visibility.STAFF, "source": SOURCE, "edited_at": at, "confirmed_at": at}
    house = session.get_one(Organization, own.organization_id)
    agency = Organization(name=row["name"], website=house.website, **seen)
    service = Service(
        organization_id=agency.id,
        name=row["name"],
        description=row["description"],
        url=own.url,
        needs=own.needs,
        **seen,
    )
    place = Location(
        organization_id=agency.id,
        name=row["name"],
        latitude=listing.latitude,
        longitude=listing.longitude,
        geocode_quality=GeocodeQuality.ROOFTOP,
        **seen,
    )
    session.add(agency)
    session.flush()
    session.add_all([service, place])
    session.flush()
    number = listing.main_phone.number if listing.main_phone else ""
    number = f"{number[:-4]}{row['phone_end']}" if row["phone_end"] else number
    session.add(ServiceAtLocation(service_id=service.id, location_id=place.id, **seen))
    session.add_all(
        Phone(number=number, e164=number, **owner)
        for owner in ({"service_id": service.id}, {"organization_id": agency.id})
    )
    street = session.scalar(select(Address).where(Address.location_id == listing.location_id))
    if street is not None:
        session.add(
            Address(
                location_id=place.id,
                address_1=street.address_1,
                address_2=row["suite"],
                city=street.city,
                state_province=street.state_province,
                postal_code=street.postal_code,
            )
        )
    session.flush()
    return Twin(agency.id, service.id)

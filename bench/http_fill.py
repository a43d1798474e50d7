"""Puts the made-up listings into a real database, in bulk, as an import would leave them."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.corpus import NOW
from resources_db.base import Base
from resources_db.models.directory import (
    Address,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from resources_db.vocab import Access, CostKind
from search.rows import IndexRow

_BATCH = 5_000
_DAYS = "MO,TU,WE,TH,FR"


def fill(session: Session, rows: Sequence[IndexRow]) -> None:
    """Every row becomes an organization's service at a place, with address, phone, hours and languages."""
    organizations: dict[str, uuid.UUID] = {}
    for start in range(0, len(rows), _BATCH):
        tables: dict[type[Base], list[Mapping[str, object]]] = defaultdict(list)
        for row in rows[start : start + _BATCH]:
            _enter(tables, organizations, row)
        for table in (Organization, Service, Location, ServiceAtLocation, Address, Phone, Schedule, Language):
            if tables[table]:
                session.execute(insert(table), tables[table])


def _enter(
    tables: Mapping[type[Base], list[Mapping[str, object]]], organizations: dict[str, uuid.UUID], row: IndexRow
) -> None:
    seen = {"edited_at": NOW, "confirmed_at": row.confirmed_at or datetime(2024, 1, 1, tzinfo=UTC)}
    organization = organizations.get(row.organization)
    if organization is None:
        organization = organizations[row.organization] = uuid.uuid4()
        tables[Organization].append({"id": organization, "name": row.organization, **seen})
    service, location = uuid.UUID(row.service_id), uuid.uuid4()
    tables[Service].append(
        {
            "id": service,
            "organization_id": organization,
            "name": row.name,
            "description": row.description,
            "needs": list(row.needs),
            "access": Access.WALK_IN,
            "cost_kind": CostKind.FREE,
            **seen,
        }
    )
    placed = row.latitude == row.latitude  # NaN is no place
    tables[Location].append(
        {
            "id": location,
            "organization_id": organization,
            "name": row.name,
            "latitude": row.latitude if placed else None,
            "longitude": row.longitude if placed else None,
            "timezone": row.zone,
            "geocode_quality": row.quality,
            **seen,
        }
    )
    tables[ServiceAtLocation].append({"service_id": service, "location_id": location, **seen})
    tables[Address].append({"location_id": location, "address_1": "1418 Vine St", "city": row.place_words})
    tables[Phone].append({"service_id": service, "number": "+15135550160", "e164": "+15135550160", "type": "voice"})
    if row.spans:
        hours = {"freq": "WEEKLY", "byday": _DAYS, "opens_at": "09:00", "closes_at": "17:00"}
        tables[Schedule].append({"service_id": service, **hours})
    tables[Language] += [{"service_id": service, "code": code, "name": code} for code in row.languages]

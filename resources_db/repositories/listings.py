"""Loads listings: a service at a location, or a service without one.

The number of queries is the same for any number of listings.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from resources_db import redirects, reviews
from resources_db.listing_key import ListingKey
from resources_db.models.curation import CapacityStatement, FieldMark
from resources_db.models.directory import (
    Accessibility,
    Address,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from resources_db.models.upkeep import ListingReview
from resources_db.repositories import holidays_kept
from resources_db.repositories.listing import DEFAULT_TIMEZONE, AreaView, CapacityView, Listing, ListingPhone
from resources_db.repositories.listing_build import build
from resources_db.vocab import Visibility

__all__ = [
    "AreaView",
    "CapacityView",
    "Listing",
    "ListingPhone",
    "all_service_ids",
    "get",
    "load",
    "merged",
    "of_organization",
    "of_services",
]

_AT_ONCE = 10_000  # ids in one IN list; both databases take more
_Row = TypeVar("_Row")


@dataclass(slots=True)
class Rows:
    """Everything the builder needs, by owner id."""

    services: dict[uuid.UUID, Service] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    organizations: dict[uuid.UUID, Organization] = field(default_factory=dict)
    locations: dict[uuid.UUID, Location] = field(default_factory=dict)
    links: dict[uuid.UUID, list[ServiceAtLocation]] = field(default_factory=dict)
    addresses: dict[uuid.UUID, list[Address]] = field(default_factory=dict)
    phones: dict[uuid.UUID, list[Phone]] = field(default_factory=dict)
    schedules: dict[uuid.UUID, list[Schedule]] = field(default_factory=dict)
    languages: dict[uuid.UUID, list[Language]] = field(default_factory=dict)
    areas: dict[uuid.UUID, list[ServiceArea]] = field(default_factory=dict)
    documents: dict[uuid.UUID, list[RequiredDocument]] = field(default_factory=dict)
    costs: dict[uuid.UUID, list[CostOption]] = field(default_factory=dict)
    accessibility: dict[uuid.UUID, list[Accessibility]] = field(default_factory=dict)
    capacity: dict[tuple[uuid.UUID, uuid.UUID | None], CapacityStatement] = field(default_factory=dict)
    marks: dict[uuid.UUID, list[FieldMark]] = field(default_factory=dict)
    doubts: dict[uuid.UUID, list[ListingReview]] = field(default_factory=dict)


def load(
    session: Session,
    keys: Iterable[ListingKey],
    *,
    include_staff: bool = False,
    default_timezone: str = DEFAULT_TIMEZONE,
) -> list[Listing]:
    """The listings of these keys in their order; unknown, withdrawn and unseen ones are left out.

    A key that was merged away gives the listing that stands in its place, under the key that was asked for.
    """
    wanted = list(dict.fromkeys(keys))

    def of_keys(some: Iterable[ListingKey]) -> dict[ListingKey, Listing]:
        found = of_services(
            session, {key.service_id for key in some}, include_staff=include_staff, default_timezone=default_timezone
        )
        return {listing.key: listing for listing in found}

    by_key = of_keys(wanted)
    by_key |= merged(session, [key for key in wanted if key not in by_key], of_keys)
    return [by_key[key] for key in wanted if key in by_key]


def merged(
    session: Session,
    missing: Sequence[ListingKey],
    read: Callable[[Iterable[ListingKey]], Mapping[ListingKey, Listing]],
) -> dict[ListingKey, Listing]:
    """What stands now where these keys stood, by the old key. Asks nothing when none is missing."""
    led = redirects.of_keys(session, missing) if missing else {}
    found = read(set(led.values())) if led else {}
    return {old: replace(found[new], key=old) for old, new in led.items() if new in found}


def get(session: Session, key: ListingKey, *, include_staff: bool = False) -> Listing | None:
    """One listing, or None."""
    return next(iter(load(session, [key], include_staff=include_staff)), None)


def of_services(
    session: Session,
    service_ids: Iterable[uuid.UUID],
    *,
    include_staff: bool = False,
    default_timezone: str = DEFAULT_TIMEZONE,
) -> list[Listing]:
    """Every listing of these services, by service name and place."""
    wanted = list(set(service_ids))
    listings: list[Listing] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows = _rows(session, wanted[start : start + _AT_ONCE], include_staff=include_staff)
        listings += build(rows, default_timezone=default_timezone)
    return sorted(listings, key=lambda listing: (listing.name.casefold(), listing.location_name, str(listing.key)))


def of_organization(session: Session, organization_id: uuid.UUID, *, include_staff: bool = False) -> list[Listing]:
    """Every listing of one organization."""
    ids = session.scalars(select(Service.id).where(Service.organization_id == organization_id))
    return of_services(session, ids, include_staff=include_staff)


def all_service_ids(session: Session) -> list[uuid.UUID]:
    """Ids of all services that have not been withdrawn."""
    return list(session.scalars(select(Service.id).where(Service.deleted_at.is_(None)).order_by(Service.id)))


def _seen(include_staff: bool) -> set[Visibility]:
    return {Visibility.PUBLIC, Visibility.STAFF} if include_staff else {Visibility.PUBLIC}


def _rows(session: Session, service_ids: Sequence[uuid.UUID], *, include_staff: bool) -> Rows:
    seen = _seen(include_staff)
    services = session.scalars(
        select(Service).where(Service.id.in_(service_ids), Service.deleted_at.is_(None), Service.visibility.in_(seen))
    ).all()
    rows = Rows(services={service.id: service for service in services}, holidays=holidays_kept.kept(session))
    rows.organizations = {
        row.id: row
        for row in _in(session, Organization, Organization.id, {service.organization_id for service in services})
        if row.visibility in seen and row.deleted_at is None
    }
    links = _in(session, ServiceAtLocation, ServiceAtLocation.service_id, rows.services)
    rows.links = _by([link for link in links if link.deleted_at is None], "service_id")
    live = {link.id: link for link in links if link.deleted_at is None and link.visibility in seen}
    rows.locations = {
        row.id: row
        for row in _in(session, Location, Location.id, {link.location_id for link in live.values()})
        if row.visibility in seen and row.deleted_at is None
    }
    rows.links = {key: [link for link in found if link.id in live] for key, found in rows.links.items()}
    _parts(session, rows, set(live))
    return rows


def _parts(session: Session, rows: Rows, links: set[uuid.UUID]) -> None:
    services, places = set(rows.services), set(rows.locations)
    rows.addresses = _by(_in(session, Address, Address.location_id, places), "location_id")
    rows.accessibility = _by(_in(session, Accessibility, Accessibility.location_id, places), "location_id")
    rows.documents = _by(_in(session, RequiredDocument, RequiredDocument.service_id, services), "service_id")
    rows.costs = _by(_in(session, CostOption, CostOption.service_id, services), "service_id")
    owners = ("service_at_location_id", "service_id", "location_id")
    held = (Phone.service_id.in_(services), Phone.location_id.in_(places), Phone.service_at_location_id.in_(links))
    phones = _any(session, Phone, (*held, Phone.organization_id.in_(set(rows.organizations))))
    rows.phones = _by([p for p in phones if not p.private], *owners, "organization_id")
    rows.schedules = _by(
        _any(
            session,
            Schedule,
            (
                Schedule.service_id.in_(services),
                Schedule.location_id.in_(places),
                Schedule.service_at_location_id.in_(links),
            ),
        ),
        *owners,
    )
    spoken = (Language.service_id.in_(services), Language.location_id.in_(places))
    rows.languages = _by(_any(session, Language, spoken), "service_id", "location_id")
    areas = (ServiceArea.service_id.in_(services), ServiceArea.service_at_location_id.in_(links))
    rows.areas = _by(_any(session, ServiceArea, areas), "service_id", "service_at_location_id")
    marks = (FieldMark.record_id.in_(services), FieldMark.record_id.in_(places))
    rows.marks = _by(_any(session, FieldMark, marks), "record_id")
    rows.doubts = _by(reviews.open_of(session, services), "service_id")
    said = select(CapacityStatement).where(CapacityStatement.service_id.in_(services))
    for row in session.scalars(said.order_by(CapacityStatement.said_at, CapacityStatement.id)):
        rows.capacity[row.service_id, row.location_id] = row


_Key = InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None]


def _in(session: Session, model: type[_Row], column: _Key, ids: Iterable[uuid.UUID]) -> Sequence[_Row]:
    return session.scalars(select(model).where(column.in_(set(ids)))).all()


def _any(session: Session, model: type[_Row], held: Iterable[ColumnElement[bool]]) -> list[_Row]:
    """One query per owner and no OR, so that each uses its own index; a row held by several owners comes once."""
    parts = [select(model).where(condition) for condition in held]
    return list({id(row): row for part in parts for row in session.scalars(part)}.values())


def _by(rows: Iterable[_Row], *owners: str) -> dict[uuid.UUID, list[_Row]]:
    """Rows by each of the records that hold them, in the order of the source."""
    held: dict[uuid.UUID, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (getattr(row, "position", 0), str(getattr(row, "id", "")))):
        for owner in owners:
            if (key := getattr(row, owner)) is not None:
                held[key].append(row)
    return held

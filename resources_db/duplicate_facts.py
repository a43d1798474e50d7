"""Reads what is compared of organizations, services and locations, in batches. Confidential places are left out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select

from resources_db import alike
from resources_db.duplicates import KINDS, LOCATION, ORGANIZATION, SERVICE, Facts, Place
from resources_db.models.directory import (
    Address,
    Attribute,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from resources_db.vocab import Confidentiality, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

_AT_ONCE: Final = 500
MODELS: Final[Mapping[str, type[Organization | Service | Location]]] = {
    ORGANIZATION: Organization,
    SERVICE: Service,
    LOCATION: Location,
}
_Row = TypeVar("_Row")


def every(session: Session, kinds: Sequence[str] = KINDS) -> Iterator[Facts]:
    """Every record that stands in the directory; memory holds one batch of them."""
    for kind in kinds:
        model, after = MODELS[kind], None
        while True:
            query = select(model.id).where(*_standing(model)).order_by(model.id).limit(_AT_ONCE)
            ids = list(session.scalars(query if after is None else query.where(model.id > after)))
            if not ids:
                break
            yield from of(session, kind, ids)
            session.expunge_all()
            after = ids[-1]


def of(session: Session, kind: str, ids: Iterable[uuid.UUID]) -> list[Facts]:
    """The facts of these records; withdrawn, hidden and unknown ones are left out."""
    wanted = set(ids)
    reader = {ORGANIZATION: _organizations, SERVICE: _services, LOCATION: _locations}[kind]
    return reader(session, wanted)


def _standing(model: type[Organization | Service | Location]) -> tuple[ColumnElement[bool], ...]:
    return model.deleted_at.is_(None), model.visibility != Visibility.HIDDEN


def _organizations(session: Session, ids: set[uuid.UUID]) -> list[Facts]:
    rows = session.scalars(select(Organization).where(Organization.id.in_(ids), *_standing(Organization))).all()
    own = select(Location.organization_id, Location.id).where(Location.organization_id.in_(ids))
    used = (
        select(Service.organization_id, ServiceAtLocation.location_id)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .where(Service.organization_id.in_(ids), Service.deleted_at.is_(None), ServiceAtLocation.deleted_at.is_(None))
    )
    sites = _sites(session, [*session.execute(own), *session.execute(used)])
    phones = _phones(session, Phone.organization_id, ids)
    named = _grouped(
        session.execute(
            select(OrganizationIdentifier.organization_id, OrganizationIdentifier.identifier).where(
                OrganizationIdentifier.organization_id.in_(ids)
            )
        )
    )
    return [
        Facts(
            ORGANIZATION,
            str(row.id),
            row.name,
            str(row.id),
            row.description,
            phones=_numbers(phones[row.id]),
            emails=_emails(row.email),
            hosts=_hosts(row.website),
            year=int(row.year_incorporated) if row.year_incorporated else None,
            places=tuple(sites[row.id]),
            external=tuple(sorted({one.strip() for one in named[row.id] if one.strip()})),
        )
        for row in rows
    ]


def _services(session: Session, ids: set[uuid.UUID]) -> list[Facts]:
    rows = session.scalars(select(Service).where(Service.id.in_(ids), *_standing(Service))).all()
    links = list(
        session.execute(
            select(ServiceAtLocation.service_id, ServiceAtLocation.location_id, ServiceAtLocation.id).where(
                ServiceAtLocation.service_id.in_(ids), ServiceAtLocation.deleted_at.is_(None)
            )
        )
    )
    sites = _sites(session, [(service, place) for service, place, _link in links])
    phones, of_house = (
        _phones(session, Phone.service_id, ids),
        _phones(session, Phone.organization_id, {row.organization_id for row in rows}),
    )
    hours = _hours(session, ids, links)
    terms = _grouped(
        session.execute(select(Attribute.link_id, Attribute.taxonomy_term_id).where(Attribute.link_id.in_(ids)))
    )
    houses = {row.organization_id for row in rows}
    websites = dict(
        session.execute(select(Organization.id, Organization.website).where(Organization.id.in_(houses))).all()
    )
    return [
        Facts(
            SERVICE,
            str(row.id),
            row.name,
            str(row.organization_id),
            row.description,
            phones=_numbers(phones[row.id] or of_house[row.organization_id]),
            emails=_emails(row.email),
            hosts=_hosts(row.url or websites.get(row.organization_id, "")),
            places=tuple(sites[row.id]),
            hours=hours[row.id],
            topics=tuple(sorted(map(str, terms[row.id]))) or tuple(row.needs),
            people="|".join(
                str(one) for one in (row.eligibility_description, row.minimum_age, row.maximum_age) if one is not None
            ).strip("|"),
        )
        for row in rows
    ]


def _locations(session: Session, ids: set[uuid.UUID]) -> list[Facts]:
    rows = session.scalars(select(Location).where(Location.id.in_(ids), *_standing(Location))).all()
    sites = _sites(session, [(row.id, row.id) for row in rows])
    phones = _phones(session, Phone.location_id, ids)
    houses = {row.organization_id for row in rows if row.organization_id}
    names = dict(session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(houses))).all())
    return [
        Facts(
            LOCATION,
            str(row.id),
            _name(row, sites[row.id], names),
            str(row.organization_id or row.id),
            row.description,
            phones=_numbers(phones[row.id]),
            hosts=_hosts(row.url),
            places=tuple(sites[row.id]),
            external=(row.external_identifier.strip(),) if row.external_identifier.strip() else (),
        )
        for row in rows
    ]


def _name(row: Location, sites: Sequence[Place], houses: Mapping[uuid.UUID, str]) -> str:
    """A place that is called by its street, or not at all, goes by the name of its organization."""
    own = alike.normal(row.name)
    by_street = any(own == alike.normal(place.street) for place in sites)
    return row.name if own and not by_street else houses.get(row.organization_id or row.id, "")


def _sites(session: Session, pairs: Iterable[tuple[uuid.UUID | None, uuid.UUID]]) -> dict[uuid.UUID, list[Place]]:
    """The public places of each owner."""
    held = sorted({(owner, place) for owner, place in pairs if owner}, key=str)
    wanted = {place for _owner, place in held}
    rows = session.scalars(
        select(Location).where(
            Location.id.in_(wanted), Location.confidentiality == Confidentiality.PUBLIC, Location.deleted_at.is_(None)
        )
    ).all()
    addresses = _grouped(
        (one.location_id, one)
        for one in session.scalars(select(Address).where(Address.location_id.in_({row.id for row in rows})))
    )
    places = {row.id: _place(row, addresses[row.id]) for row in rows}
    found: dict[uuid.UUID, list[Place]] = defaultdict(list)
    for owner, place in held:
        if place in places:
            found[owner].append(places[place])
    return found


def _place(row: Location, addresses: Sequence[Address]) -> Place:
    first = min(addresses, key=lambda one: (one.position, str(one.id)), default=None)
    if first is None:
        return Place(latitude=row.latitude, longitude=row.longitude)
    return Place(first.address_1, first.city, first.postal_code[:5], row.latitude, row.longitude)


def _phones(
    session: Session, column: InstrumentedAttribute[uuid.UUID | None], ids: set[uuid.UUID]
) -> dict[uuid.UUID, list[str]]:
    query = select(column, Phone.e164).where(column.in_(ids), Phone.e164 != "", Phone.private.is_(False))
    return _grouped(session.execute(query))


def _hours(
    session: Session, ids: set[uuid.UUID], links: Sequence[tuple[uuid.UUID, uuid.UUID, uuid.UUID]]
) -> dict[uuid.UUID, str]:
    """One text a service that differs when its opening hours differ."""
    service_of = {link: service for service, _place, link in links}
    held = (Schedule.service_id, ids), (Schedule.service_at_location_id, set(service_of))
    said: dict[uuid.UUID, set[str]] = defaultdict(set)
    for column, owners in held:
        for row in session.scalars(select(Schedule).where(column.in_(owners))):
            owner = row.service_id or service_of.get(row.service_at_location_id or row.id)
            if owner:
                times = f"{row.freq} {row.byday} {row.bymonthday} {row.opens_at} {row.closes_at}".strip()
                said[owner].add(times or row.original_text)
    return defaultdict(str, {owner: " | ".join(sorted(texts)) for owner, texts in said.items()})


def _grouped(pairs: Iterable[tuple[uuid.UUID | None, _Row]]) -> dict[uuid.UUID, list[_Row]]:
    found: dict[uuid.UUID, list[_Row]] = defaultdict(list)
    for owner, value in pairs:
        if owner is not None:
            found[owner].append(value)
    return found


def _numbers(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(numbers)))


def _emails(text: str) -> tuple[str, ...]:
    return (text.strip().casefold(),) if "@" in text else ()


def _hosts(address: str) -> tuple[str, ...]:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ()
    host = host.removeprefix("www.")
    return (host,) if "." in host else ()

"""Listings as they were read last, so that a page of hits costs one query instead of twenty.

Trusted only while the log of changes stands where it stood; what SQL does not show any more is left out in any case.
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from resources_db.listing_key import ListingKey
from resources_db.models.curation import SearchChange
from resources_db.models.directory import Location, Organization, Service, ServiceAtLocation
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.vocab import Confidentiality, ServiceStatus, Visibility

_MOST = 4_000  # services; a few kilobytes each
_LATE = 500  # numbers looked back: transactions commit out of order
_Position = tuple[int, int]
_Place = tuple[uuid.UUID, uuid.UUID | None]
_Shown = dict[_Place, tuple[ServiceStatus, Confidentiality]]


class ListingMemory:
    """Safe for threads; one for a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._position: _Position = (0, 0)
        self._held: OrderedDict[uuid.UUID, Sequence[Listing]] = OrderedDict()

    def load(self, session: Session, keys: Iterable[ListingKey]) -> list[Listing]:
        """Like `listings.load`: what everybody may see, in the order of the keys."""
        wanted = list(dict.fromkeys(keys))
        by_key = self._read(session, wanted)
        by_key |= listings.merged(
            session, [key for key in wanted if key not in by_key], lambda led: self._read(session, led)
        )
        return [by_key[key] for key in wanted if key in by_key]

    def _read(self, session: Session, wanted: Iterable[ListingKey]) -> dict[ListingKey, Listing]:
        services = {key.service_id for key in wanted}
        # first, and in one query: what changes while we read is read again the next time
        position, shown = _shown(session, services)
        if not shown:
            return {}
        known = self._known(services, position)
        missing = services - known.keys()
        if missing:
            read = _by_service(missing, listings.of_services(session, missing))
            self._keep(read, position)
            known |= read
        return {
            listing.key: listing
            for service, found in known.items()
            for listing in found
            if service in missing
            or shown.get((service, listing.location_id)) == (listing.status, listing.confidentiality)
        }

    def _known(self, services: set[uuid.UUID], position: _Position) -> dict[uuid.UUID, Sequence[Listing]]:
        with self._lock:
            if position != self._position:
                self._held.clear()
                self._position = position
            known = {service: self._held[service] for service in services if service in self._held}
            for service in known:
                self._held.move_to_end(service)
            return known

    def _keep(self, read: dict[uuid.UUID, Sequence[Listing]], position: _Position) -> None:
        with self._lock:
            if position == self._position:
                self._held.update(read)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)


def _by_service(services: set[uuid.UUID], found: Iterable[Listing]) -> dict[uuid.UUID, Sequence[Listing]]:
    by_service: dict[uuid.UUID, list[Listing]] = {service: [] for service in services}
    for listing in found:
        by_service[listing.service_id].append(listing)
    return dict(by_service)


def _shown(session: Session, services: set[uuid.UUID]) -> tuple[_Position, _Shown]:
    """Which of these services everybody may see now and at which places (None: no place), and what may close them.

    With them where the log stands; of nothing that is shown, that does not matter.
    """
    position: _Position = (0, 0)
    shown: _Shown = {}
    if services:
        for number, late, service, location, status, confidentiality in session.connection().execute(
            _SEEN, {"services": list(services)}
        ):
            position = int(number), int(late)
            shown[service, location] = status, confidentiality or Confidentiality.PUBLIC
    return position, shown


def _is_public(model: type[Service | Organization | Location]) -> ColumnElement[bool]:
    return and_(model.deleted_at.is_(None), model.visibility == Visibility.PUBLIC)


def _seen() -> Select[int, int, uuid.UUID, uuid.UUID, ServiceStatus, Confidentiality]:
    """The newest number of the log, and how many of the last ones are there: one may come late under a lower number."""
    newest = select(func.coalesce(func.max(SearchChange.seq), 0)).scalar_subquery()
    late = select(func.count()).where(SearchChange.seq > newest - _LATE).scalar_subquery()
    link = and_(
        ServiceAtLocation.service_id == Service.id,
        ServiceAtLocation.deleted_at.is_(None),
        ServiceAtLocation.visibility == Visibility.PUBLIC,
    )
    return (
        select(newest, late, Service.id, Location.id, Service.status, Location.confidentiality)
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(ServiceAtLocation, link)
        .outerjoin(Location, and_(Location.id == ServiceAtLocation.location_id, _is_public(Location)))
        .where(
            Service.id.in_(bindparam("services", expanding=True)),
            _is_public(Service),
            _is_public(Organization),
            or_(ServiceAtLocation.id.is_(None), Location.id.is_not(None)),
        )
    )


# Written once: putting a statement together takes longer than asking it. Core, as no row of a tenant is touched.
_SEEN = _seen()

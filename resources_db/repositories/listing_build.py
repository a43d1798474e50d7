"""Puts one listing together from rows already loaded.

Pure: what belongs to which, and what a confidential place hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resources_db import freshness, hours_rows, places, reviews
from resources_db.listing_key import ListingKey
from resources_db.places import NOWHERE, Point
from resources_db.repositories import holidays_kept
from resources_db.repositories.listing import AreaView, CapacityView, Listing, ListingPhone
from resources_db.vocab import Confidentiality, GeocodeQuality, LocationType, NeedsOrigin, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from resources_db.models import directory as d
    from resources_db.models.curation import FieldMark
    from resources_db.models.directory import Address, Location, Phone, Schedule, Service
    from resources_db.repositories.listings import Rows

_ZIP3 = 3
_MEASURED = (GeocodeQuality.ROOFTOP, GeocodeQuality.STREET, GeocodeQuality.ZIP)


def build(rows: Rows, *, default_timezone: str) -> Iterator[Listing]:
    for service in rows.services.values():
        if service.organization_id not in rows.organizations:
            continue
        links = rows.links.get(service.id)
        if links is None:
            yield _listing(rows, service, None, None, default_timezone)
            continue
        for link in links:
            if link.location_id in rows.locations:
                yield _listing(rows, service, link, rows.locations[link.location_id], default_timezone)


def _listing(
    rows: Rows, service: Service, link: d.ServiceAtLocation | None, place: Location | None, default_timezone: str
) -> Listing:
    organization = rows.organizations[service.organization_id]
    address = _address(rows, place)
    schedules = _schedules(rows, service, link, place)
    hidden = place is not None and place.confidentiality != Confidentiality.PUBLIC
    point = _point(place, address)
    owners = [owner.id for owner in (link, service, place, organization) if owner is not None]
    dated = [record for record in (service, place, link) if record is not None]
    postal_code = address.postal_code if address else ""
    return Listing(
        key=ListingKey(service.id, place.id if place else None),
        service_id=service.id,
        location_id=place.id if place else None,
        name=service.name,
        location_name=place.name if place and not hidden else "",
        organization_id=organization.id,
        organization_name=organization.name,
        description=service.description,
        needs=tuple(service.needs),
        also_serves=tuple(service.also_serves),
        address_lines=() if hidden or not address else _lines(address),
        city=address.city if address else "",
        state=address.state_province if address else "",
        postal_code="" if hidden else postal_code,
        zip3=postal_code[:_ZIP3],
        latitude=point.latitude,
        longitude=point.longitude,
        geocode_quality=point.quality,
        timezone=(place.timezone if place else "") or default_timezone,
        rules=holidays_kept.closed_on(hours_rows.rules_of(schedules), rows.holidays),
        hours_text=_words(schedules),
        phones=tuple(_phones(row for owner in owners for row in rows.phones.get(owner, ()))),
        email=service.email or organization.email,
        url=service.url or organization.website,
        languages=_languages(rows, owners),
        documents=tuple(dict.fromkeys(row.document for row in rows.documents.get(service.id, ()) if row.document)),
        cost_kind=service.cost_kind,
        cost_text=service.fees_description or _costs(rows, service.id),
        access=service.access,
        call_first=service.call_first,
        application_process=service.application_process,
        eligibility=service.eligibility_description,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        capacity=_capacity(rows, service, place),
        alert=service.alert,
        alert_from=service.alert_from,
        alert_until=service.alert_until,
        looked_at=service.looked_at,
        confirmed_at=service.confirmed_at,
        confirmed_method=service.confirmed_method,
        edited_at=max(record.edited_at for record in dated),
        confidentiality=place.confidentiality if place else Confidentiality.PUBLIC,
        sensitive=service.sensitive,
        areas=tuple(_areas(rows, service, link)),
        delivery=service.delivery,
        visibility=max((record.visibility for record in dated), key=list(Visibility).index),
        status=service.status,
        accessibility=_accessibility(rows, place, hidden=hidden),
        version=service.version,
        needs_guessed=service.needs_origin == NeedsOrigin.SUGGESTED,
        confirmed=freshness.dates(service, _marks(rows, service, place), place.id if place else None),
        doubts=tuple(
            reviews.doubt_of(row)
            for row in rows.doubts.get(service.id, ())
            if row.location_id is None or (place is not None and row.location_id == place.id)
        ),
    )


def _marks(rows: Rows, service: Service, place: Location | None) -> list[FieldMark]:
    return [*rows.marks.get(service.id, ()), *(rows.marks.get(place.id, ()) if place else ())]


def _point(place: Location | None, address: Address | None) -> Point:
    """Where distances are measured from: never a point that says less than the ZIP, never that of a protected place.

    An address nobody has looked up stands in the middle of its ZIP.

    A place of which only the area is told stands in the middle of its three-digit ZIP for everybody, so that asking
    from many sides finds nothing.
    """
    if place is None or place.confidentiality is Confidentiality.HIDDEN:
        return NOWHERE
    if place.confidentiality is Confidentiality.AREA_ONLY:
        return places.middle_of_zip3(address.postal_code[:_ZIP3] if address else "")
    if place.latitude is not None and place.geocode_quality in _MEASURED:
        return Point(place.latitude, place.longitude, place.geocode_quality)
    if place.geocode_quality is GeocodeQuality.NONE and place.location_type is LocationType.PHYSICAL and address:
        return places.middle_of_zip(address.postal_code)
    return Point(None, None, place.geocode_quality)


def _address(rows: Rows, place: Location | None) -> Address | None:
    """The street address of a place; its postal one only when there is no other; none at all for a hidden place."""
    if place is None or place.confidentiality == Confidentiality.HIDDEN:
        return None
    found = rows.addresses.get(place.id, [])
    physical = [address for address in found if address.address_type == LocationType.PHYSICAL]
    return next(iter(physical or found), None)


def _lines(address: Address) -> tuple[str, ...]:
    town = ", ".join(filter(None, (address.city, address.state_province)))
    last = " ".join(filter(None, (town, address.postal_code)))
    return tuple(filter(None, (address.address_1, address.address_2, last)))


def _schedules(
    rows: Rows, service: Service, link: d.ServiceAtLocation | None, place: Location | None
) -> list[Schedule]:
    """The hours of the service at this place, else of the service, else of the place."""
    for owner in (link, service, place):
        if owner is not None and (found := rows.schedules.get(owner.id)):
            return found
    return []


def _phones(found: Iterable[Phone]) -> Iterator[ListingPhone]:
    seen: set[str] = set()
    for row in found:
        number = row.e164 or (row.number if row.short_code else "")
        if (number or row.number) in seen:
            continue
        seen.add(number or row.number)
        kind = row.type or "voice"
        yield ListingPhone(number, row.number, kind, row.description, row.extension, row.accepts_sms, row.vanity)


def _languages(rows: Rows, owners: list[uuid.UUID]) -> tuple[str, ...]:
    spoken = [row.code or row.name for owner in owners for row in rows.languages.get(owner, ())]
    return tuple(dict.fromkeys(filter(None, spoken)))


def _costs(rows: Rows, service_id: uuid.UUID) -> str:
    found = rows.costs.get(service_id, ())
    return "; ".join(filter(None, (" ".join(filter(None, (row.option, row.amount_description))) for row in found)))


def _capacity(rows: Rows, service: Service, place: Location | None) -> CapacityView | None:
    """The newer of what was said of this place and of the service everywhere."""
    said = [rows.capacity.get((service.id, None)), rows.capacity.get((service.id, place.id)) if place else None]
    newest = max((row for row in said if row is not None), key=lambda row: row.said_at, default=None)
    if newest is None:
        return None
    return CapacityView(newest.state, newest.until, newest.said_by, newest.said_at, newest.note, newest.weeks)


def _words(schedules: list[Schedule]) -> str:
    """The hours in the source's own words."""
    return "\n".join(dict.fromkeys(text for row in schedules if (text := row.original_text or row.description)))


def _areas(rows: Rows, service: Service, link: d.ServiceAtLocation | None) -> Iterator[AreaView]:
    """An area of the service at this place wins over the service's own."""
    own = rows.areas.get(link.id) if link else None
    yield from map(_area, own or rows.areas.get(service.id) or [])


def _area(row: d.ServiceArea) -> AreaView:
    words = row.description or row.name or (row.extent if row.extent_type in ("", "text") else "")
    return AreaView(
        zip_codes=tuple(row.zip_codes),
        counties=tuple(row.counties),
        states=tuple(row.states),
        nationwide=row.nationwide,
        geojson=row.extent if row.extent_type == "geojson" and row.extent.lstrip().startswith("{") else "",
        text=words,
    )


def _accessibility(rows: Rows, place: Location | None, *, hidden: bool) -> tuple[str, ...]:
    if place is None or hidden:
        return ()
    return tuple(row.description for row in rows.accessibility.get(place.id, ()) if row.description)

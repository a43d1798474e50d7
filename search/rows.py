"""One listing as the index takes it in, made from the directory's Listing. No patient, nothing confidential."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from resources_db import hours
from resources_db.hours import OpenState
from resources_db.needs import NEEDS
from resources_db.repositories.listing import AreaView, CapacityView, Listing
from resources_db.repositories.standing import Standing
from resources_db.vocab import Access, Confidentiality, CostKind, Delivery, GeocodeQuality, ServiceStatus
from search import audience, headquarters
from search.areas import AreaSpec
from search.audience import EVERYBODY, Audience
from search.geo import Point
from search.papers import Papers, papers_of

HORIZON_DAYS = 15  # how far ahead opening hours are kept as columns


@dataclass(frozen=True, slots=True)
class IndexRow:
    """`hours_known` says whether open or closed may be claimed; `spans` are UTC minutes since 1970."""

    key: str
    service_id: str
    name: str
    organization: str
    description: str
    needs: tuple[str, ...] = ()
    also_serves: tuple[str, ...] = ()
    latitude: float = math.nan
    longitude: float = math.nan
    quality: GeocodeQuality = GeocodeQuality.NONE
    zone: str = ""
    open_state: OpenState = OpenState.UNKNOWN
    spans: tuple[tuple[int, int], ...] = ()
    languages: tuple[str, ...] = ()
    papers: Papers = Papers.UNKNOWN
    audience: Audience = EVERYBODY
    step_free: bool = False
    capacity: CapacityView | None = None
    confirmed_at: datetime | None = None
    areas: tuple[AreaSpec, ...] = ()
    remote: bool = False
    alert: bool = False
    place_words: str = ""
    cost: CostKind = CostKind.UNKNOWN
    standing: tuple[Standing, ...] = ()
    confidential: bool = False
    guessed: bool = False
    doubted: bool = False


def from_listing(listing: Listing, now: datetime, standing: Iterable[Standing] = ()) -> IndexRow:
    """The row of a listing, with its hours laid out from `now` on and its record of helping."""
    areas = tuple(spec for spec in map(_spec, listing.areas) if spec.says_something)
    latitude, longitude = _point(listing, areas)
    return IndexRow(
        key=str(listing.key),
        service_id=str(listing.service_id),
        name=listing.name,
        organization=listing.organization_name,
        description=listing.description,
        needs=tuple(need for need in listing.needs if need in NEEDS),
        also_serves=tuple(need for need in listing.also_serves if need in NEEDS),
        latitude=latitude,
        longitude=longitude,
        quality=listing.geocode_quality,
        zone=listing.timezone,
        open_state=_state(listing, now),
        spans=_spans(listing, now),
        languages=tuple(code.split("-")[0].lower() for code in listing.languages),
        papers=papers_of(listing.documents),
        audience=audience.of(
            (listing.name, listing.description, listing.eligibility), listing.minimum_age, listing.maximum_age
        ),
        step_free=audience.step_free(listing.accessibility),
        capacity=listing.capacity,
        confirmed_at=listing.relied_on_at,
        areas=areas,
        remote=_is_remote(listing),
        alert=bool(listing.alert_at(now)),
        place_words=f"{listing.location_name} {listing.city}",
        cost=listing.cost_kind,
        standing=tuple(one for one in standing if one.need in NEEDS),
        confidential=listing.confidentiality != Confidentiality.PUBLIC,
        guessed=listing.needs_guessed,
        doubted=bool(listing.doubts),
    )


def is_shown(listing: Listing) -> bool:
    """Closed services stay reachable by their page, but are not found."""
    return listing.status == ServiceStatus.ACTIVE


def _is_remote(listing: Listing) -> bool:
    """Help that comes by phone or net, wherever the person is (its area still counts)."""
    return listing.delivery in {Delivery.PHONE, Delivery.ONLINE} or listing.access == Access.ONLINE


def _point(listing: Listing, areas: tuple[AreaSpec, ...]) -> tuple[float, float]:
    """Where it is near to; nowhere when the address lies far outside all that is served."""
    if listing.latitude is None or listing.longitude is None:
        return math.nan, math.nan
    if headquarters.is_far_from(areas, Point(listing.latitude, listing.longitude)):
        return math.nan, math.nan
    return listing.latitude, listing.longitude


def _spec(area: AreaView) -> AreaSpec:
    return AreaSpec(area.zip_codes, area.counties, area.states, area.nationwide, area.geojson)


def _spans(listing: Listing, now: datetime) -> tuple[tuple[int, int], ...]:
    trusted = minute(listing.hours_as_of + hours.STALE) + 1
    found = listing.sure_spans(now, HORIZON_DAYS)
    return tuple((minute(opens), min(minute(closes), trusted)) for opens, closes in found if minute(opens) < trusted)


def _state(listing: Listing, now: datetime) -> OpenState:
    """A notice with dates and a holiday pass before the index is made anew: they are holes in the hours."""
    state = listing.open_status(now).state
    lasting = bool(listing.alert) and listing.alert_from is None and listing.alert_until is None
    return OpenState.CLOSED if state is OpenState.CALL_FIRST and listing.tells_hours(now) and not lasting else state


def minute(moment: datetime) -> int:
    """Whole minutes since 1970; moments outside what a column holds are held at its ends."""
    return max(min(int(moment.timestamp() // 60), 2_000_000_000), -2_000_000_000)

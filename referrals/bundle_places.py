"""The places of a bundle, found when it is used: for each need the best one and two others. Search is handed in.

Nothing is written. A need that somebody helps with already, or that the person does not want, is left out at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import or_, select

from referrals import needs, people, rereferral
from referrals.bundle_forms import Item
from referrals.lifecycle import WITH_AGENCY
from resources_db.models.directory import Organization
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, SendBatch, ServiceRequest
from resources_db.repositories import listings
from resources_db.vocab import BatchState, HelpWanted

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.bundles import Kit
    from resources_db.listing_key import ListingKey
    from resources_db.models.people import Patient
    from resources_db.repositories.listings import Listing

MANY = 3
LOOKED_AT = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: one need of the bundle, near the person, in their language, with the filters kept for it."""

    item: Item
    zip: str
    language: str
    travel: str


class Finder(Protocol):
    """Whoever finds places, best first. The edge hands in the search engine."""

    def __call__(self, wanted: Wanted, *, limit: int, now: datetime) -> Sequence[ListingKey]:
        """Keys of listings, best first; none that does not serve where the person lives."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """One need of the bundle with its places, the best one first. `agency` helps with this need already."""

    item: Item
    places: tuple[Listing, ...]
    agency: str = ""
    not_wanted: bool = False

    @property
    def left_out(self) -> bool:
        """Whether the need stays out unless a person says otherwise."""
        return bool(self.agency) or self.not_wanted


def resolve(session: Session, patient_id: uuid.UUID, kit: Kit, find: Finder, *, now: datetime) -> tuple[Offer, ...]:
    """What the bundle comes to for this patient now. No place stands first for two needs: a service is sent once."""
    patient = people.get(session, patient_id)
    found = {item.subneed: list(find(_wanted(patient, item), limit=LOOKED_AT, now=now)) for item in kit.items}
    keys = list(dict.fromkeys(key for keys in found.values() for key in keys))
    tried = rereferral.tried_services(session, patient.id, now=now)
    usable = rereferral.choose(listings.load(session, keys, include_staff=True), tried, now=now)
    by_key = {listing.key: listing for listing in usable}
    fitting = {subneed: _fitting(subneed, keys, by_key) for subneed, keys in found.items()}
    agencies, refused = _known(session, patient.id)
    best = _best(fitting, skip={*agencies, *refused})
    return tuple(
        Offer(
            item,
            tuple(_in_order(fitting[item.subneed], best.get(item.subneed), set(best.values()))),
            agency=agencies.get(item.subneed, ""),
            not_wanted=item.subneed in refused,
        )
        for item in kit.items
    )


def _wanted(patient: Patient, item: Item) -> Wanted:
    language = patient.language if patient.language != "en" else ""
    return Wanted(item, patient.zip or "", language, patient.travel or "")


def _fitting(subneed: str, keys: Sequence[ListingKey], by_key: Mapping[ListingKey, Listing]) -> list[Listing]:
    """Places that offer just this; search also gives what is near to it, which a person would have to choose."""
    found = [by_key[key] for key in keys if key in by_key]
    return [one for one in found if subneed in {*one.needs, *one.also_serves}]


def _best(fitting: Mapping[str, Sequence[Listing]], skip: set[str]) -> dict[str, uuid.UUID]:
    """The service that stands first for each need; needs that stay out take none away from the others."""
    best: dict[str, uuid.UUID] = {}
    for subneed in sorted(fitting, key=lambda one: one in skip):
        free = (one.service_id for one in fitting[subneed] if one.service_id not in best.values())
        first = next(free, None)
        if first is not None:
            best[subneed] = first
    return best


def _in_order(places: Sequence[Listing], own: uuid.UUID | None, taken: set[uuid.UUID]) -> list[Listing]:
    """The need's own best place, then others; one line a service."""
    services = {one.service_id: one for one in reversed(places)}
    kept = [one for one in places if services[one.service_id] is one]
    first = [one for one in kept if one.service_id == own]
    return [*first, *(one for one in kept if one.service_id not in taken)][:MANY]


def _known(session: Session, patient_id: uuid.UUID) -> tuple[dict[str, str], set[str]]:
    """Which needs an agency is helping with, by name, or is about to be asked; and which are not wanted."""
    query = (
        select(Need, Organization.name)
        .join(ServiceRequest, ServiceRequest.need_id == Need.id)
        .join(Referral, Referral.request_id == ServiceRequest.id)
        .join(Organization, Organization.id == Referral.organization_id)
        .outerjoin(SendBatch, SendBatch.id == Referral.batch_id)
        .where(Need.patient_id == patient_id)
        .where(or_(Referral.state.in_(WITH_AGENCY), SendBatch.state == BatchState.WAITING))
    )
    agencies = {needs.subneed_of(need): name for need, name in session.execute(query)}
    refused = select(Need).where(Need.patient_id == patient_id, Need.help_wanted == HelpWanted.NO)
    wanted = {needs.subneed_of(need) for need in needs.open_needs(session, patient_id)}
    return agencies, {needs.subneed_of(need) for need in session.scalars(refused)} - wanted

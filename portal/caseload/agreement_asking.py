"""What an agreement is asked for: the kinds of services and the agencies that somebody wants to send to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, request

from referrals import disclosure, people, prepare
from referrals.consent import PART2_NEEDS
from referrals.errors import NotSendableError
from referrals.needs import SAFETY, domain_of
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.needs import DOMAINS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.disclosure import Field
    from referrals.prepare import Place

MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Agency:
    """One organization that would receive something."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The places of a send, sorted by what their needs ask of an agreement."""

    listings: tuple[str, ...]
    domains: tuple[str, ...]
    general: tuple[Agency, ...]
    protected: tuple[Agency, ...]
    """Programs for substance use treatment: each needs a signed agreement that names it."""
    facts: tuple[Field, ...]
    """What the needs of the protected programs allow to share."""


def read(session: Session, patient_id: uuid.UUID, *, now: datetime) -> Asked:
    """What the address asks for: `share` names domains, `listing` the places of a send."""
    shared = [domain for domain in request.values.getlist("share") if domain in DOMAINS]
    try:
        keys = list(dict.fromkeys(ListingKey.parse(text) for text in request.values.getlist("listing")[:MOST_PLACES]))
    except BadListingKeyError:
        abort(400)
    places = _places(session, patient_id, keys, now)
    protected = [place for place in places if place.subneed in PART2_NEEDS]
    general = [place for place in places if place.subneed not in PART2_NEEDS | SAFETY]
    facts = {fact for place in protected for fact in disclosure.fields_for(place.subneed)}
    return Asked(
        listings=tuple(str(key) for key in keys),
        domains=tuple(dict.fromkeys([*shared, *(domain_of(place.subneed) for place in general if place.subneed)])),
        general=_agencies(general),
        protected=_agencies(protected),
        facts=tuple(fact for fact in disclosure.Field if fact in facts),
    )


def _places(session: Session, patient_id: uuid.UUID, keys: list[ListingKey], now: datetime) -> tuple[Place, ...]:
    if not keys:
        return ()
    try:
        return prepare.places_of(session, people.get(session, patient_id), keys, wanted=(), now=now)
    except NotSendableError:
        return ()


def _agencies(places: list[Place]) -> tuple[Agency, ...]:
    by_id = {place.listing.organization_id: place.listing.organization_name for place in places}
    return tuple(Agency(number, name) for number, name in by_id.items())

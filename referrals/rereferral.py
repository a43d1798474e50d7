"""The next-best places after a no: same need, not tried lately, not full. Search is handed in by the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from referrals import needs, people, progress, release
from resources_db import capacity
from resources_db.models.referrals import Referral
from resources_db.repositories import listings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.listing_key import ListingKey
    from resources_db.models.people import Need
    from resources_db.repositories.listings import Listing

TRIED_WITHIN = timedelta(days=90)
MANY = 3
LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the need, near the person, in their language."""

    subneed: str
    zip: str
    language: str


class Finder(Protocol):
    """Whoever finds places, best first. The edge hands in the search engine."""

    def __call__(self, wanted: Wanted, *, limit: int, now: datetime) -> Sequence[ListingKey]:
        """Keys of listings, best first."""
        ...


@dataclass(frozen=True, slots=True)
class NextBest:
    """What the re-referral screen shows: the attempt that failed, the need, and the places to try now."""

    last: Referral
    need: Need
    places: tuple[Listing, ...]


def next_best(session: Session, referral_id: uuid.UUID, find: Finder, *, now: datetime, many: int = MANY) -> NextBest:
    """The places to try after this referral. Nothing is written."""
    last = progress.seen(session, referral_id)
    need = release.need_of(session, last)
    patient = people.get(session, last.patient_id)
    wanted = Wanted(needs.subneed_of(need), patient.zip, patient.language)
    found = listings.load(session, find(wanted, limit=LOOKED_AT, now=now), include_staff=True)
    tried = tried_services(session, patient.id, now=now)
    return NextBest(last, need, tuple(choose(found, tried, now=now)[:many]))


def choose(found: Iterable[Listing], tried: frozenset[uuid.UUID], *, now: datetime) -> list[Listing]:
    """In the finder's order, without services that were tried and places that said they have no room."""
    return [
        listing
        for listing in found
        if listing.service_id not in tried
        and capacity.current(listing.capacity, now=now, timezone=listing.timezone).state not in capacity.NO_ROOM
    ]


def tried_services(session: Session, patient_id: uuid.UUID, *, now: datetime) -> frozenset[uuid.UUID]:
    """Services this person was referred to in the last ninety days."""
    query = select(Referral.service_id).where(Referral.patient_id == patient_id, Referral.sent_at > now - TRIED_WITHIN)
    return frozenset(session.scalars(query))

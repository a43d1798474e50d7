"""The next-best places after a no: same need, not tried lately, not full, not refusing people like this one.

Search is handed in by the edge. The clock keeps the places ready on the items of Today (`keep`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from referrals import needs, people, progress, release, worklist
from resources_db import capacity
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ServiceRequest, WorklistItem
from resources_db.repositories import listings
from resources_db.vocab import Reason, WhyCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from resources_db.repositories.listings import Listing

TRIED_WITHIN = timedelta(days=90)
MANY = 3
LOOKED_AT = 30
READY = "next"
"""The fact of an item that holds its next places: their keys, and when they were looked for."""
FRESH_FOR = timedelta(hours=12)
"""Places found longer ago are looked for again: hours, room and what was tried have changed by then."""
LOOKED_THROUGH, AT_ONCE = 300, 40
"""Newest items looked through, and looked for, in one go of the clock: a busy morning does not hold up texts. What is
left out is looked for when its item is opened."""
LEARNED_FROM = timedelta(days=180)
SAME_ZIP = frozenset({Reason.OUT_OF_AREA})
SAME_LANGUAGE = frozenset({Reason.LANGUAGE_UNAVAILABLE})
SAME_NEED = frozenset({Reason.SERVICE_NOT_OFFERED, Reason.PROGRAM_CLOSED})


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
    return NextBest(last, need, places_for(session, patient, needs.subneed_of(need), find, now=now, many=many))


def places_for(
    session: Session, patient: Patient, subneed: str, find: Finder, *, now: datetime, many: int = MANY
) -> tuple[Listing, ...]:
    """The best places for a need of a person that were not tried lately and are not full."""
    found = listings.load(
        session, find(Wanted(subneed, patient.zip, patient.language), limit=LOOKED_AT, now=now), include_staff=True
    )
    good = choose(found, tried_services(session, patient.id, now=now), now=now)
    refuse = refusing(session, patient, subneed, good, now=now)
    return tuple(sorted(good, key=lambda listing: listing.service_id in refuse)[:many])


def choose(found: Iterable[Listing], tried: frozenset[uuid.UUID], *, now: datetime) -> list[Listing]:
    """In the finder's order, without services that were tried and places that said they have no room."""
    return [listing for listing in found if listing.service_id not in tried and not is_full(listing, now)]


def is_full(listing: Listing, now: datetime) -> bool:
    """Whether the place said that it has no room, and may still be believed."""
    return capacity.current(listing.capacity, now=now, timezone=listing.timezone).state in capacity.NO_ROOM


def tried_services(session: Session, patient_id: uuid.UUID, *, now: datetime) -> frozenset[uuid.UUID]:
    """Services this person was referred to in the last ninety days."""
    query = select(Referral.service_id).where(Referral.patient_id == patient_id, Referral.sent_at > now - TRIED_WITHIN)
    return frozenset(session.scalars(query))


def refusing(
    session: Session, patient: Patient, subneed: str, places: Sequence[Listing], *, now: datetime
) -> frozenset[uuid.UUID]:
    """Services that lately refused somebody for a reason that holds for this person too: place, language, the need.

    A listing that was confirmed after the refusal is believed again.
    """
    confirmed = {listing.service_id: listing.confirmed_at for listing in places}
    said_no = (
        select(Referral.service_id, Referral.reason, Referral.terminal_at, Need, Patient)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .join(Patient, Patient.id == Referral.patient_id)
        .where(Referral.service_id.in_(confirmed), Referral.terminal_at > now - LEARNED_FROM)
        .where(Referral.reason.in_(SAME_ZIP | SAME_LANGUAGE | SAME_NEED))
    )
    return frozenset(
        service_id
        for service_id, reason, at, need, other in session.execute(said_no)
        if _still_said(confirmed[service_id], at) and _holds(reason, patient, subneed, other, needs.subneed_of(need))
    )


def _still_said(confirmed: datetime | None, refused: datetime | None) -> bool:
    return confirmed is None or (refused is not None and confirmed <= refused)


def _holds(reason: Reason | None, patient: Patient, subneed: str, other: Patient, others_need: str) -> bool:
    if reason in SAME_ZIP:
        return bool(patient.zip) and patient.zip == other.zip
    if reason in SAME_LANGUAGE:
        return patient.language == other.language
    return subneed == others_need


def ready(facts: Mapping[str, object]) -> tuple[ListingKey, ...]:
    """The next places an item holds ready, the best first."""
    held = facts.get(READY)
    places = held.get("places") if isinstance(held, dict) else None
    return tuple(_keys(places)) if isinstance(places, list) else ()


def _keys(texts: Sequence[object]) -> Iterable[ListingKey]:
    for text in texts:
        try:
            yield ListingKey.parse(str(text))
        except BadListingKeyError:
            continue


def waiting(session: Session, *, now: datetime) -> Sequence[WorklistItem]:
    """Items that have no next places yet, or old ones: the newest first, over all orgs the session sees."""
    query = select(WorklistItem).where(
        WorklistItem.done_at.is_(None), WorklistItem.why.in_(worklist.NEXT_PLACES), WorklistItem.why != WhyCode.NO_PLACE
    )
    newest = session.scalars(query.order_by(WorklistItem.created_at.desc()).limit(LOOKED_THROUGH))
    return [item for item in newest if is_stale(item, now)][:AT_ONCE]


def is_stale(item: WorklistItem, now: datetime) -> bool:
    """Whether nobody looked for the places of this item yet, or too long ago."""
    held = item.facts.get(READY)
    at = held.get("at") if isinstance(held, dict) else None
    return not isinstance(at, str) or datetime.fromisoformat(at) + FRESH_FOR < now


def keep(session: Session, item_id: uuid.UUID, find: Finder, *, now: datetime) -> tuple[Listing, ...]:
    """Look for the next places of an item and keep them on it. No need is known: none."""
    item = worklist.get(session, item_id)
    places = of_item(session, item, find, now=now)
    item.facts = {**item.facts, READY: {"at": now.isoformat(), "places": [str(one.key) for one in places]}}
    session.flush()
    return places


def of_item(session: Session, item: WorklistItem, find: Finder, *, now: datetime) -> tuple[Listing, ...]:
    """The places to try for what an item is about. Nothing is written."""
    need = need_of(session, item)
    if need is None:
        return ()
    return places_for(session, people.get(session, item.patient_id), needs.subneed_of(need), find, now=now)


def need_of(session: Session, item: WorklistItem) -> Need | None:
    """The need behind an item: its own, its referral's, or that of the send the patient spoke of."""
    query = select(Need).join(ServiceRequest, ServiceRequest.need_id == Need.id)
    query = query.join(Referral, Referral.request_id == ServiceRequest.id)
    if item.need_id is not None:
        return session.scalars(select(Need).where(Need.id == item.need_id)).one_or_none()
    if item.referral_id is not None:
        return session.scalars(query.where(Referral.id == item.referral_id)).one_or_none()
    last = last_of(session, item)
    return session.scalars(query.where(Referral.id == last.id)).one() if last is not None else None


def last_of(session: Session, item: WorklistItem) -> Referral | None:
    """The attempt an item is about: its own, or the first of the send the patient spoke of."""
    if item.referral_id is not None:
        return session.scalars(select(Referral).where(Referral.id == item.referral_id)).one_or_none()
    try:
        batch_id = uuid.UUID(str(item.facts.get("batch")))
    except ValueError:
        return None
    query = select(Referral).where(Referral.batch_id == batch_id).order_by(Referral.created_at, Referral.id)
    return session.scalars(query.limit(1)).one_or_none()

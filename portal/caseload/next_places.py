"""The three next-best places beside a referral that went nowhere. Search is asked here; the rules: `rereferral`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, listing_status, next_places
from referrals import rereferral
from resources_db import capacity
from resources_db.vocab import CapacityState, ReferralState
from search import gazetteer
from search.geo import Point, exact_metres

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.parts import OpenWords
    from resources_db.listing_key import ListingKey
    from resources_db.models.referrals import Referral
    from resources_db.repositories.listing import CapacityView, Listing

S = ReferralState
NOWHERE = frozenset({S.DECLINED, S.NOT_SERVED, S.NO_RESPONSE, S.WAITLISTED})
"""States after which another place is the next step; a waitlisted referral may stay open beside it."""


ROOM = frozenset({CapacityState.OPEN, CapacityState.LIMITED})


@dataclass(frozen=True, slots=True)
class NextPlace:
    """One place ready to be sent."""

    key: ListingKey
    name: str
    open: OpenWords
    room: CapacityView | None


def of(session: Session, referral: Referral, *, now: datetime) -> list[NextPlace]:
    """The places to try now; none while the referral is on its way."""
    if referral.state not in NOWHERE:
        return []
    find = next_places.finder(session, db.runtime().search)
    best = rereferral.next_best(session, referral.id, find, now=now)
    return [NextPlace(one.key, one.name, listing_status.open_words(one, now), one.capacity) for one in best.places]


def words(listing: Listing, zip_code: str, *, now: datetime) -> str:
    """One place as a row of Today names it: name, how far, whether it said that it has room."""
    room = capacity.current(listing.capacity, now=now, timezone=listing.timezone).state in ROOM
    return ", ".join(
        part for part in (listing.name, distance(listing, zip_code), _("has room") if room else "") if part
    )


def distance(listing: Listing, zip_code: str) -> str:
    """How far a place is from the middle of a ZIP area; nothing where one of the two is not known."""
    home = gazetteer.zip_place(zip_code)
    if home is None or listing.latitude is None or listing.longitude is None:
        return ""
    metres = exact_metres(Point(home.latitude, home.longitude), Point(listing.latitude, listing.longitude))
    return formatting.miles(metres)

"""Asks the search engine for the places of a bundle, and keeps why each of them stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal import db, finding
from portal.patient_context import TRAVEL
from search.criteria import Cost, OpenWhen, SearchCriteria

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.bundle_places import Wanted
    from resources_db.listing_key import ListingKey
    from search.answer import Hit

OPEN = {"open_today": OpenWhen.TODAY, "open_weekend": OpenWhen.WEEKEND}


@dataclass(slots=True)
class Search:
    """A finder for `bundle_places.resolve`; `hits` are what it found, by need and place."""

    session: Session
    hits: dict[tuple[str, ListingKey], Hit] = field(default_factory=dict)

    def __call__(self, wanted: Wanted, *, limit: int, now: datetime) -> list[ListingKey]:
        """Keys of places, best first. A place that says it serves another area is none for a bundle."""
        found = finding.find(self.session, db.runtime().search, _criteria(wanted, limit), now)
        subneed = wanted.item.subneed
        served = [hit for hit, _listing in found.pairs if hit.serves_area is not False]
        self.hits.update({(subneed, hit.key): hit for hit in served})
        return [hit.key for hit in served]


def _criteria(wanted: Wanted, limit: int) -> SearchCriteria:
    filters = set(wanted.item.filters)
    return SearchCriteria(
        needs=(wanted.item.subneed,),
        near=wanted.zip,
        language=wanted.language,
        travel=TRAVEL.get(wanted.travel),
        cost=(Cost.FREE,) if "free" in filters else (),
        has_room="has_room" in filters,
        no_papers="no_papers" in filters,
        by_phone="by_phone" in filters,
        wheelchair="wheelchair" in filters,
        open_when=next((when for code, when in OPEN.items() if code in filters), None),
        limit=limit,
    )

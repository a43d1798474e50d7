"""The three next-best places beside a referral that went nowhere. Search is asked here; the rules: `rereferral`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import db, finding, listing_status
from referrals import rereferral
from resources_db.vocab import ReferralState
from search.criteria import SearchCriteria

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.parts import OpenWords
    from referrals.rereferral import Wanted
    from resources_db.listing_key import ListingKey
    from resources_db.models.referrals import Referral
    from resources_db.repositories.listing import CapacityView

S = ReferralState
NOWHERE = frozenset({S.DECLINED, S.NOT_SERVED, S.NO_RESPONSE, S.WAITLISTED})
"""States after which another place is the next step; a waitlisted referral may stay open beside it."""


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

    def find(wanted: Wanted, *, limit: int, now: datetime) -> Sequence[ListingKey]:
        language = wanted.language if wanted.language != "en" else ""
        criteria = SearchCriteria(needs=(wanted.subneed,), near=wanted.zip, language=language, limit=limit)
        return [hit.key for hit, _listing in finding.find(session, db.runtime().search, criteria, now).pairs]

    best = rereferral.next_best(session, referral.id, find, now=now)
    return [NextPlace(one.key, one.name, listing_status.open_words(one, now), one.capacity) for one in best.places]

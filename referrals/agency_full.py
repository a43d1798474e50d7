"""An agency has no room any more, and others wait for its answer: it may answer them too. None answers itself.

The others are those of the same service from the same care organization; of none of them is anything of a person shown.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import agency, lifecycle, listing_words
from referrals.agency_choices import Answer, Choice
from referrals.errors import ChangedMeanwhileError, MoveRefusedError
from resources_db import capacity
from resources_db.listing_key import ListingKey
from resources_db.models.referrals import Referral
from resources_db.repositories import listings
from resources_db.vocab import CapacityState, Reason

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink
    from resources_db.repositories.listing import CapacityView

NO_ROOM = frozenset({CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS})
WHY = {CapacityState.OUT_OF_FUNDS: Reason.FUNDING_EXHAUSTED}
A_MOMENT = timedelta(microseconds=1)
OFFERED = (Choice.NO, Choice.WAITLIST)
"""What can be said of all of them at once; neither needs to know anything of a person."""


def waiting(session: Session, link: AccessLink) -> list[Referral]:
    """The referrals to this service that have no answer yet, the oldest first, that of the link among them."""
    own = agency.referral_of(session, link)
    same = (
        Referral.org_id == own.org_id,
        Referral.service_id == own.service_id,
        Referral.location_id == own.location_id if own.location_id else Referral.location_id.is_(None),
        Referral.state.in_(lifecycle.UNANSWERED),
    )
    return list(session.scalars(select(Referral).where(*same).order_by(Referral.sent_at)))


def answer(
    session: Session, link: AccessLink, chosen: Collection[uuid.UUID], choice: Choice, *, key: str, now: datetime
) -> int:
    """Say the same of the chosen ones; how many were answered. Those that changed meanwhile stay as they are."""
    own = agency.referral_of(session, link)
    said = _room(session, own, now)
    given = Answer(choice, Reason.NO_CAPACITY)
    if choice is Choice.NO and said is not None:
        given = Answer(choice, WHY.get(said.state, Reason.NO_CAPACITY), next_on=said.until)
    done = 0
    for referral in waiting(session, link):
        if referral.id not in chosen or choice not in OFFERED:
            continue
        try:
            agency.say(session, referral, given, by=agency.hand_of(session, link), key=f"{key}:{referral.id}", now=now)
        except (MoveRefusedError, ChangedMeanwhileError):
            continue
        done += 1
    if done and said is not None:  # the word about room is the one just given, not what the answers imply
        last = now + A_MOMENT
        listing_words.say_room(session, own, said.state, until=said.until, weeks=said.weeks, now=last)
    return done


def _room(session: Session, referral: Referral, now: datetime) -> CapacityView | None:
    """The newest word about room of this place, if it is one of having none."""
    listing = listings.get(session, ListingKey(referral.service_id, referral.location_id), include_staff=True)
    if listing is None or listing.capacity is None:
        return None
    room = capacity.current(listing.capacity, now=now, timezone=listing.timezone)
    return listing.capacity if room.state in NO_ROOM else None

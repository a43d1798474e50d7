"""What a referral teaches about a listing: room as the agency said it, at once and with its date; reasons to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals import listing_outcomes, reasons
from resources_db import capacity
from resources_db.tenancy import actor_of
from resources_db.vocab import CapacityState, ReferralState

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from resources_db.models.curation import CapacityStatement
    from resources_db.models.referrals import Referral
    from resources_db.vocab import Reason

SAID_BY = "agency"


def learn(session: Session, referral: Referral, reason: Reason | None, *, until: date | None, now: datetime) -> None:
    """A refusal for want of room says so on the listing; one that speaks against the listing opens a review."""
    listing_outcomes.agency_said(session, referral, reason, now=now)
    state = reasons.CAPACITY_SAID.get(reason) if reason is not None else None
    if state is not None and referral.state is ReferralState.WAITLISTED:
        state = CapacityState.WAITLIST  # no room today, but there is a list: that is not "full"
    if state is not None:
        say_room(session, referral, state, until=until, now=now)


def say_room(
    session: Session,
    referral: Referral,
    state: CapacityState,
    *,
    now: datetime,
    until: date | None = None,
    weeks: int | None = None,
) -> CapacityStatement:
    """The agency says whether there is room; it counts at once and lapses by itself."""
    return capacity.state(
        session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        state=state,
        until=until,
        weeks=weeks,
        said_by=SAID_BY,
        now=now,
        actor_id=actor_of(session).user_id,
    )

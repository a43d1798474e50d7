"""Reasons to look at a listing: opened by outcomes, answers, campaigns and clocks, closed by a person.

The same reason said again while it is open is counted, not repeated. No patient and no referral is ever named.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, search_log
from resources_db.models.upkeep import ListingReview
from resources_db.tenancy import actor_of
from resources_db.vocab import ReviewState, ReviewWhy

OPEN = (ReviewState.OPEN, ReviewState.SNOOZED)


def open_review(
    session: Session,
    *,
    service_id: uuid.UUID,
    location_id: uuid.UUID | None = None,
    why: ReviewWhy,
    from_role: str,
    note: str = "",
    change_id: uuid.UUID | None = None,
    now: datetime,
) -> ListingReview:
    """The open review of this listing for this reason: a new one, or the standing one said once more."""
    stmt = select(ListingReview).where(
        ListingReview.service_id == service_id,
        ListingReview.location_id.is_(None) if location_id is None else ListingReview.location_id == location_id,
        ListingReview.why == why,
        ListingReview.state.in_(OPEN),
    )
    row = session.scalar(stmt.limit(1))
    if row is None:
        row = ListingReview(
            service_id=service_id,
            location_id=location_id,
            why=why,
            from_role=from_role,
            note=note,
            change_id=change_id,
            opened_at=now,
            last_at=now,
            times=1,
        )
        session.add(row)
    else:
        row.times, row.last_at = row.times + 1, now
        row.state, row.until = ReviewState.OPEN, None  # said again: a snooze is over
    search_log.touch(session, [service_id], now=now)
    session.flush()
    return row


def close(
    session: Session, review_id: uuid.UUID, *, state: ReviewState = ReviewState.DONE, note: str = "", now: datetime
) -> ListingReview:
    """Settled: the listing was put right (done), or nothing was wrong (dismissed)."""
    row = session.get_one(ListingReview, review_id)
    row.state, row.closed_at, row.closed_by, row.closed_note = state, now, actor_of(session).user_id, note
    audit.record(session, action="listing_review.closed", subject_kind="listing_review", subject_id=row.id, now=now)
    search_log.touch(session, [row.service_id], now=now)
    session.flush()
    return row

"""Reasons to look at a listing: opened by outcomes, answers, campaigns and clocks, closed by a person.

The same reason said again while it is open is counted, not repeated. No patient and no referral is ever named.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, redirects, search_log
from resources_db.models.upkeep import ListingReview
from resources_db.tenancy import actor_of
from resources_db.vocab import FieldGroup, ReviewState, ReviewWhy

OPEN = (ReviewState.OPEN, ReviewState.SNOOZED)
_W, _G = ReviewWhy, FieldGroup
SETTLED_BY: Mapping[ReviewWhy, frozenset[FieldGroup]] = MappingProxyType(
    {
        _W.WRONG_NUMBER: frozenset({_G.CONTACT}),
        _W.WRONG_HOURS: frozenset({_G.HOURS}),
        _W.CLOSED: frozenset({_G.HOURS}),
        _W.MOVED: frozenset({_G.PLACE}),
        _W.NOT_OFFERED: frozenset({_G.WHAT}),
        _W.OUT_OF_AREA: frozenset({_G.WHO_CAN_GO}),
        _W.FULL: frozenset({_G.CAPACITY}),
        _W.OUTDATED: frozenset({_G.CONTACT, _G.HOURS}),
        _W.NEVER_CONFIRMED: frozenset({_G.CONTACT, _G.HOURS}),
        _W.NO_ANSWER: frozenset({_G.CONTACT, _G.HOURS}),
        _W.CALL_THEM: frozenset({_G.CONTACT, _G.HOURS}),
        _W.BOUNCED: frozenset({_G.CONTACT}),
    }
)
"""Confirming all of these groups settles a review by itself; the other reasons are closed by a person."""
DOUBTS = frozenset({_W.WRONG_NUMBER, _W.WRONG_HOURS, _W.CLOSED, _W.MOVED, _W.NOT_OFFERED, _W.OUT_OF_AREA, _W.NO_ANSWER})
"""An open one of these puts a listing one step lower. "Full" does so by itself, with its own end."""
TOLD = DOUBTS - {_W.NO_ANSWER}
"""What somebody found wrong there; silence is not somebody's word."""
LONGEST_NOTE = 1_000
MAY_HAVE_CHANGED, WITHIN = 2, timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open reason to mistrust a listing, as pages and search see it."""

    why: ReviewWhy
    times: int
    opened_at: datetime
    last_at: datetime


def doubt_of(row: ListingReview) -> Doubt:
    """Without who said it."""
    return Doubt(row.why, row.times, row.opened_at, row.last_at)


def may_have_changed(doubts: Iterable[Doubt], now: datetime) -> bool:
    """Two words in thirty days that something is wrong: the pages say so until it is confirmed again."""
    since = now - WITHIN
    lately = [one for one in doubts if one.why in TOLD and one.last_at >= since]
    return sum(one.times if one.opened_at >= since else 1 for one in lately) >= MAY_HAVE_CHANGED


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
    key = redirects.standing(session, service_id, location_id)
    service_id, location_id = key.service_id, key.location_id
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
        row.note = "\n".join(dict.fromkeys(filter(None, (row.note, note))))[-LONGEST_NOTE:]
        row.state, row.until = ReviewState.OPEN, None  # said again: a snooze is over
    search_log.touch(session, [service_id], now=now)
    session.flush()
    return row


def open_of(session: Session, service_ids: Iterable[uuid.UUID]) -> list[ListingReview]:
    """Open doubts of these services, for readers of listings: one query."""
    stmt = select(ListingReview).where(
        ListingReview.service_id.in_(set(service_ids)),
        ListingReview.why.in_(DOUBTS),
        ListingReview.state.in_(OPEN),
    )
    return list(session.scalars(stmt.order_by(ListingReview.opened_at, ListingReview.id)))


def settle(
    session: Session,
    *,
    service_id: uuid.UUID,
    location_id: uuid.UUID | None,
    groups: Iterable[FieldGroup],
    press: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """These groups were confirmed: what was open about them is done. Of a place only what was said of that place."""
    said = frozenset(groups)
    stmt = select(ListingReview).where(ListingReview.service_id == service_id, ListingReview.state.in_(OPEN))
    for row in session.scalars(stmt):
        needed = SETTLED_BY.get(row.why)
        elsewhere = row.why is ReviewWhy.MOVED and row.location_id not in {None, location_id}
        if needed is not None and needed <= said and not elsewhere:
            row.state, row.closed_at, row.closed_by = ReviewState.DONE, now, actor_of(session).user_id
            row.undo_of = press


def of_services(session: Session, service_ids: Iterable[uuid.UUID]) -> list[ListingReview]:
    """Everything open about these services, whatever the reason."""
    stmt = select(ListingReview).where(ListingReview.service_id.in_(set(service_ids)), ListingReview.state.in_(OPEN))
    return list(session.scalars(stmt.order_by(ListingReview.opened_at, ListingReview.id)))


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

"""What was said about room, and for how long it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db import capacity
from resources_db.models.curation import CapacityStatement, SearchChange
from resources_db.repositories import listings
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState
from tests.resources_db.directory_world import NOW, pantry


def said(state: CapacityState, *, until: date | None = None, days_ago: int = 0) -> CapacityView:
    return CapacityView(state, until, "agency", NOW - timedelta(days=days_ago))


def test_full_until_a_day_ends_with_that_day_at_the_place() -> None:
    word = said(CapacityState.FULL, until=date(2026, 11, 27))
    last_minute = datetime(2026, 11, 28, 4, 59, tzinfo=UTC)  # 11:59 p.m. on the 27th in Cincinnati
    assert capacity.current(word, now=last_minute).state == CapacityState.FULL
    after = capacity.current(word, now=last_minute + timedelta(minutes=1))
    assert (after.state, after.ran_out) == (None, True)


@pytest.mark.parametrize(
    ("state", "days"),
    [
        (CapacityState.OPEN, 30),
        (CapacityState.LIMITED, 30),
        (CapacityState.WAITLIST, 30),
        (CapacityState.FULL, 14),
        (CapacityState.PAUSED, 14),
    ],
)
def test_a_word_without_a_date_is_believed_for_its_usual_time(state: CapacityState, days: int) -> None:
    assert capacity.current(said(state, days_ago=days - 1), now=NOW).state == state
    assert capacity.current(said(state, days_ago=days), now=NOW).state is None


def test_nothing_said_is_unknown_and_nothing_ran_out() -> None:
    assert capacity.current(None, now=NOW) == capacity.RoomNow(None)


def test_a_statement_is_live_at_once_kept_and_told_to_search(session: Session) -> None:
    key = pantry(session)
    for state in (CapacityState.OPEN, CapacityState.FULL):
        capacity.state(
            session, service_id=key.service_id, location_id=key.location_id, state=state, said_by="agency", now=NOW
        )
    listing = listings.get(session, key)
    assert listing is not None
    assert listing.capacity is not None
    assert session.scalar(select(func.count()).select_from(CapacityStatement)) == 2
    assert session.scalar(select(func.count()).select_from(SearchChange)) == 2

"""Listings as pages, search and texts get them, on both databases."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from resources_db import places
from resources_db.engine import Database
from resources_db.hours import OpenState
from resources_db.listing_key import ListingKey
from resources_db.models import directory as d
from resources_db.models.curation import CapacityStatement
from resources_db.repositories import listings
from resources_db.vocab import CapacityState, Confidentiality, Visibility
from tests.resources_db.directory_world import NOW, pantry


def test_a_listing_has_all_a_page_shows(session: Session) -> None:
    listing = listings.get(session, pantry(session))
    assert listing is not None
    assert listing.address_lines == ("1418 Vine St", "Cincinnati, OH 45202")
    assert listing.main_phone is not None
    assert (listing.main_phone.number, len(listing.phones)) == ("+15135550163", 2)
    assert (listing.needs, listing.zip3, listing.postal_code) == (("food_pantry",), "452", "45202")
    assert listing.open_status(NOW).state == OpenState.OPEN


@pytest.mark.parametrize("level", [Confidentiality.AREA_ONLY, Confidentiality.HIDDEN])
def test_a_confidential_place_has_no_address_point_or_zip(session: Session, level: Confidentiality) -> None:
    listing = listings.get(session, pantry(session, confidentiality=level))
    assert listing is not None
    assert (listing.address_lines, listing.postal_code, listing.location_name) == ((), "", "")
    middle = places.middle_of_zip3("452") if level == Confidentiality.AREA_ONLY else places.NOWHERE
    assert (listing.latitude, listing.longitude) == (middle.latitude, middle.longitude)
    assert listing.city == ("Cincinnati" if level == Confidentiality.AREA_ONLY else "")


def test_staff_only_records_need_to_be_asked_for(session: Session) -> None:
    key = pantry(session, visibility=Visibility.STAFF)
    assert listings.get(session, key) is None
    seen = listings.get(session, key, include_staff=True)
    assert seen is not None
    assert seen.visibility == Visibility.STAFF


def test_withdrawn_and_unknown_listings_are_left_out(session: Session) -> None:
    key = pantry(session)
    session.get_one(d.Service, key.service_id).deleted_at = NOW
    session.flush()
    assert listings.load(session, [key, ListingKey(uuid.uuid4())]) == []
    assert listings.all_service_ids(session) == []


def test_the_hours_of_the_service_win_over_those_of_the_place(session: Session) -> None:
    key = pantry(session)
    session.add(d.Schedule(service_id=key.service_id, original_text="call us"))
    session.flush()
    listing = listings.get(session, key)
    assert listing is not None
    assert (listing.rules, listing.hours_text, listing.open_status(NOW).state) == ((), "call us", OpenState.CALL_FIRST)


def test_the_newest_word_about_room_counts(session: Session) -> None:
    key = pantry(session)
    said = {"service_id": key.service_id, "said_by": "agency"}
    session.add(CapacityStatement(**said, state=CapacityState.OPEN, said_at=NOW - timedelta(days=2)))
    session.add(
        CapacityStatement(
            **said,
            location_id=key.location_id,
            state=CapacityState.FULL,
            until=date(2026, 11, 27),
            said_at=NOW - timedelta(days=1),
        )
    )
    session.flush()
    listing = listings.get(session, key)
    assert listing is not None
    assert listing.capacity is not None
    assert (listing.capacity.state, listing.capacity.until) == (CapacityState.FULL, date(2026, 11, 27))


def test_a_hundred_listings_take_as_many_queries_as_one(database: Database, session: Session) -> None:
    keys = [pantry(session, name=f"Pantry {number}") for number in range(100)]
    counts = []
    for wanted in (keys[:1], keys):
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *args, asked=asked: asked.append(args[2]))
        assert [listing.key for listing in listings.load(session, wanted)] == wanted
        counts.append(len(asked))
    assert counts[0] == counts[1]

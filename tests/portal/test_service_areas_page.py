"""The team edits whom a listing serves: lists, a pasted shape, and what was wrong said beside its field."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from portal import wiring
from resources_db import service_areas
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service, ServiceArea
from resources_db.models.upkeep import RecordHistory
from resources_db.tenancy import system
from resources_db.vocab import Role
from tests.edge import Staff
from tests.pages import Browser
from tests.resources_db.directory_world import pantry

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-84.6, 39.0], [-84.4, 39.0], [-84.4, 39.2], [-84.6, 39.2], [-84.6, 39.0]]],
}


@pytest.fixture
def key(runtime: wiring.Runtime) -> ListingKey:
    with runtime.database.writing(system()) as session, session.begin():
        return pantry(session)


def kept(runtime: wiring.Runtime, key: ListingKey, *, here: bool) -> service_areas.AreaWords:
    with runtime.database.reading(system()) as session:
        return service_areas.of(session, key, here=here)


def test_lists_and_a_shape_are_saved_shown_and_remembered(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, key: ListingKey
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/areas/{key}").form(f"/areas/{key}")
    page = browser.submit(
        form, zip_codes="45202 45203", counties="Kenton County, KY", shape=json.dumps(SQUARE), text="Downtown"
    )
    assert "2 ZIP codes: 45202 and 45203" in page.text
    assert "about 14 miles from north to south" in page.text
    area = kept(runtime, key, here=False)
    assert (area.zip_codes, area.counties, area.text) == (("45202", "45203"), ("Kenton County, KY",), "Downtown")
    with runtime.database.reading(system()) as session:
        told = session.scalars(select(RecordHistory).where(RecordHistory.field == "service_area")).one()
        assert (told.old, "45202, 45203" in told.new) == ("", True)


def test_the_area_of_one_place_stands_beside_that_of_the_service(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, key: ListingKey
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/areas/{key}?of=here").form(f"/areas/{key}")
    browser.submit(form, zip_codes="45202")
    assert kept(runtime, key, here=True).zip_codes == ("45202",)
    assert kept(runtime, key, here=False).says_nothing
    emptied = browser.get(f"/areas/{key}").form(f"/areas/{key}")
    browser.submit(emptied, zip_codes="")
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(ServiceArea)).all() == []


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, key: ListingKey
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/areas/{key}").form(f"/areas/{key}")
    page = browser.submit(form, zip_codes="45202 00000", shape='{"type": "Point"}', text="Downtown", expect=422)
    assert "We do not know: 00000." in page.text
    assert "Only shapes with an inside" in page.text
    assert "Downtown" in page.html
    assert kept(runtime, key, here=False).says_nothing


def test_a_listing_changed_meanwhile_is_not_overwritten(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, key: ListingKey
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/areas/{key}").form(f"/areas/{key}")
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Service, key.service_id).version += 1
    page = browser.submit(form, zip_codes="45202", expect=409)
    assert "Somebody changed this listing meanwhile" in page.text
    assert kept(runtime, key, here=False).says_nothing

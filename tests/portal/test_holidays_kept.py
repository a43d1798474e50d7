"""The directory team says which holidays listings keep that say nothing of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal import wiring
from resources_db import kept_holidays
from resources_db.hours import OpenState
from resources_db.hours_rows import columns_of
from resources_db.hours_rules import HoursRule
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Schedule
from resources_db.repositories import listings
from resources_db.tenancy import system
from resources_db.vocab import Role, ScheduleKind
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser
from tests.resources_db.directory_world import pantry

THANKSGIVING = datetime(2026, 11, 26, 15, tzinfo=UTC)
DAILY = HoursRule(540, 1020, weekdays=(0, 1, 2, 3, 4, 5, 6))
SHORT = HoursRule(600, 660, kind=ScheduleKind.HOLIDAY, holiday="thanksgiving")


@pytest.fixture
def key(runtime: wiring.Runtime) -> ListingKey:
    with runtime.database.writing(system()) as session, session.begin():
        made = pantry(session)
        session.add(Schedule(service_id=made.service_id, **columns_of(DAILY)))
        return made


def state(runtime: wiring.Runtime, key: ListingKey) -> OpenState:
    with runtime.database.reading(system()) as session:
        listing = listings.get(session, key)
    assert listing is not None
    return listing.open_status(THANKSGIVING).state


def test_what_is_ticked_counts_as_closed_and_what_is_not_means_call_first(
    browser: Browser, staff: Staff, runtime: wiring.Runtime, key: ListingKey
) -> None:
    assert state(runtime, key) is OpenState.CALL_FIRST
    browser.be(staff[Role.DIRECTORY_ADMIN])
    page = browser.get("/rules/holidays")
    assert "Nothing is ticked" in page.text
    saved = browser.submit(page.form("/rules/holidays"), holiday=["thanksgiving", "christmas", "no such day"])
    assert "2 holidays are kept." in saved.text
    assert state(runtime, key) is OpenState.CLOSED


def test_what_a_listing_says_itself_wins(runtime: wiring.Runtime, key: ListingKey) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        kept_holidays.keep(session, ["thanksgiving"], now=NOW)
        session.add(Schedule(service_id=key.service_id, **columns_of(SHORT)))
    assert state(runtime, key) is OpenState.OPEN


def test_a_door_that_never_closes_keeps_no_holiday(runtime: wiring.Runtime, key: ListingKey) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        kept_holidays.keep(session, ["thanksgiving"], now=NOW)
        for row in session.query(Schedule).where(Schedule.service_id == key.service_id):
            row.opens_at, row.closes_at = "00:00", "23:59"
    assert state(runtime, key) is OpenState.OPEN


def test_curators_read_the_page_and_administrators_change_it(browser: Browser, staff: Staff) -> None:
    browser.be(staff[Role.CURATOR])
    assert "A directory administrator changes these." in browser.get("/rules/holidays").text
    assert 'type="checkbox"' not in browser.get("/rules/holidays").html
    browser.be(staff[Role.DIRECTORY_ADMIN])
    assert "Thanksgiving, Thu, Nov 26" in browser.get("/rules/holidays").text

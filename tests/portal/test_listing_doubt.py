"""Something is wrong here: reports of staff and strangers, the banner, the order of search, and room asked after."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import limits, wiring, worker
from referrals import links
from resources_db import capacity
from resources_db.listing_key import ListingKey
from resources_db.models.curation import CapacityStatement
from resources_db.models.messages import Message
from resources_db.models.upkeep import ListingReview
from resources_db.tenancy import system
from resources_db.vocab import CapacityState, ReviewWhy, Role
from tests import factories
from tests.edge import Staff
from tests.pages import Browser


@pytest.fixture
def key(runtime: wiring.Runtime, staff: Staff) -> ListingKey:
    links.use_base("http://localhost")
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=runtime.clock.now(), name="Alpha Pantry", needs=["food_pantry"])
        return ListingKey(made.service.id, made.location.id)


def reviews(runtime):
    with runtime.database.reading(system()) as session:
        return [(row.why, row.from_role, row.times) for row in session.scalars(select(ListingReview))]


def report(browser: Browser, key: ListingKey, what: str, words: str = "", expect: int | None = None):
    form = next(one for one in browser.get(f"/listing/{key}/report").forms if "words" in one.values())
    return browser.submit(form, what=what, words=words, expect=expect)


def test_a_navigators_second_report_puts_the_banner_on_page_and_search(
    browser: Browser, staff: Staff, key: ListingKey, runtime: wiring.Runtime
) -> None:
    browser.be(staff[Role.NAVIGATOR])
    after = report(browser, key, "closed", "A sign says moved")
    assert "Thank you. The directory team looks at it." in after.text
    assert "May have changed:" not in browser.get(f"/listing/{key}").text
    report(browser, key, "closed")
    assert reviews(runtime) == [(ReviewWhy.CLOSED, "navigator", 2)]
    assert "May have changed:" in browser.get(f"/listing/{key}").text
    assert "May have changed" in browser.get("/search?need=food_pantry&near=45202").text


def test_a_strangers_report_waits_for_the_team_and_marks_nothing(
    browser: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    for _ in range(3):
        report(browser, key, "closed")
    assert reviews(runtime) == [(ReviewWhy.REPORTED, "public", 3)]
    assert "May have changed" not in browser.get(f"/listing/{key}").text


def test_strangers_cannot_report_without_end(browser: Browser, key: ListingKey) -> None:
    for _ in range(limits.PUBLIC_REPORT.most):
        report(browser, key, "closed")
    assert report(browser, key, "closed", expect=429).status == 429


@pytest.mark.parametrize(
    ("what", "words", "says"),
    [
        ("", "", "Choose what is wrong."),
        ("<script>", "kept words", "Choose what is wrong."),
        ("reported", "", "Say in a few words what is wrong."),
    ],
)
def test_a_report_that_says_nothing_is_asked_again(
    browser: Browser, key: ListingKey, runtime: wiring.Runtime, what: str, words: str, says: str
) -> None:
    page = report(browser, key, what, words, expect=422)
    assert says in page.text
    assert words in page.html
    assert reviews(runtime) == []


def test_reading_the_form_of_a_report_changes_nothing(
    browser: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    browser.get(f"/listing/{key}/report")
    browser.get("/listing/nonsense/report", expect=404)
    assert reviews(runtime) == []


def test_a_listing_page_says_how_old_phone_and_hours_are(browser: Browser, key: ListingKey) -> None:
    page = browser.get(f"/listing/{key}")
    assert re.search(r"Phone and hours confirmed .*\.", page.text)
    assert "Something is wrong here" in page.links()


def test_room_that_ended_is_asked_after_and_answered_with_one_tap(
    browser: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    now = runtime.clock.now()
    with runtime.database.writing(system()) as session, session.begin():
        capacity.state(
            session, service_id=key.service_id, location_id=key.location_id, state=CapacityState.FULL,
            until=now.date(), said_by="agency", now=now,
        )  # fmt: skip
    worker._room_questions(runtime)
    runtime.clock.advance(timedelta(days=2))
    worker._room_questions(runtime)
    worker._room_questions(runtime)
    with runtime.database.reading(system()) as session:
        (mail,) = session.scalars(select(Message).where(Message.purpose == "room_check"))
        path = "/r/" + re.search(r"/r/(\w+)", mail.body)[1]
    page = browser.get(path)
    assert "care teams see that nobody knows" in page.text
    assert "Room not known" in browser.get(f"/listing/{key}").text
    none = browser.submit(page.form("/room-now"), expect=422)
    assert "Choose one of the four." in none.text
    after = browser.submit(none.form("/room-now"), room="open")
    assert "Has room" in after.text
    assert "Has room" in browser.get(f"/listing/{key}").text
    with runtime.database.reading(system()) as session:
        newest = session.scalars(select(CapacityStatement).order_by(CapacityStatement.said_at.desc())).first()
        assert (newest.state, newest.said_by) == (CapacityState.OPEN, "agency")
    assert browser.post(f"{path}/listings/all", {}, expect=404).status == 404

"""Saved searches as people use them: saved from the answer, watched by the minute's work, told on Today, undone."""

import pytest
from sqlalchemy import select

from portal import watching
from resources_db import capacity, search_log
from resources_db.models.finding import SavedSearch
from resources_db.tenancy import system
from resources_db.vocab import CapacityState, Role
from search.errors import IndexUnavailableError, PlaceError, PlaceProblem
from tests import factories
from tests.portal.caseload_world import Danas

ASKED = "q=detox&near=45202"


@pytest.fixture
def harbor(runtime, now):
    """A detox place that says it is full."""
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=now, name="Harbor Detox", needs=["detox"])
        session.expunge_all()
    say(runtime, made, CapacityState.FULL, now)
    return made


def say(runtime, made, state, now):
    with runtime.database.writing(system()) as session, session.begin():
        capacity.state(
            session,
            service_id=made.service.id,
            location_id=made.location.id,
            state=state,
            said_by="agency",
            now=now,
        )
        search_log.touch(session, [made.service.id], now=now)
    with runtime.database.reading(system()) as session:
        runtime.search.apply_changes(session, now)


@pytest.fixture
def rosa(runtime, staff, now):
    with runtime.database.writing(system()) as session, session.begin():
        team = factories.make_team(session, org=staff.care, now=now)
        return factories.make_patient(session, team=team, now=now, first="Rosa", last="Martinez", language="en").id


@pytest.fixture
def dana(app, staff, harbor):
    browser = Danas(app)
    browser.be(staff[Role.NAVIGATOR])
    browser.csrf = browser.token("/today")
    return browser


def saved(runtime):
    with runtime.database.reading(system()) as session:
        return list(session.scalars(select(SavedSearch)))


def test_when_all_are_full_the_page_offers_to_wait(dana):
    page = dana.get(f"/search?{ASKED}")
    assert "No place that fits has room now." in page.text
    page = dana.submit(page.form(f"/searches?{ASKED}"), watch="1")
    assert "tell you when a place opens" in page.text


def test_a_stranger_is_offered_nothing_that_needs_an_account(browser, harbor):
    assert "Tell me when something opens" not in browser.get(f"/search?{ASKED}").text


def test_the_place_that_opens_is_told_on_today_and_settled_by_looking(dana, runtime, harbor, rosa, clock):
    dana.post(f"/searches?for={rosa}&{ASKED}", {"watch": "1"})
    watching.look(runtime)
    assert "Has room now" not in dana.get("/today?view=team").text
    say(runtime, harbor, CapacityState.OPEN, clock.forward(minutes=3))
    watching.look(runtime)
    assert "Has room now: Harbor Detox" in dana.get("/today?view=team").text
    page = dana.get("/searches")
    assert "1 place opened" in page.text
    assert "Rosa M." in page.text
    [one] = saved(runtime)
    page = dana.post(f"/searches/{one.id}/open")
    assert "Harbor Detox" in page.text
    assert "Has room now" not in dana.get("/today?view=team").text


@pytest.mark.parametrize(
    "trouble", [IndexUnavailableError("cannot_open"), PlaceError(PlaceProblem.UNKNOWN_ZIP, "45202")]
)
def test_what_cannot_be_asked_just_now_is_neither_closed_nor_news(dana, runtime, harbor, clock, monkeypatch, trouble):
    say(runtime, harbor, CapacityState.OPEN, clock())
    dana.post(f"/searches?{ASKED}", {"watch": "1"})

    def fail(*_):
        raise trouble

    with monkeypatch.context() as broken:
        broken.setattr(type(runtime.search), "with_room", fail)
        watching.look(runtime)
    watching.look(runtime)
    assert saved(runtime)[0].fresh == []


def test_waiting_does_not_begin_while_nobody_can_say_what_has_room(dana, runtime, monkeypatch):
    def fail(*_):
        raise IndexUnavailableError("cannot_open")

    with monkeypatch.context() as broken:
        broken.setattr(type(runtime.search), "with_room", fail)
        page = dana.post(f"/searches?{ASKED}", {"watch": "1"})
        [one] = saved(runtime)
        assert "We cannot look for room just now." in page.text
        assert "We cannot look for room just now." in dana.post(f"/searches/{one.id}/watch", {"on": "1"}).text
    assert not saved(runtime)[0].watched


@pytest.mark.parametrize("hours", ["&open=now", "&open_at=2026-11-28T03:00", "&q=detox+open+now"])
def test_hours_do_not_hold_a_watch_back(dana, runtime, harbor, clock, hours):
    dana.post(f"/searches?near=45202{hours}{'' if 'q=' in hours else '&q=detox'}", {"watch": "1"})
    say(runtime, harbor, CapacityState.OPEN, clock.forward(hours=11))  # late in the evening
    watching.look(runtime)
    assert len(saved(runtime)[0].fresh) == 1


def test_the_list_says_every_filter_that_narrows_the_search(dana, runtime):
    dana.post(f"/searches?{ASKED}&cost=free&checked=90&by_phone=1&has_room=1&no_papers=1&language=es", {"watch": "0"})
    text = dana.get("/searches").text
    for words in ("Near 45202", "Free", "Checked in the last 90 days", "By phone or online", "Has room", "No papers"):
        assert words in text, words


def test_removed_by_mistake_comes_back(dana, runtime):
    dana.post(f"/searches?{ASKED}", {"watch": "0"})
    [one] = saved(runtime)
    page = dana.post(f"/searches/{one.id}/remove")
    assert "No saved search yet" in page.text
    assert f"/searches/{one.id}/restore" in page.html
    assert "detox" in dana.post(f"/searches/{one.id}/restore").text


def test_waiting_can_begin_and_end_on_the_list(dana, runtime):
    dana.post(f"/searches?{ASKED}", {"watch": "0"})
    [one] = saved(runtime)
    assert "Waiting for room" in dana.post(f"/searches/{one.id}/watch", {"on": "1"}).text
    assert "Waiting for room" not in dana.post(f"/searches/{one.id}/watch", {"on": "0"}).text


def test_nothing_asked_is_nothing_saved(dana, runtime):
    page = dana.post("/searches?near=45202", {"watch": "1"})
    assert "Say first what is needed." in page.text
    assert saved(runtime) == []


def test_a_saved_search_of_somebody_else_is_not_there(dana, runtime, app, staff):
    dana.post(f"/searches?{ASKED}", {"watch": "0"})
    [one] = saved(runtime)
    other = Danas(app)
    other.be(staff[Role.SUPERVISOR])
    other.csrf = other.token("/today")
    other.post(f"/searches/{one.id}/remove", expect=404)
    assert "No saved search yet" in other.get("/searches").text

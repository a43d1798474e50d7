"""The indexer beside the pages: started once a process, woken by each commit, stopped cleanly."""

import threading

import pytest

from portal import indexing
from resources_db import search_log
from resources_db.tenancy import system
from search.turn import Turn
from tests import factories


@pytest.fixture
def following():
    yield
    indexing.stop()


def add(runtime, now, name):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=now, name=name, needs=["food_pantry"])
        search_log.touch(session, [made.service.id], now=now)


def until(happened):
    pause = threading.Event()
    for _ in range(3_000):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")


def test_what_an_editor_commits_is_found_by_a_page_that_only_reads(app, runtime, now, following):
    indexing.start(runtime)
    indexing.start(runtime)
    add(runtime, now, "Hope Pantry")
    ask = app.test_client()
    until(lambda: ask.get("/api/search", query_string={"need": "food_pantry", "near": "45202"}).get_json()["total"])
    until(lambda: runtime.search.status().listings == 1)
    assert [one.name for one in threading.enumerate()].count("search-indexer") == 1


def test_a_server_that_forks_starts_it_with_the_first_request_of_each_process(app, runtime, following):
    indexing.in_each_process(app, runtime)
    assert not runtime.search.followed
    app.test_client().get("/healthz")
    assert runtime.search.followed


def test_stopping_gives_the_turn_back_and_leaves_no_thread(runtime, now, following):
    indexing.start(runtime)
    add(runtime, now, "Hope Pantry")
    turn = Turn(runtime.search.store.turn)
    until(lambda: runtime.search.status().listings == 1)
    assert turn.is_taken()
    indexing.stop()
    assert not turn.is_taken()
    assert "search-indexer" not in {one.name for one in threading.enumerate()}
    assert not runtime.search.followed


def test_only_a_commit_that_touched_a_listing_wakes_the_indexer(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"])
        session.flush()
        search_log.was_touched(session)  # the factory may have noted it
        factories.make_org(session, now=now)
        assert not search_log.was_touched(session)
        search_log.touch(session, [made.service.id], now=now)
    assert search_log.was_touched(session)
    assert not search_log.was_touched(session)

"""The operator sees what the index of search holds, how far behind it is and who keeps it, and may have it built anew."""

import shutil
from dataclasses import replace

import pytest

from portal import indexing
from resources_db import search_log
from resources_db.tenancy import system
from resources_db.vocab import Role
from search import index
from tests import factories


@pytest.fixture
def add(runtime, now):
    def add(name):
        with runtime.database.writing(system()) as session, session.begin():
            made = factories.make_listing(session, now=now, name=name, needs=["food_pantry"])
            search_log.touch(session, [made.service.id], now=now)

    return add


@pytest.fixture
def indexer(runtime, add):
    """The indexer of this machine; it looks when the test says so."""
    add("Hope Pantry")
    runtime.search.followed = True
    indexer = indexing.of(runtime)
    indexer.look()
    yield indexer
    indexer.stop()


@pytest.fixture
def operator(browser, staff):
    browser.be(staff[Role.SITE_ADMIN])
    return browser


def test_a_sound_index_is_said_with_its_numbers(operator, indexer):
    page = operator.get("/admin")
    assert "Search answers from its index" in page.text
    assert "1; in the database 1" in page.text
    assert "nothing waits" in page.text
    assert "g000001" in page.text
    assert "worked" in page.text
    assert "fast, straight from the files" in page.text


def test_changes_that_wait_are_counted(operator, indexer, add):
    add("Elm Shelf")
    page = operator.get("/admin")
    assert "1; in the database 2" in page.text
    assert "1 service waits" in page.text
    assert "Search answers from its index" in page.text


def test_nobody_following_is_said(operator, indexer):
    indexer.stop()
    assert "The index grows old" in operator.get("/admin").text


def test_no_index_is_said_and_that_search_is_slower_but_true(operator, indexer, runtime):
    shutil.rmtree(runtime.search.store.directory)
    runtime.search._opened = None
    page = operator.get("/admin")
    assert "There is no index that can be used" in page.text
    assert "slower, but true" in page.text


def test_a_failed_rebuild_is_said_with_its_reason(operator, indexer, runtime):
    store = runtime.search.store
    store.tell(replace(store.report(), result="os_enospc", failures=2))
    page = operator.get("/admin")
    assert "could not be built anew" in page.text
    assert "the disk is full" in page.text


def test_the_button_has_the_index_built_anew_and_the_page_shows_how_far_it_is(operator, indexer, runtime):
    page = operator.get("/admin")
    page = operator.submit(page.form("/admin/search/rebuild"))
    assert "The index will be built anew in a moment." in page.text
    assert page.tree.all("progress")
    indexer.look()
    page = operator.get("/admin")
    assert "g000002" in page.text
    assert not page.tree.all("progress")


def test_a_rebuild_shows_how_far_it_is_and_a_dead_one_does_not(operator, indexer, runtime):
    store = runtime.search.store
    store.tell(replace(store.report(), rebuilding=True, done=500, total=1200))
    with index.only_one(store.rebuild_lock, wait=0):
        assert "500 of 1,200 services" in operator.get("/admin").text
    assert not operator.get("/admin").tree.all("progress")


def test_the_part_that_moves_comes_alone(operator, indexer, app):
    page = operator.get("/admin", htmx=True)
    assert "Search answers from its index" in page.text
    assert "<html" not in page.html


@pytest.mark.parametrize("role", [Role.NAVIGATOR, Role.CARE_ADMIN, Role.AGENCY_ADMIN])
def test_only_operators_and_the_directory_rebuild(browser, staff, indexer, runtime, role):
    browser.be(staff[role])
    if role is not Role.NAVIGATOR:
        assert "/admin/search/rebuild" not in {form.action for form in browser.get("/admin").forms}
    assert browser.post("/admin/search/rebuild", {"csrf_token": browser.token("/account")}, expect=403)
    assert not runtime.search.store.is_asked

"""The change log is kept short, and no index of any host misses a change because of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from resources_db import search_log
from resources_db.models.curation import SearchChange
from search import follow
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.rows import HORIZON_DAYS
from tests import factories

LONG = timedelta(days=3 * HORIZON_DAYS)
FOOD = SearchCriteria(q="food", near="45202")


@pytest.fixture
def pantry(session, now):
    made = factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"]).service
    session.flush()
    return made


@pytest.fixture(autouse=True)
def few_are_kept(monkeypatch):
    monkeypatch.setattr(follow, "_KEPT", 3)


def touch(session, service, at, times=1):
    for _ in range(times):
        search_log.touch(session, [service.id], now=at)
        session.flush()


def log(session):
    return session.scalars(select(SearchChange.seq).order_by(SearchChange.seq)).all()


def test_old_changes_go_and_the_newest_stay(session, pantry, now):
    touch(session, pantry, now - LONG, 5)
    touch(session, pantry, now, 2)
    before = log(session)
    assert follow.prune(session, now) == 4
    assert log(session) == before[-3:]
    assert follow.prune(session, now) == 0


def test_young_changes_stay_however_many(session, pantry, now):
    touch(session, pantry, now - timedelta(days=HORIZON_DAYS), 9)
    assert follow.prune(session, now) == 0
    assert len(log(session)) == 9


def test_an_empty_log_is_no_trouble(session, now):
    assert follow.prune(session, now) == 0


def test_an_index_that_follows_goes_on_as_it_was(session, pantry, now, tmp_path):
    engine = SearchEngine(tmp_path / "index")
    touch(session, pantry, now - LONG, 9)
    engine.answer(session, FOOD, now)
    follow.prune(session, now)
    assert engine.apply_changes(session, now) == 0
    touch(session, pantry, now)
    assert engine.apply_changes(session, now) == 1
    assert engine.status().generation == "g000001"


def test_an_index_that_slept_while_the_log_was_pruned_is_built_anew(session, pantry, now, tmp_path):
    """However its own clock stands: it sees that the log begins after what it took in."""
    engine = SearchEngine(tmp_path / "index")
    touch(session, pantry, now)
    engine.answer(session, FOOD, now)
    pantry.name = "Grace Pantry"
    touch(session, pantry, now, 9)
    follow.prune(session, now + LONG)
    engine.answer(session, FOOD, now)
    assert engine.status().generation == "g000002"
    assert engine.answer(session, SearchCriteria(q="grace pantry"), now).total == 1

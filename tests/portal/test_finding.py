"""What a page shows while the index lags behind SQL: full pages, honest totals, nothing withdrawn."""

from dataclasses import replace

import pytest

from portal import finding
from resources_db import search_log
from resources_db.models.directory import Service
from resources_db.tenancy import system
from resources_db.vocab import ServiceStatus, Visibility
from search.criteria import SearchCriteria
from tests import factories

FOOD = SearchCriteria(needs=("food_pantry",), near="45202", limit=4)


@pytest.fixture
def pantries(runtime, now):
    """Ten pantries in an index that nobody brings up to date any more."""
    with runtime.database.writing(system()) as session, session.begin():
        made = [
            factories.make_listing(session, now=now, name=f"Pantry {number}", needs=["food_pantry"])
            for number in range(10)
        ]
        search_log.touch(session, [one.service.id for one in made], now=now)
        runtime.search.rebuild(session, now)
    runtime.search.followed = True
    return [one.service.id for one in made]


@pytest.fixture
def find(runtime, now):
    def find(criteria=FOOD):
        with runtime.database.reading(system()) as session:
            found = finding.find(session, runtime.search, criteria, now)
        return [listing.name for _, listing in found.pairs], found.answer

    return find


def withdraw(runtime, ids, **values):
    with runtime.database.writing(system()) as session, session.begin():
        for service_id in ids:
            service = session.get(Service, service_id)
            for name, value in values.items():
                setattr(service, name, value)


@pytest.mark.parametrize("values", [{"visibility": Visibility.HIDDEN}, {"status": ServiceStatus.DEFUNCT}])
def test_a_page_is_full_and_its_total_true_when_sql_hides_some_of_its_hits(runtime, pantries, find, values):
    before, _ = find()
    withdraw(runtime, pantries[:3], **values)
    names, answer = find()
    assert before == ["Pantry 0", "Pantry 1", "Pantry 2", "Pantry 3"]
    assert names == ["Pantry 3", "Pantry 4", "Pantry 5", "Pantry 6"]
    assert (answer.total, answer.strict_total) == (7, 7)
    assert len(answer.hits) == 4


def test_many_hidden_hits_are_looked_past(runtime, pantries, find):
    withdraw(runtime, pantries[:9], visibility=Visibility.STAFF)
    names, answer = find()
    assert names == ["Pantry 9"]
    assert answer.total == 1


def test_the_last_page_needs_no_second_look(runtime, pantries, find, monkeypatch):
    withdraw(runtime, pantries[-1:], visibility=Visibility.HIDDEN)
    asked = []
    ask = runtime.search.answer
    monkeypatch.setattr(runtime.search, "answer", lambda *given: asked.append(given) or ask(*given))
    names, answer = find(replace(FOOD, offset=8))
    assert (names, answer.total, len(asked)) == (["Pantry 8"], 9, 1)


def test_a_page_that_lacks_nothing_is_asked_for_once(runtime, pantries, find, monkeypatch):
    asked = []
    ask = runtime.search.answer
    monkeypatch.setattr(runtime.search, "answer", lambda *given: asked.append(given) or ask(*given))
    _, answer = find()
    assert (answer.total, len(asked)) == (10, 1)

"""Listings kept in memory: the same as read afresh, never older than the log of changes, never what SQL hides."""

import pytest
from sqlalchemy import event

from resources_db import search_log
from resources_db.repositories import listings
from resources_db.repositories.listing_memory import ListingMemory
from resources_db.vocab import Confidentiality, ServiceStatus, Visibility
from tests import factories


@pytest.fixture
def made(session, now):
    found = [
        factories.make_listing(session, now=now, name=name, needs=["food_pantry"]) for name in ("Hope", "Elm", "Vine")
    ]
    search_log.touch(session, [one.service.id for one in found], now=now)
    session.flush()
    return found


@pytest.fixture
def keys(session, made):
    return [one.key for one in listings.of_services(session, [item.service.id for item in made])]


@pytest.fixture
def memory():
    return ListingMemory()


def queries(session, do):
    counted = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *_: counted.append(1))
    do()
    return len(counted)


def test_it_gives_what_a_fresh_reading_gives(session, keys, memory):
    wanted = [keys[2], keys[0], keys[2]]
    for _ in range(2):
        assert memory.load(session, wanted) == listings.load(session, wanted)


def test_what_is_known_costs_one_query(session, keys, memory):
    memory.load(session, keys)
    assert queries(session, lambda: memory.load(session, keys)) == 1


def test_a_change_in_the_log_is_read_at_once(session, made, keys, memory, now):
    memory.load(session, keys)
    made[0].service.name = "Hope again"
    search_log.touch(session, [made[0].service.id], now=now)
    session.flush()
    assert "Hope again" in [one.name for one in memory.load(session, keys)]


@pytest.mark.parametrize(
    ("whose", "values"),
    [
        ("service", {"visibility": Visibility.STAFF}),
        ("service", {"visibility": Visibility.HIDDEN}),
        ("service", {"deleted_at": "now"}),
        ("service", {"status": ServiceStatus.DEFUNCT}),
        ("organization", {"visibility": Visibility.HIDDEN}),
        ("organization", {"deleted_at": "now"}),
        ("location", {"visibility": Visibility.HIDDEN}),
        ("location", {"deleted_at": "now"}),
        ("location", {"confidentiality": Confidentiality.HIDDEN}),
    ],
)
def test_what_is_withdrawn_is_gone_though_nobody_wrote_it_into_the_log(session, made, keys, memory, now, whose, values):
    memory.load(session, keys)
    for name, value in values.items():
        setattr(getattr(made[0], whose), name, now if value == "now" else value)
    session.flush()
    gone = {made[0].service.id}
    assert {one.service_id for one in memory.load(session, keys)} == {key.service_id for key in keys} - gone


def test_an_unknown_key_is_left_out_both_times(session, keys, memory):
    unknown = type(keys[0])(keys[0].service_id, keys[1].location_id)
    for _ in range(2):
        assert memory.load(session, [unknown, keys[1]]) == listings.load(session, [keys[1]])


def test_a_service_without_a_place_is_kept_too(session, now, memory):
    made = factories.make_listing(session, now=now, name="By phone", needs=["crisis_support"])
    session.flush()
    for link in listings._in(
        session, listings.ServiceAtLocation, listings.ServiceAtLocation.service_id, [made.service.id]
    ):
        session.delete(link)
    session.flush()
    [found] = listings.of_services(session, [made.service.id])
    assert found.location_id is None
    for _ in range(2):
        assert memory.load(session, [found.key]) == [found]


def test_it_holds_no_more_than_it_may(session, keys, memory, monkeypatch):
    from resources_db.repositories import listing_memory

    monkeypatch.setattr(listing_memory, "_MOST", 2)
    memory.load(session, keys)
    assert len(memory._held) == 2
    assert memory.load(session, keys) == listings.load(session, keys)

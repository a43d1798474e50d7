"""Without an index search answers straight from SQL: whole while the directory is small, by need and place when it is big."""

from dataclasses import replace

import pytest

from resources_db.models.directory import Service
from resources_db.repositories import listings, shown
from resources_db.vocab import Confidentiality, GeocodeQuality, Visibility
from search import follow, stand_in, verify
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.errors import PlaceError
from search.rows import is_shown
from tests import factories

HERE = SearchCriteria(needs=("food_pantry",), near="45202", radius_m=5_000)


@pytest.fixture
def directory(session, now):
    """Six pantries here, six far away, a clinic, and one pantry that is not to be seen."""
    for number in range(6):
        factories.make_listing(session, now=now, name=f"Near {number}", needs=["food_pantry"])
        factories.make_listing(session, now=now, name=f"Far {number}", needs=["food_pantry"], at=(41.5, -81.7))
    factories.make_listing(session, now=now, name="Queen City Clinic", needs=["primary_care"])
    hidden = factories.make_listing(session, now=now, name="Hidden", needs=["food_pantry"])
    hidden.service.visibility = Visibility.HIDDEN
    session.flush()


@pytest.fixture
def answer(session, directory, tmp_path, now):
    engine = SearchEngine(tmp_path / "index")
    engine.followed = True  # an indexer that does not come to it
    return lambda criteria: engine.answer(session, criteria, now)


def names(session, answer):
    services = [session.get(Service, hit.key.service_id).name for hit in answer.hits]
    return sorted(services)


@pytest.fixture(params=["small", "big"])
def size(request, monkeypatch):
    if request.param == "big":
        monkeypatch.setattr(stand_in, "WHOLE", 3)
    return request.param


def test_needs_and_place_are_answered_alike_in_a_small_and_a_big_directory(session, answer, size):
    found = answer(HERE)
    assert found.degraded
    assert names(session, found) == [f"Near {number}" for number in range(6)]
    assert found.total == 6


def test_words_are_found_in_names(session, answer, size):
    assert names(session, answer(SearchCriteria(q="queen city"))) == ["Queen City Clinic"]


def test_a_whole_domain_is_answered(session, answer, size):
    assert answer(SearchCriteria(domain="nutrition", near="45202", radius_m=5_000)).total == 6


def test_an_unknown_place_is_said_as_ever(answer, size):
    with pytest.raises(PlaceError):
        answer(SearchCriteria(q="food", near="00000"))


def test_of_a_big_directory_the_listings_around_the_place_are_read_first(session, answer, monkeypatch):
    monkeypatch.setattr(stand_in, "WHOLE", 3)
    monkeypatch.setattr(stand_in, "MOST", 6)
    assert answer(HERE).strict_total == 6


def test_sql_counts_the_listings_that_search_has_to_know(session, directory, now):
    """The count by SQL and the reading of every listing are the same rule, also at its edges."""
    two_places = factories.make_listing(session, now=now, name="Two places", needs=["food_pantry"])
    factories.make_listing(session, now=now, name="Gone place", needs=["food_pantry"]).location.deleted_at = now
    factories.make_listing(session, now=now, name="Staff only", needs=["food_pantry"]).organization.visibility = "staff"
    place = two_places.location
    place.confidentiality, place.latitude, place.longitude = Confidentiality.HIDDEN, None, None
    place.geocode_quality = GeocodeQuality.NONE
    session.flush()
    every = listings.of_services(session, listings.all_service_ids(session))
    assert shown.count(session) == sum(map(is_shown, every)) == 14


def test_a_sample_is_spread_over_the_directory_and_moves_with_the_seed(session, directory):
    samples = [{one.name for one in shown.some(session, 4, seed=seed)} for seed in range(3)]
    assert all(len(sample) <= 4 for sample in samples)
    assert len(set.union(*samples)) > 4


def test_comparing_tells_what_is_missing_what_is_too_much_and_what_differs(session, directory, tmp_path, now):
    engine = SearchEngine(tmp_path / "index")
    engine.rebuild(session, now)
    gone, *rows = follow.read_rows(session, now)
    renamed = replace(rows[-1], name="Renamed")
    added = replace(rows[-1], key=f"x{rows[-1].key[1:]}")
    found = verify.compare(engine.snapshot(), [*rows[:-1], renamed, added])
    assert (found.extra, found.differing, found.missing) == ((gone.key,), (renamed.key,), (added.key,))
    assert verify.compare(engine.snapshot(), [gone, *rows]).count == 0
    waiting = {gone.service_id, renamed.service_id}
    assert verify.compare(engine.snapshot(), [*rows[:-1], renamed], leave_out=waiting).count == 0

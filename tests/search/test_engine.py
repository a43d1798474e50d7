"""The engine beside a real database: it follows changes, survives damage, and says when it answers from SQL."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from resources_db import capacity, search_log
from resources_db.models.curation import SearchChange
from resources_db.models.directory import Service
from resources_db.vocab import CapacityState, Confidentiality, GeocodeQuality, ServiceStatus, Visibility
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.errors import IndexUnavailableError
from search.store import Store
from tests import factories

FOOD = SearchCriteria(q="food", near="45202")


@pytest.fixture
def directory(session, now):
    made = [
        factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"], languages=("en", "es")),
        factories.make_listing(
            session, now=now, name="Elm Street Food Shelf", needs=["food_pantry"], at=(39.16, -84.5)
        ),
        factories.make_listing(session, now=now, name="Queen City Clinic", needs=["primary_care"]),
    ]
    search_log.touch(session, [one.service.id for one in made], now=now)
    session.flush()
    return {one.service.name: one for one in made}


@pytest.fixture
def engine(tmp_path):
    return SearchEngine(tmp_path / "index")


def found(engine, session, now, criteria=FOOD):
    services = {service.id: service.name for service in session.scalars(select(Service))}
    return [services[hit.key.service_id] for hit in engine.answer(session, criteria, now).hits]


def change(session, listing, now, **values):
    for name, value in values.items():
        setattr(listing.service, name, value)
    search_log.touch(session, [listing.service.id], now=now)
    session.flush()


def test_the_first_question_builds_the_index(engine, session, directory, now):
    assert sorted(found(engine, session, now)) == ["Elm Street Food Shelf", "Hope Pantry"]
    assert engine.status().healthy
    assert engine.status().listings == 3


def test_a_change_is_found_by_the_next_question(engine, session, directory, now):
    found(engine, session, now)
    change(session, directory["Queen City Clinic"], now, name="Clinic Pantry", needs=["food_pantry"])
    assert "Clinic Pantry" in found(engine, session, now)
    assert found(engine, session, now, replace(FOOD, q="queen city clinic", near=""))[:1] != ["Queen City Clinic"]


@pytest.mark.parametrize(
    "gone",
    [
        {"visibility": Visibility.STAFF},
        {"visibility": Visibility.HIDDEN},
        {"status": ServiceStatus.DEFUNCT},
        {"status": ServiceStatus.TEMPORARILY_CLOSED},
        {"deleted_at": "now"},
    ],
)
def test_a_withdrawn_listing_is_not_found_any_more(engine, session, directory, now, gone):
    found(engine, session, now)
    values = {name: now if value == "now" else value for name, value in gone.items()}
    change(session, directory["Hope Pantry"], now, **values)
    assert found(engine, session, now) == ["Elm Street Food Shelf"]
    assert engine.status().listings == 2


def test_a_word_about_room_changes_the_order_at_once(engine, session, directory, now):
    assert found(engine, session, now)[0] == "Hope Pantry"
    hope = directory["Hope Pantry"]
    capacity.state(
        session,
        service_id=hope.service.id,
        location_id=None,
        state=CapacityState.FULL,
        until=None,
        said_by="agency",
        now=now,
    )
    answer = engine.answer(session, FOOD, now)
    assert [hit.full for hit in answer.hits] == [False, True]


def test_a_confidential_place_leaves_the_index_without_its_point(engine, session, directory, now):
    found(engine, session, now)
    place = directory["Hope Pantry"].location
    place.confidentiality = Confidentiality.HIDDEN
    place.latitude = place.longitude = None
    place.geocode_quality = GeocodeQuality.NONE
    change(session, directory["Hope Pantry"], now)
    hits = engine.answer(session, replace(FOOD, near=""), now).hits
    assert {hit.latitude for hit in hits if hit.key.service_id == directory["Hope Pantry"].service.id} == {None}


def test_an_answer_costs_nothing_when_nothing_changed(engine, session, directory, now):
    found(engine, session, now)
    before = engine.snapshot()
    assert engine.apply_changes(session, now) == 0
    assert engine.snapshot() is before


def test_two_changes_of_one_service_leave_one_listing(engine, session, directory, now):
    found(engine, session, now)
    for _ in range(3):
        change(session, directory["Hope Pantry"], now)
    found(engine, session, now)
    assert engine.status().listings == 3
    assert found(engine, session, now).count("Hope Pantry") == 1


def test_a_change_committed_late_under_a_lower_number_is_still_seen(engine, session, directory, now):
    """On PostgreSQL numbers are given before the commit: 7 may be visible before 6."""
    found(engine, session, now)
    newest = session.scalar(select(func.max(SearchChange.seq)))
    change(session, directory["Hope Pantry"], now, name="Seen First")
    session.scalars(select(SearchChange).where(SearchChange.seq > newest)).one().seq = newest + 5
    session.flush()
    found(engine, session, now)
    directory["Elm Street Food Shelf"].service.name = "Seen Late"
    session.add(SearchChange(seq=newest + 1, service_id=directory["Elm Street Food Shelf"].service.id, at=now))
    session.flush()
    # any later change makes us look
    session.add(SearchChange(seq=newest + 6, service_id=directory["Queen City Clinic"].service.id, at=now))
    session.flush()
    found(engine, session, now)
    late = replace(FOOD, q="seen late", near="")
    assert found(engine, session, now, late)[0] == "Seen Late"


def test_another_process_sees_the_same_index(engine, session, directory, now, tmp_path):
    found(engine, session, now)
    other = SearchEngine(tmp_path / "index")
    assert other.search(FOOD, now).total == 2
    change(session, directory["Hope Pantry"], now, needs=["grief_support"])
    engine.apply_changes(session, now)
    assert other.search(FOOD, now).total == 1


def test_without_an_index_plain_search_says_so(engine, now):
    with pytest.raises(IndexUnavailableError):
        engine.search(FOOD, now)


def _truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE = {
    "manifest gone": lambda g: (g / "manifest.json").unlink(),
    "manifest cut": lambda g: _truncate(g / "manifest.json"),
    "words gone": lambda g: shutil.rmtree(g / "words"),
    "toc cut": lambda g: _truncate(next(iter((g / "words").glob("*.toc")))),
    "columns gone": lambda g: shutil.rmtree(next(iter(g.glob("c0*")))),
    "a column cut": lambda g: _truncate(next(iter(g.glob("c0*"))) / "latitude.bin"),
    "a column too long": lambda g: shutil.copy(
        next(iter(g.glob("c0*"))) / "needs.bin", next(iter(g.glob("c0*"))) / "alive.bin"
    ),
    "another version": lambda g: (g / "manifest.json").write_text(
        json.dumps({**json.loads((g / "manifest.json").read_text()), "analyzer_version": 0})
    ),
}


# whoosh forgets to close the file that it cannot read
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_rebuilt_and_answers_the_same(engine, session, directory, now, tmp_path, damage):
    before = found(engine, session, now)
    damage(tmp_path / "index" / engine.status().generation)
    fresh = SearchEngine(tmp_path / "index")
    assert found(fresh, session, now) == before
    assert fresh.status().healthy


def test_while_another_writes_the_answer_comes_from_sql_and_says_so(engine, session, directory, now, tmp_path):
    from search import index

    Store(tmp_path / "index").make()
    with index.only_one(tmp_path / "index" / "rebuild.lock", wait=0) as mine:
        assert mine
        answer = engine.answer(session, FOOD, now)
    assert answer.degraded
    assert answer.total == 2
    assert not engine.answer(session, FOOD, now).degraded


def test_nobody_else_may_read_the_directory_of_the_index(engine, session, directory, now, tmp_path):
    found(engine, session, now)
    assert (tmp_path / "index").stat().st_mode & 0o077 == 0


def test_a_rebuild_keeps_one_generation_back_and_no_more(engine, session, directory, now, tmp_path):
    for _ in range(4):
        engine.rebuild(session, now)
    assert len(list((tmp_path / "index").glob("g0*"))) == 2


def test_a_rebuild_tells_how_far_it_is(engine, session, directory, now):
    told = []
    assert engine.rebuild(session, now, lambda done, total: told.append((done, total))) == 3
    assert told == [(3, 3)]


@pytest.mark.parametrize("days", [10, 400])
def test_hours_are_laid_out_anew_when_the_days_run_out(engine, session, directory, now, days):
    found(engine, session, now)
    later = now + timedelta(days=days)
    generation = engine.status().generation
    engine.answer(session, FOOD, later)
    assert engine.status().generation != generation


def test_the_index_agrees_with_sql_about_who_is_open(engine, session, directory, now):
    """Monday 10:00 in Cincinnati, open 9 to 17."""
    hit = engine.answer(session, replace(FOOD, q="hope pantry"), now).hits[0]
    assert hit.open.state == "open"
    assert hit.open.until == now.replace(hour=22)
    evening = now + timedelta(hours=9)
    assert engine.answer(session, replace(FOOD, q="hope pantry"), evening).hits[0].open.opens_at == now.replace(
        hour=14
    ) + timedelta(days=1)

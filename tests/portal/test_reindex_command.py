"""`handrail reindex`: beside a running app, with exit codes a script can trust."""

import errno

import pytest
from click.testing import CliRunner

from portal.commands.reindex import reindex
from resources_db import search_log
from resources_db.models.directory import Service
from resources_db.tenancy import system
from search import column_files, index
from tests import factories


@pytest.fixture
def pantries(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = [factories.make_listing(session, now=now, name=name, needs=["food_pantry"]) for name in ("Hope", "Elm")]
        search_log.touch(session, [one.service.id for one in made], now=now)
        return [one.service.id for one in made]


@pytest.fixture
def run(settings, pantries):
    environment = {
        "HANDRAIL_DEMO": "1",
        "HANDRAIL_DATABASE_URL": settings.database_url,
        "HANDRAIL_DATA_DIR": str(settings.data_dir),
    }

    def run(*arguments):
        result = CliRunner().invoke(reindex, arguments, env=environment)
        return result.exit_code, result.output

    return run


def test_it_says_how_many_listings_there_are(run):
    code, said = run()
    assert code == 0
    assert "2 listings are in the index g000001" in said


def test_a_running_app_takes_the_new_index_up(run, runtime):
    run()
    before = runtime.search.status().generation
    run()
    assert (before, runtime.search.status().generation) == ("g000001", "g000002")


def test_a_second_rebuild_beside_the_first_is_refused_and_does_nothing(run, runtime):
    run()
    with index.only_one(runtime.search.store.rebuild_lock, wait=0):
        code, said = run()
    assert code == 3
    assert "nothing was done" in said
    assert runtime.search.status().generation == "g000001"


def test_a_full_disk_is_said_and_the_old_index_stays(run, runtime, monkeypatch):
    run()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(column_files, "save", full)
    code, said = run()
    assert code == 4
    assert "os_enospc" in said
    assert runtime.search.status().generation == "g000001"


def test_check_says_that_they_agree(run):
    run()
    code, said = run("--check")
    assert code == 0
    assert "They agree." in said


def test_check_says_what_differs_and_how_far(run, runtime, pantries):
    run()
    with runtime.database.writing(system()) as session, session.begin():
        session.get(Service, pantries[0]).visibility = "hidden"
        session.get(Service, pantries[1]).needs = ["grief_support"]
    code, said = run("--check")
    assert code == 1
    assert "1 gone from the database" in said
    assert "1 not alike" in said
    assert "Drift: 200.00%" in said


def test_a_change_that_waits_is_no_difference(run, runtime, pantries, now):
    run()
    with runtime.database.writing(system()) as session, session.begin():
        session.get(Service, pantries[0]).name = "Changed"
        search_log.touch(session, pantries[:1], now=now)
    code, said = run("--check")
    assert code == 0
    assert "Services with a change waiting: 1." in said


def test_check_without_an_index_says_so(run):
    code, said = run("--check")
    assert code == 1
    assert "no index" in said

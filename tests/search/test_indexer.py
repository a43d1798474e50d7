"""The indexer of a process: it writes when it has the turn, follows when another has it, and heals what it finds."""

import errno
import shutil
import struct
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from resources_db import search_log
from resources_db.models.directory import Service
from resources_db.tenancy import system
from search import column_files, index, store, upkeep
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.indexer import CHECK_SECONDS, Indexer
from tests import factories

PANTRIES = SearchCriteria(needs=("food_pantry",))


class Ticks:
    """The process's own clock, as the test says it is."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def add(database, now):
    """Put listings into the directory, committed."""

    def add(*names):
        with database.writing(system()) as session, session.begin():
            made = [factories.make_listing(session, now=now, name=name, needs=["food_pantry"]) for name in names]
            search_log.touch(session, [one.service.id for one in made], now=now)
            return [one.service.id for one in made]

    return add


@pytest.fixture
def process(database, tmp_path, now, ticks):
    """A process of this host: its engine and its indexer, not started: the test says when it looks."""
    made = []

    def process():
        engine = SearchEngine(tmp_path / "index")
        engine.followed = True
        made.append(Indexer(engine, lambda: database.reading(system()), lambda: now, ticks=ticks))
        return engine, made[-1]

    yield process
    for indexer in made:
        indexer.stop()


@pytest.fixture
def total(database, now):
    def total(engine):
        with database.reading(system()) as session:
            answer = engine.answer(session, PANTRIES, now)
            return answer.total, answer.degraded

    return total


def test_a_question_never_writes_and_never_waits_for_the_index(process, add, total, tmp_path):
    add("Hope Pantry")
    engine, _ = process()
    assert total(engine) == (1, True)
    assert not (tmp_path / "index").exists()


def test_one_look_builds_the_index_and_the_next_takes_changes_in(process, add, total):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    assert total(engine) == (1, False)
    add("Elm Shelf")
    assert total(engine) == (1, False)
    indexer.look()
    assert total(engine) == (2, False)


def test_a_thread_follows_by_itself_and_a_commit_wakes_it(database, process, add, total):
    engine, indexer = process()
    database.on_commit(lambda session: indexer.nudge() if search_log.was_touched(session) else None)
    indexer.start()
    add("Hope Pantry")
    until(lambda: total(engine) == (1, False))
    indexer.stop()
    assert not engine.followed


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_swapped_in(process, add, now):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    held = engine.snapshot()
    add("Elm Shelf")
    indexer.look()
    assert (held.columns.living, engine.snapshot().columns.living) == (1, 2)
    assert held.text.postings("hope").slots.tolist() == [0]


def test_the_process_without_the_turn_reads_what_the_other_wrote(process, add, total):
    add("Hope Pantry")
    (one, writer), (other, follower) = process(), process()
    writer.look()
    follower.look()
    add("Elm Shelf")
    follower.look()
    assert total(other) == (1, False)
    writer.look()
    assert total(other) == (1, False)
    follower.look()
    assert total(one) == total(other) == (2, False)


def test_when_the_process_with_the_turn_stops_another_takes_it(process, add, total):
    add("Hope Pantry")
    (_, writer), (other, follower) = process(), process()
    writer.look()
    writer.stop()
    add("Elm Shelf")
    follower.look()
    assert total(other) == (2, False)


def test_a_removed_directory_is_made_again(process, add, total, tmp_path):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    shutil.rmtree(tmp_path / "index")
    assert total(engine) == (1, False)
    add("Elm Shelf")
    indexer.look()
    assert total(engine) == (2, False)
    assert total(SearchEngine(tmp_path / "index")) == (2, False)


def test_the_name_of_the_current_generation_may_be_lost(process, add, total, tmp_path):
    add("Hope Pantry")
    _, indexer = process()
    indexer.look()
    (tmp_path / "index" / "current").unlink()
    fresh, beside = process()
    indexer.stop()
    beside.look()
    assert total(fresh) == (1, False)
    assert (tmp_path / "index" / "current").exists()


def test_listings_that_were_changed_past_the_log_are_found_out_by_the_check(process, add, database, total, ticks):
    """An index that agrees with its log but not with SQL: somebody wrote to the database by hand."""
    names = add(*(f"Pantry {number}" for number in range(3)))
    engine, indexer = process()
    indexer.look()
    indexer.look()
    with database.writing(system()) as session, session.begin():
        session.get(Service, names[0]).needs = ["grief_support"]
    indexer.look()
    assert total(engine) == (3, False)
    ticks.at += CHECK_SECONDS + 1
    indexer.look()
    assert total(engine) == (2, False)
    assert engine.store.report().differing == 1


def test_a_listing_that_vanished_from_sql_alone_is_found_out_by_its_count(process, add, database, total, ticks):
    [gone, _] = add("Hope Pantry", "Elm Shelf")
    engine, indexer = process()
    indexer.look()
    with database.writing(system()) as session, session.begin():
        session.get(Service, gone).status = "defunct"
    ticks.at += CHECK_SECONDS + 1
    indexer.look()
    assert engine.snapshot().columns.living == 1


def test_a_database_put_back_from_a_backup_is_followed_from_its_own_past(process, add, database, total):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    with database.writing(system()) as session, session.begin():
        for table in ("search_change", "service_at_location"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    indexer.look()
    assert total(engine) == (1, False)  # a service without a place
    assert engine.status().applied_seq == 0


@contextmanager
def a_full_disk(monkeypatch, where):
    """Writing fails there as it does when nothing is left."""
    owner, name = where

    def full(*_arguments, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, full)
        yield


FULL = {
    "a column": (Path, "write_bytes"),
    "the last file of the columns": (column_files, "_write_counts"),
    "the words": (index, "write"),
    "the promise and the manifest": (store.os, "fsync"),
}


@pytest.mark.parametrize("where", FULL.values(), ids=FULL.keys())
def test_a_full_disk_keeps_the_old_state_and_loses_nothing(process, add, total, monkeypatch, where, ticks, tmp_path):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    add("Elm Shelf")
    with a_full_disk(monkeypatch, where):
        indexer.look()
        assert total(engine) == (1, False)
        assert total(_reopened(engine)) == (1, False)
    ticks.at += 5
    indexer.look()
    assert total(engine) == (2, False)
    assert len(list((tmp_path / "index").glob("g*/c*"))) <= 2


@pytest.mark.parametrize("where", FULL.values(), ids=FULL.keys())
def test_a_disk_full_from_the_first_day_is_answered_from_sql_and_nothing_half_built_stays(
    process, add, total, monkeypatch, where, ticks, tmp_path
):
    add("Hope Pantry")
    engine, indexer = process()
    with a_full_disk(monkeypatch, where):
        indexer.look()
        assert total(engine) == (1, True)
    assert not list((tmp_path / "index").glob("g*"))
    ticks.at += 5
    indexer.look()
    assert total(engine) == (1, False)


def test_a_rebuild_that_fails_again_and_again_is_tried_ever_more_seldom(process, add, monkeypatch, ticks):
    add("Hope Pantry")
    engine, indexer = process()
    tries = []
    monkeypatch.setattr(upkeep, "_rebuild", lambda *_: tries.append(ticks.at) or 1 / 0)
    for second in range(300):
        ticks.at = float(second)
        indexer.look()
    assert tries == [0, 2, 6, 14, 30, 62, 126, 254]
    assert engine.store.report().result == "ZeroDivisionError"


def test_an_operator_may_ask_for_a_rebuild_from_any_process(process, add, total):
    add("Hope Pantry")
    (one, writer), (other, follower) = process(), process()
    writer.look()
    before = one.status().generation
    other.store.ask_for_rebuild()
    follower.look()
    assert one.status().generation == before
    writer.look()
    assert one.status().generation != before


def lose_pages(tmp_path, suffix, monkeypatch):
    """A file of the right length that holds nothing: what a power cut leaves of pages never written."""
    for path in (tmp_path / "index").glob(f"g*/words/*{suffix}"):
        path.write_bytes(bytes(path.stat().st_size))
    monkeypatch.setattr(index, "_kept", index._Kept(1_000_000))


def test_lost_pages_of_posting_lists_send_the_question_to_sql_and_the_index_into_repair(
    process, add, database, now, tmp_path, monkeypatch
):
    add("Hope Pantry")
    _, first = process()
    first.look()
    first.stop()
    lose_pages(tmp_path, ".pst", monkeypatch)
    engine, indexer = process()
    for degraded in (True, False):
        with database.reading(system()) as session:
            answer = engine.answer(session, SearchCriteria(q="hope pantry"), now)
        assert (answer.total, answer.degraded) == (1, degraded)
        indexer.look()


@pytest.mark.parametrize("suffix", [".pst", ".slot.col"])
def test_lost_pages_are_found_out_before_anybody_asks(process, add, total, tmp_path, monkeypatch, suffix):
    """The first quiet look compares a sample of listings with SQL."""
    add(*(f"Hope Pantry {number}" for number in range(5)))
    _, first = process()
    first.look()
    first.stop()
    lose_pages(tmp_path, suffix, monkeypatch)
    engine, indexer = process()
    indexer.look()
    indexer.look()
    assert engine.status().generation == "g000002"
    assert total(engine) == (5, False)


def test_a_change_that_cannot_join_a_damaged_segment_leads_to_a_rebuild(process, add, total, monkeypatch):
    add("Hope Pantry")
    engine, indexer = process()
    indexer.look()
    add("Elm Shelf")
    write, calls = index.write, []

    def stumble(*given):
        calls.append(given)
        return write(*given) if len(calls) > 1 else struct.unpack("i", b"")

    monkeypatch.setattr(index, "write", stumble)
    indexer.look()
    assert total(engine) == (2, False)
    assert engine.status().generation == "g000002"


def test_a_disk_that_stays_full_is_tried_ever_more_seldom(process, add, monkeypatch, ticks):
    add("Hope Pantry")
    _, indexer = process()
    indexer.look()
    add("Elm Shelf")
    tries = []

    def full(*_arguments):
        tries.append(ticks.at)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(column_files, "_write_counts", full)
    for second in range(200):
        ticks.at = float(second)
        indexer.look()
    assert sorted(set(tries)) == [0, 2, 6, 14, 30, 62, 126]


def _reopened(engine):
    """The same directory as a process that starts now sees it."""
    again = SearchEngine(engine.store.directory)
    again.followed = True
    return again


def until(happened):
    pause = threading.Event()
    for _ in range(3_000):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")

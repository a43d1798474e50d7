"""The indexer killed with -9 twenty times while the directory changes: afterwards the index says what SQL says."""

from __future__ import annotations

import json
import random
import signal
import threading
import time

import pytest
from sqlalchemy import func, select

from resources_db import search_log
from resources_db.models.curation import SearchChange
from resources_db.models.directory import Service
from resources_db.tenancy import system
from resources_db.vocab import Visibility
from search import follow, verify
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.errors import IndexUnavailableError
from search.indexer import Indexer
from tests import factories
from tests.conftest import NOW
from tests.faults.index_process import start

LISTINGS = 60
KILLS = 20
PATIENCE_SECONDS = 60
NEEDS = ("food_pantry", "rent_help", "primary_care", "grief_support")


@pytest.fixture
def facts(tmp_path, database_url):
    path = tmp_path / "facts.json"
    path.write_text(
        json.dumps({"database": database_url, "index": str(tmp_path / "index"), "now": NOW.isoformat()}), "utf-8"
    )
    return path


@pytest.fixture
def services(database):
    with database.writing(system()) as session, session.begin():
        made = [
            factories.make_listing(session, now=NOW, name=f"Place {number}", needs=["food_pantry"])
            for number in range(LISTINGS)
        ]
        search_log.touch(session, [one.service.id for one in made], now=NOW)
        return [one.service.id for one in made]


class Editor(threading.Thread):
    """Changes listings again and again, a few at once."""

    def __init__(self, database, services, chance):
        super().__init__()
        self.database, self.services, self.chance = database, services, chance
        self.enough = threading.Event()

    def run(self):
        while not self.enough.is_set():
            self.change(self.chance.sample(self.services, self.chance.randint(1, 6)))
            self.enough.wait(0.01)

    def change(self, ids):
        with self.database.writing(system()) as session, session.begin():
            for service_id in ids:
                service = session.get(Service, service_id)
                service.name = f"Place {self.chance.randint(0, 99)} {self.chance.choice(['Hope', 'Elm', 'Vine'])}"
                service.needs = [self.chance.choice(NEEDS)]
                service.visibility = self.chance.choice([Visibility.PUBLIC] * 4 + [Visibility.HIDDEN])
            search_log.touch(session, ids, now=NOW)


def wait_until(happened):
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not happened():
        assert time.monotonic() < deadline
        pause.wait(0.01)


@pytest.mark.faults
@pytest.mark.bad_input(31)
def test_kill_9_of_the_indexer_leaves_an_index_that_equals_sql(database, facts, services, tmp_path):
    chance = random.Random(20)
    editor = Editor(database, services, chance)
    reader = SearchEngine(tmp_path / "index")
    reader.followed = True
    answered = []
    editor.start()
    try:
        for kill in range(KILLS):
            began = _applied(reader)
            indexer = start(facts)
            # it has taken over and written something new; then it dies at any moment of what it does next
            wait_until(lambda began=began: _applied(reader) > began)
            threading.Event().wait(chance.uniform(0, 0.08))
            indexer.kill()
            indexer.join()
            assert indexer.exitcode == -signal.SIGKILL
            answered.append(_total(reader, database))
            assert reader.status().healthy, f"no index opens after kill {kill + 1}"
    finally:
        editor.enough.set()
        editor.join()
    assert not any(degraded for _, degraded in answered)
    _the_last_indexer_catches_up(database, tmp_path)


def _applied(reader):
    try:
        return reader.store.current().manifest().applied_seq
    except IndexUnavailableError:
        return -1


def _total(reader, database):
    reader.take_newest()
    with database.reading(system()) as session:
        answer = reader.answer(session, SearchCriteria(needs=("food_pantry",)), NOW)
    return answer.total, answer.degraded


def _the_last_indexer_catches_up(database, tmp_path):
    engine = SearchEngine(tmp_path / "index")
    engine.followed = True
    indexer = Indexer(engine, lambda: database.reading(system()), lambda: NOW)
    indexer.look()
    indexer.stop()
    with database.reading(system()) as session:
        newest = session.scalar(select(func.max(SearchChange.seq)))
        rows = follow.read_rows(session, NOW)
        drift = verify.drift(engine.snapshot(), session, NOW)
    assert engine.status().applied_seq == newest
    assert engine.store.current().is_settled
    assert (drift.indexed, drift.in_sql, drift.differing) == (len(rows), len(rows), 0)
    snapshot = engine.snapshot()
    assert sorted(snapshot.columns.arrays.key[snapshot.columns.arrays.alive].tolist()) == sorted(
        row.key.encode() for row in rows
    )
    slots = verify.slots(snapshot, rows)
    assert not [row.name for row in rows if len(slots[row.key]) != 1 or verify.differs(snapshot, row, slots[row.key])]


@pytest.mark.faults
def test_a_disk_that_is_really_full_is_answered_truthfully_and_heals(database, facts, services, tmp_path):
    """The system itself refuses to write: a small limit on files stands for a small disk."""
    limited = {**json.loads(facts.read_text()), "most_bytes": 2_000, "looks": 1}
    facts.write_text(json.dumps(limited), "utf-8")
    _let_it_look(facts)
    reader = SearchEngine(tmp_path / "index")
    reader.followed = True
    with database.reading(system()) as session:
        answer = reader.answer(session, SearchCriteria(needs=("food_pantry",)), NOW)
    assert (answer.total, answer.degraded) == (LISTINGS, True)
    assert reader.store.report().result in {"os_efbig", "OSError"}
    facts.write_text(json.dumps({**limited, "most_bytes": 0}), "utf-8")
    _let_it_look(facts)
    assert (*_total(reader, database), reader.store.report().result) == (LISTINGS, False, "ok")


def _let_it_look(facts):
    indexer = start(facts)
    indexer.join(PATIENCE_SECONDS)
    assert indexer.exitcode == 0

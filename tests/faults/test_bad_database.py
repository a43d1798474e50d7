"""A database that restarts, is busy or has no room left while the queue is emptied: nothing lost, nothing doubled."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from resources_db import tenancy
from resources_db.engine import Database
from resources_db.models.messages import Message
from tests import databases, factories
from tests.conftest import NOW
from tests.faults import drain
from tests.faults.conftest import write_facts
from tests.faults.drain import FULL, PATIENCE_SECONDS, Workers, short_form_on

VISITORS = 8


@pytest.fixture
def server():
    server = databases.PostgresServer(durable=True)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.mark.faults
def test_a_database_that_restarts_in_the_middle_loses_and_doubles_nothing(
    server, tmp_path, vault, company, mischief, trouble, figure
):
    texts, restarts = (1_000, 6) if FULL else (120, 2)
    url = server.url(server.create())
    database = Database(url)
    with database.writing(tenancy.system()) as session, session.begin():
        org_id = factories.cast(session, NOW).org.id
    drain.promise(database, org_id, range(texts))
    workers = Workers(write_facts(tmp_path, url, vault, company.url, trouble))
    try:
        for slot in ("worker-0", "worker-1"):
            workers.start(slot)
        for number in range(restarts):
            for _ in range(texts // (restarts + 2)):
                assert mischief.taken.acquire(timeout=PATIENCE_SECONDS)
            server.restart(crash=number % 2 == 0)
        drain.wait_until_all_accepted(database)
        found = drain.count(database, company, texts)
    finally:
        workers.kill_all()
        database.close()
    figure(f"{restarts} restarts, {found}")
    assert (found.lost, found.doubled) == (0, 0)


@pytest.mark.faults
@short_form_on("sqlite")
def test_visitors_and_a_worker_at_once_are_never_told_that_the_database_is_locked(
    database, org_id, company, workers, figure
):
    """The visitors promise texts and look at them, in this process as in the web's; the worker sends in its own."""
    each = 250 if FULL else 15
    workers.start("local" if database.is_sqlite else "worker-0")
    begun, slowest = time.monotonic(), []

    def visit(visitor):
        for number in range(visitor * each, (visitor + 1) * each):
            asked = time.monotonic()
            with database.writing(tenancy.system()) as session, session.begin():
                drain.promise_one(session, org_id, number)
            with database.reading(tenancy.system()) as session:
                session.scalar(select(func.count()).select_from(Message))
            slowest.append(time.monotonic() - asked)

    with ThreadPoolExecutor(VISITORS) as visitors:
        list(visitors.map(visit, range(VISITORS)))  # a fault of any visitor is raised here
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, VISITORS * each)
    took = time.monotonic() - begun
    figure(f"{VISITORS} visitors and a worker, {found}, slowest visit {max(slowest):.2f} s, {took:.0f} s")
    assert (found.lost, found.doubled, found.kinds["dup_sid"]) == (0, 0, 0)


@pytest.mark.faults
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_sends_nothing_twice_and_goes_on_when_there_is_room(
    database, org_id, company, mischief, workers, trouble, figure
):
    # PostgreSQL stops when it cannot write its log: that is the restart above.
    texts, times = (400, 5) if FULL else (60, 1)
    drain.promise(database, org_id, range(texts))
    workers.start("local")
    for _ in range(times):
        for _ in range(texts // (times + 2)):
            assert mischief.taken.acquire(timeout=PATIENCE_SECONDS)
        (trouble / "full").touch()
        threading.Event().wait(3)
        (trouble / "full").unlink()
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    figure(f"{times} times full, {found}")
    assert (found.lost, found.doubled) == (0, 0)

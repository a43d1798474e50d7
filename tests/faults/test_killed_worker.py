"""A worker killed with -9 at any moment, while the provider misbehaves: no text is lost, none is sent twice."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults import drain
from tests.faults.drain import PATIENCE_SECONDS

TEXTS, KILLS = 120, 4
FULL_TEXTS, FULL_KILLS = 2_000, 20


@pytest.fixture
def slots(database):
    """On SQLite one process works; the lock file of `handrail run` sees to that."""
    return ["local"] if database.is_sqlite else ["worker-0", "worker-1"]


@pytest.mark.faults
@pytest.mark.bad_input(31)
def test_kill_9_loses_nothing_and_doubles_nothing(database, org_id, company, mischief, workers, slots, full, figure):
    texts, kills = (FULL_TEXTS, FULL_KILLS) if full else (TEXTS, KILLS)
    mischief.hang = mischief.drop = mischief.reset = mischief.fault = 0.02
    begun = time.monotonic()
    drain.promise(database, org_id, range(texts))
    for slot in slots:
        workers.start(slot)
    for _ in range(kills):
        for _ in range(random.randint(1, texts // (kills + 2))):
            assert mischief.taken.acquire(timeout=PATIENCE_SECONDS), drain.undone(database)
        slot = random.choice(slots)
        workers.kill(slot)
        workers.start(slot)
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    figure(f"{kills} kills, {found}, {mischief.posts} posts, {time.monotonic() - begun:.0f} s")
    assert (found.lost, found.doubled, found.kinds["dup_sid"]) == (0, 0, 0)


@pytest.mark.faults
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_killed_for_ever_leaves_nothing_undone(
    database, org_id, company, mischief, workers, slots, full, figure
):
    texts = FULL_TEXTS // 4 if full else TEXTS // 2
    drain.promise(database, org_id, range(texts))
    for slot in slots:
        workers.start(slot)
    for _ in range(texts // 4):
        assert mischief.taken.acquire(timeout=PATIENCE_SECONDS)
    workers.kill(slots[-1])
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    figure(found)
    assert (found.lost, found.doubled) == (0, 0)

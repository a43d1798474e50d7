"""Workers that stand still and wake up, and programs that are upgraded and rolled back under delayed jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from resources_db import jobs, tenancy
from resources_db.base import new_id
from resources_db.models.messages import Message
from tests.faults import drain
from tests.faults.drain import FULL, PATIENCE_SECONDS, short_form_on

FREEZES = {
    "a moment": (60, 1, 7.0, False),
    "past the grace": (400, 10, 7.0, False),
    "a minute, product times": (100, 5, 60.0, True),
}
"""Texts, freezes, seconds; 7 s is longer than the grace time of these workers: another one looks meanwhile."""


@pytest.fixture
def slots(database):
    return ["local"] if database.is_sqlite else ["worker-0", "worker-1"]


@pytest.mark.faults
@short_form_on("postgresql")
@pytest.mark.parametrize("how", list(FREEZES)[1:] if FULL else list(FREEZES)[:1])
def test_a_worker_that_was_frozen_does_not_send_again_what_another_took_up(
    database, org_id, company, mischief, workers, slots, how, figure
):
    texts, freezes, seconds, product_times = FREEZES[how]
    workers.change_facts(product_times=product_times)
    mischief.moment = 0.2  # so that it is often in the middle of a call
    drain.promise(database, org_id, range(texts))
    for slot in slots:
        workers.start(slot)
    for _ in range(freezes):
        for _ in range(texts // (freezes + 2)):
            assert mischief.taken.acquire(timeout=PATIENCE_SECONDS)
        workers.freeze(slots[0], seconds)
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    figure(f"{freezes} freezes of {seconds:.0f} s at a grace of {120 if product_times else 5} s, {found}")
    assert found.lost == 0
    assert found.doubled <= (0 if product_times else 2 * freezes // 10)
    assert found.kinds["dup_sid"] >= found.doubled


@pytest.mark.faults
@short_form_on("sqlite")
def test_an_upgrade_and_a_roll_back_strand_no_delayed_text(database, org_id, company, workers, slots, figure):
    """The second release has other program text, and enqueues a job whose name the first does not know."""
    texts, slot = 200 if FULL else 45, slots[0]
    third = texts // 3
    due = {0: timedelta(seconds=1), 1: timedelta(seconds=7), 2: timedelta(seconds=11)}
    for part, delay in due.items():
        drain.promise(database, org_id, range(part * third, (part + 1) * third), delay=delay)
    workers.start(slot)
    drain.wait_until(lambda: drain.undone(database).get("queued", 0) <= 2 * third)
    workers.kill(slot)
    workers.start(slot, "2")
    enqueue_what_only_release_2_knows(database)
    drain.wait_until(lambda: drain.undone(database).get("queued", 0) <= third)
    workers.kill(slot)
    enqueue_what_only_release_2_knows(database)
    workers.start(slot)
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    with database.reading(tenancy.system()) as session:
        taken_up_by_the_sweep = sum(1 for run in session.scalars(select(Message.run)) if run)
    figure(f"release 1, 2, then 1 again: {found}, {taken_up_by_the_sweep} needed the sweep")
    assert (found.lost, found.doubled) == (0, 0)


def enqueue_what_only_release_2_knows(database):
    with database.writing(tenancy.system()) as session, session.begin():
        options = {"workflow_name": "only_in_release_2", "queue_name": jobs.QUEUE, "workflow_id": new_id().hex}
        jobs._client(session).enqueue_in_transaction(session, options, str(new_id()))

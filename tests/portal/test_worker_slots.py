"""Which worker is which: a slot lost with the database's memory is taken anew, and a dead worker's jobs go on."""

from __future__ import annotations

import threading

from sqlalchemy import text

from portal import worker
from resources_db import jobs, worker_slots
from resources_db.base import new_id
from resources_db.tenancy import system


def forget_locks(database):
    with database.engine.connect() as connection:
        found = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        connection.execute(text(found))


def test_a_slot_whose_lock_the_database_forgot_is_locked_anew(runtime):
    slot = worker_slots.take(runtime.database)
    if not runtime.database.is_sqlite:
        forget_locks(runtime.database)
    assert slot.hold()
    second = worker_slots.take(runtime.database)
    assert (second.name == slot.name) is runtime.database.is_sqlite
    slot.release()
    second.release()


def test_a_slot_that_another_worker_took_meanwhile_is_not_held(runtime):
    slot = worker_slots.take(runtime.database)
    if not runtime.database.is_sqlite:
        forget_locks(runtime.database)
    thief = worker_slots.take(runtime.database)
    alone = runtime.database.is_sqlite
    assert [slot.hold(), slot.hold()] == [alone, alone]
    thief.release()
    assert slot.hold()
    slot.release()


def test_a_living_workers_jobs_are_left_to_it_and_a_dead_ones_are_not(runtime):
    living, dead = worker_slots.take(runtime.database), worker_slots.take(runtime.database)
    dead.release()
    left = list(worker_slots.left_by_the_dead(runtime.database, {living.name, dead.name, "local", "worker-63"}))
    assert sorted(left) == ([] if runtime.database.is_sqlite else [dead.name, "worker-63"])
    living.release()


def test_a_job_begun_by_a_dead_worker_is_done_by_a_living_one(runtime, monkeypatch):
    done, row_id = threading.Event(), new_id()
    database_url = runtime.settings.database_url
    with runtime.database.writing(system()) as session, session.begin():
        workflow_id = jobs.enqueue(session, jobs.JobName.SEND_MESSAGE, row_id, run=0)
        begun_and_died(session, workflow_id)
    slot = worker_slots.take(runtime.database)
    monkeypatch.setattr(worker._Working, "slot", slot)
    jobs.launch(
        database_url,
        dict.fromkeys(jobs.JobName, lambda found: done.set() if found == row_id else None),
        lambda _at: worker._take_over(runtime),
        executor_id=slot.name,
        pace=jobs.Pace(poll_seconds=0.05, cron="* * * * * *"),
    )
    try:
        assert done.wait(20)
    finally:
        jobs.stop()
        slot.release()


def begun_and_died(session, workflow_id):
    """As the queue's table looks when a worker took the job and died. On SQLite the one worker recovers its own."""
    alone = session.get_bind().dialect.name == "sqlite"
    table = "workflow_status" if alone else "dbos.workflow_status"
    executor = worker_slots.LOCAL if alone else "worker-7"
    begun = f"status = 'PENDING', executor_id = '{executor}', application_version = '{jobs.VERSION}'"
    session.execute(text(f"UPDATE {table} SET {begun} WHERE workflow_uuid = '{workflow_id}'"))

"""The background work: every job has a hand, the minute's parts all run, the demo begins by day."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from messaging import outbox
from portal import worker
from portal.sms import time_travel
from referrals import follow_up
from resources_db import worker_slots
from resources_db.base import new_id
from resources_db.jobs import JobName
from resources_db.models.messages import Message
from resources_db.models.referrals import ReferralTask
from resources_db.tenancy import system
from resources_db.vocab import MessageState, TaskKind
from tests import factories

ROSA = "+15135550148"


@pytest.fixture
def riverside(runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        return factories.cast(session, clock())


def test_every_job_has_a_hand(runtime):
    assert set(worker.handlers(runtime)) == set(JobName)


def test_the_minutes_work_runs_through_without_a_fault(runtime, riverside, caplog):
    with caplog.at_level(logging.ERROR, logger="handrail"):
        worker.minute(runtime)
    assert [record.getMessage() for record in caplog.records] == []


def test_a_fault_in_one_part_does_not_stop_the_others(runtime, riverside, monkeypatch):
    ran = []

    def breaks(_runtime):
        raise RuntimeError

    monkeypatch.setattr(worker, "_follow_up", breaks)
    monkeypatch.setattr(worker, "_sweep", ran.append)
    worker.catch_up(runtime)
    assert ran == [runtime]


def test_a_row_that_cannot_be_fired_holds_no_other_row_up(runtime, riverside, clock, monkeypatch):
    def fires(_session, task, _now):
        if task.dedupe_key == "0":
            raise RuntimeError
        return "fired"

    monkeypatch.setitem(follow_up.FIRE, TaskKind.WAITLIST_CHECK, fires)
    with runtime.database.writing(system()) as session, session.begin():
        session.add_all(
            ReferralTask(
                org_id=riverside.org.id,
                patient_id=riverside.rosa.id,
                kind=TaskKind.WAITLIST_CHECK,
                due_at=clock() - timedelta(minutes=3 - number),
                dedupe_key=str(number),
                created_at=clock(),
            )
            for number in range(3)
        )
    worker.catch_up(runtime)
    with runtime.database.reading(system()) as session:
        done = {task.dedupe_key: task.outcome for task in session.scalars(select(ReferralTask))}
    assert done == {"0": None, "1": "fired", "2": "fired"}


@pytest.mark.parametrize(("day", "hour", "ahead"), [(23, 8, 6.5), (23, 16, 0), (22, 16, 22.5), (21, 1, 61.5)])
def test_the_demo_begins_on_a_work_day(runtime, clock, day, hour, ahead):
    # Monday 3:00 and 11:00, Sunday 11:00, Friday 20:00 in Cincinnati
    clock.moment = datetime(2026, 11, day, hour, tzinfo=UTC)
    worker._wake_up(runtime)
    assert runtime.clock.now() - clock() == timedelta(hours=ahead)


def test_going_to_what_is_due_next_stops_there(runtime, riverside, clock, monkeypatch):
    monkeypatch.setattr(time_travel.send, "run", lambda *_: None)
    with runtime.database.writing(system()) as session, session.begin():
        message = outbox.enqueue_text(
            session,
            org_id=riverside.org.id,
            to=ROSA,
            body="hola",
            lang="es",
            purpose="help",
            subject_kind="inbound_message",
            subject_id=new_id(),
            dedupe_key="n",
            now=clock(),
            due_at=clock() + timedelta(hours=2),
        )
    assert time_travel.to_next(runtime)
    assert timedelta(0) <= runtime.clock.now() - message.due_at <= timedelta(seconds=1)
    with runtime.database.reading(system()) as session:
        assert session.get(Message, message.id).state is MessageState.QUEUED


def test_two_workers_hold_different_slots_and_a_freed_one_is_taken_again(runtime):
    first, second = worker_slots.take(runtime.database), worker_slots.take(runtime.database)
    names = {first.name, second.name}
    assert names == ({"local"} if runtime.database.is_sqlite else {"worker-0", "worker-1"})
    first.release()
    third = worker_slots.take(runtime.database)
    assert third.name == first.name
    for slot in (second, third):
        slot.release()

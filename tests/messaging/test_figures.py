"""The figures of texting are read from the rows, and alarms ring when a person must look."""

from datetime import timedelta

import pytest

from messaging import figures, pauses
from messaging.figures import Alarm, histogram
from resources_db.base import new_id
from resources_db.models.messages import Message, MessageEvent
from resources_db.vocab import MessageChannel, MessageState
from tests import factories

SECOND = timedelta(seconds=1)


@pytest.fixture
def add(session, now):
    org = factories.cast(session, now).org

    def add(state=MessageState.DELIVERED, *, due=-3600, took=2.0, arrived=3.0, **more):
        ready = now + due * SECOND
        known = {
            "org_id": org.id, "channel": MessageChannel.SMS, "token": new_id().hex, "to": "+15135550148",
            "to_bix": b"x", "body": "Hello", "lang": "en", "purpose": "referral", "subject_kind": "batch",
            "subject_id": new_id(), "created_at": ready, "dedupe_key": new_id().hex, "state": state, "due_at": ready,
        }  # fmt: skip
        if state is MessageState.DELIVERED:
            known |= {"accepted_at": ready + took * SECOND, "delivered_at": ready + (took + arrived) * SECOND}
        message = Message(**{**known, **more})
        session.add(message)
        session.flush()
        return message

    return add


@pytest.fixture
def read(session, now):
    return lambda: figures.read(session, now, protocol_now=now)


def test_a_quiet_house_has_no_alarm_and_nothing_measured(read):
    found = read()
    assert (found.alarms, found.waiting, found.to_provider.n, found.failures) == ((), 0, 0, ())


def test_times_are_counted_from_when_a_text_could_leave(add, read, now):
    add(took=0.5, arrived=2)
    add(took=8, arrived=70)
    add(took=5, not_before=now - timedelta(minutes=30), accepted_at=now - timedelta(minutes=29), delivered_at=None)
    found = read()
    assert found.to_provider.bars == (1, 0, 1, 1, 0, 0)
    assert found.to_phone.bars == (0, 1, 0, 0, 1, 0)
    assert found.to_provider.within(10.0) == pytest.approx(2 / 3)


def test_the_edges_belong_to_the_faster_bar():
    assert histogram([0, 1, 1.01, 5, 300, 301]).bars == (2, 2, 0, 0, 1, 1)
    assert histogram([]).within(60.0) == 1.0


def test_what_waits_for_its_hour_is_not_late(add, read, now):
    add(MessageState.QUEUED, due=-7200, not_before=now + timedelta(hours=9))
    add(MessageState.QUEUED, due=600)
    assert (read().waiting, read().alarms) == (0, ())


def test_a_queue_that_ages_rings_but_a_pause_is_the_one_reason_told(add, read, session, now):
    add(MessageState.QUEUED, due=-360)
    assert (read().waiting, read().oldest_due, read().alarms) == (1, timedelta(minutes=6), (Alarm.OLD_QUEUE,))
    pauses.pause(session, "20003", now)
    assert (read().paused_why, read().alarms) == ("credentials", (Alarm.PAUSED,))
    pauses.lift(session, None, now)
    assert read().alarms == (Alarm.OLD_QUEUE,)


def test_doubt_rings_after_a_quarter_of_an_hour(add, read, now):
    message = add(MessageState.UNKNOWN, intent_at=now - timedelta(minutes=15))
    assert (read().unconfirmed, read().alarms) == (1, ())
    message.intent_at = now - timedelta(minutes=16)
    assert read().alarms == (Alarm.UNCONFIRMED,)


def test_a_doubled_text_rings(add, read, session, now):
    message = add()
    session.add(MessageEvent(org_id=message.org_id, message_id=message.id, at=now, kind="dup_sid"))
    session.flush()
    assert (read().doubled, read().alarms) == (1, (Alarm.DOUBLED,))


def test_few_arrivals_ring_once_there_are_enough_to_say_so(add, read):
    for _ in range(4):
        add(MessageState.UNDELIVERED, error_code="30007", accepted_at=None)
    for number in range(19):
        add(due=-600) if number < 16 else add(MessageState.UNDELIVERED, due=-600, error_code="30003")
    assert read().alarms == ()
    rows = [add(MessageState.UNDELIVERED, due=-600, error_code="30003") for _ in range(5)]
    for row in rows:
        row.accepted_at = row.due_at
    assert (read().ended_last_hour, read().delivered_last_hour) == (21, 16)
    assert read().alarms == (Alarm.FEW_DELIVERED,)
    assert read().failures == (("30003", 8), ("30007", 4))

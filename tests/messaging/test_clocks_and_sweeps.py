"""Clocks that jump, and a sweep of which one part fails: nothing is doubled, nothing is forgotten."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from messaging import reconcile, sweeper
from messaging.hooks import Hooks
from messaging.transport import Outcome, OutgoingText
from messaging.twilio_transport import TwilioTexts
from resources_db import jobs
from resources_db.models.messages import Message
from resources_db.vocab import MessageState
from tests.messaging.conftest import posted

IN_DOUBT_TO = "+15135550150"


class StopsInTheCall(TwilioTexts):
    """The call has begun; it ends when the test says so."""

    def __init__(self, settings):
        super().__init__(settings)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def send(self, text: OutgoingText) -> Outcome:
        self.begun.set()
        self.go_on.wait(20)
        return super().send(text)


def set_intent(desk, message_id, intent_at):
    with desk.writing() as session, session.begin():
        session.get_one(Message, message_id).intent_at = intent_at


def protocol_time(desk):
    with desk.writing() as session:
        return desk.messenger.protocol_time(session)


def test_a_clock_that_jumps_ahead_during_a_call_does_not_make_it_doubtful_here(desk, company):
    # grace is nothing in this test: to the database's clock every intent is old at once
    slow = StopsInTheCall(desk.messenger.settings)
    message_id = desk.promise()
    sending = threading.Thread(target=desk.with_(texts=slow).send, args=(message_id,))
    sending.start()
    assert slow.begun.wait(10)
    reconcile.run(desk.messenger, message_id)
    desk.send(message_id)
    slow.go_on.set()
    sending.join()
    assert (desk.row(message_id).state, len(posted(company))) == (MessageState.ACCEPTED, 1)


def test_a_text_is_found_in_the_list_though_our_clock_was_hours_ahead_when_it_was_sent(desk, company):
    message_id = desk.promise(to=IN_DOUBT_TO)
    desk.send(message_id)
    [there] = posted(company, IN_DOUBT_TO)
    set_intent(desk, message_id, there.created + timedelta(hours=6))
    looking = desk.with_(wall=lambda: there.created + timedelta(hours=7))
    if not desk.messenger.database.is_sqlite:  # its own clock counts there
        set_intent(desk, message_id, there.created - timedelta(seconds=1))
    reconcile.run(looking.messenger, message_id)
    assert (desk.row(message_id).state, len(posted(company, IN_DOUBT_TO))) == (MessageState.ACCEPTED, 1)


def test_after_the_clock_was_set_back_a_doubt_waits_its_grace_and_not_until_that_time_comes(desk, clock):
    message_id = desk.promise(to=IN_DOUBT_TO)
    desk.send(message_id)
    set_intent(desk, message_id, protocol_time(desk) + timedelta(hours=3))
    reconcile.run(desk.messenger, message_id)
    assert desk.row(message_id).state is MessageState.UNKNOWN
    assert sweeper.sweep(desk.messenger, clock()).in_doubt == 1
    reconcile.run(desk.messenger, message_id)
    assert desk.row(message_id).state is MessageState.ACCEPTED


def test_one_text_whose_failure_cannot_be_told_does_not_hold_up_the_sweep(desk, clock):
    def fails(_session, message):
        if message.dedupe_key == "poison":
            raise RuntimeError

    desk = desk.with_(hooks=Hooks(on_failed=fails))
    poison = desk.promise(purpose="nudge", dedupe_key="poison")
    old = desk.promise(purpose="nudge")
    clock.forward(hours=24)
    stuck = desk.promise()
    clock.forward(minutes=3)
    desk.lose_jobs()
    swept = sweeper.sweep(desk.messenger, clock())
    assert (swept.expired, desk.row(old).state, desk.row(stuck).run) == (1, MessageState.EXPIRED, 1)
    assert desk.row(poison).state is MessageState.QUEUED  # it is tried again, and never sent


def test_a_repair_that_fails_leaves_the_others_their_turn(desk, clock, monkeypatch):
    def fails(*_args):
        raise RuntimeError

    stuck = desk.promise()
    clock.forward(minutes=3)
    desk.lose_jobs()
    monkeypatch.setattr(sweeper, "_expire", fails)
    assert sweeper.sweep(desk.messenger, clock()).queued == 1
    assert desk.row(stuck).run == 1


@pytest.mark.parametrize("to", ["+15135550111", "+15135550106"], ids=["refused at once", "reported later"])
def test_a_bad_end_stands_though_what_follows_fails_and_the_sweep_does_that_again(desk, clock, to):
    told, broken = [], [True, True]

    def tells(_session, message):
        if broken:
            raise RuntimeError(broken.pop())
        told.append(message.id)

    desk = desk.with_(hooks=Hooks(on_failed=tells))
    message_id = desk.promise(to=to)
    if desk.send(message_id).state is MessageState.ACCEPTED:
        desk.report(message_id, desk.row(message_id).sid, "undelivered", "30006")
    assert desk.row(message_id).state in {MessageState.FAILED, MessageState.UNDELIVERED}
    followed = [sweeper.sweep(desk.messenger, clock()).followed for _ in range(3)]
    assert (followed, told) == ([0, 1, 0], [message_id])


def test_a_long_queue_is_not_made_longer_by_the_sweep(desk, clock):
    waiting, forgotten = desk.promise(), desk.promise()
    with desk.writing() as session, session.begin():
        schema = "" if desk.messenger.database.is_sqlite else "dbos."
        job = f"{jobs.JobName.SEND_MESSAGE.value}-{forgotten}-0"
        session.execute(text(f"DELETE FROM {schema}workflow_status WHERE workflow_uuid = '{job}'"))
    clock.forward(minutes=30)
    swept = [sweeper.sweep(desk.messenger, clock()).queued for _ in range(3)]
    assert (swept, desk.row(waiting).run, desk.row(forgotten).run) == ([1, 0, 0], 0, 1)


def test_a_doubt_whose_look_stands_in_the_queue_gets_no_second_one(desk, clock):
    message_id = desk.promise(to=IN_DOUBT_TO)
    desk.send(message_id)
    desk.lose_jobs()
    assert [sweeper.sweep(desk.messenger, clock()).in_doubt for _ in range(3)] == [1, 0, 0]

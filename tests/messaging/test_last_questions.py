"""The last questions before a text leaves, the provider's refusals, and what the sweep takes up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from messaging import pauses, phone, suppression, sweeper
from messaging.hooks import Hooks
from messaging.messenger import Messenger
from messaging.twilio_transport import TwilioTexts
from resources_db.models.messages import Suppression
from resources_db.vocab import MessageState, SuppressionWhy
from tests.messaging.conftest import ROSA, posted


@pytest.mark.bad_input(26)
def test_too_many_requests_waits_as_long_as_the_provider_says(desk, company, clock, monkeypatch):
    monkeypatch.setattr(Messenger, "protocol_time", lambda *_: clock())
    message_id = desk.promise(to="+15135550129")
    row = desk.send(message_id)
    assert row.state is MessageState.QUEUED
    assert timedelta(seconds=7) <= row.not_before - clock() <= timedelta(seconds=9)
    desk.send(message_id)
    assert posted(company, "+15135550129") == []
    clock.forward(seconds=10)
    assert desk.send(message_id).state is MessageState.ACCEPTED


def test_a_refused_connection_was_not_sent_and_waits(desk, phone_server, clock):
    message_id = desk.promise()
    phone_server.stop()
    row = desk.send(message_id)
    assert (row.state, row.not_before - clock()) == (MessageState.QUEUED, timedelta(seconds=5))


def test_an_invalid_number_fails_and_tells_those_who_asked(desk):
    told = []

    hooks = Hooks(on_failed=lambda _session, message: told.append(message.error_code))
    row = desk.with_(hooks=hooks).send(desk.promise(to="+15135550111"))
    assert (row.state, row.error_code, told) == (MessageState.FAILED, "21211", ["21211"])


def test_an_opt_out_at_the_provider_suppresses_the_number_here_too(desk):
    row = desk.send(desk.promise(to="+15135550110"))
    with desk.writing() as session:
        [found] = session.scalars(select(Suppression))
    assert (row.state, found.why) == (MessageState.SUPPRESSED, SuppressionWhy.PROVIDER_21610)


def test_revoked_credentials_pause_the_queue_and_lose_nothing(desk, company, settings, clock):

    revoked = replace(settings, auth_token="0" * 32)
    first, second = desk.promise(), desk.promise()
    locked_out = desk.with_(texts=TwilioTexts(revoked))
    assert locked_out.send(first).state is MessageState.QUEUED
    assert desk.send(second).held_why == "paused"
    clock.forward(minutes=5)
    assert sweeper.sweep(desk.messenger, clock()).queued == 0
    with desk.writing() as session, session.begin():
        assert pauses.open_pause(session).why == "20003"
        pauses.lift(session, None, clock())
    assert sweeper.sweep(desk.messenger, clock()).queued == 2
    assert [desk.send(one).state for one in (first, second)] == [MessageState.ACCEPTED] * 2


def test_stop_between_promise_and_sending_means_no_call(desk, company, clock):

    message_id = desk.promise()
    with desk.writing() as session, session.begin():
        suppression.suppress(session, phone.index(ROSA), SuppressionWhy.STOP_WORD, clock())
    assert desk.send(message_id).state is MessageState.SUPPRESSED
    later = desk.promise()
    assert desk.send(later).state is MessageState.SUPPRESSED
    assert posted(company) == []


def test_a_hold_parks_texts_until_it_is_released(desk, company, clock):

    message_id = desk.promise()
    with desk.writing() as session, session.begin():
        suppression.hold(session, phone.index(ROSA), "may_want_stop", clock())
    assert desk.send(message_id).held_why == "hold"
    clock.forward(minutes=10)
    assert sweeper.sweep(desk.messenger, clock()).queued == 0
    with desk.writing() as session, session.begin():
        suppression.release_hold(session, phone.index(ROSA), None, clock())
    assert sweeper.sweep(desk.messenger, clock()).queued == 1
    assert desk.send(message_id).state is MessageState.ACCEPTED


def test_at_night_a_text_waits_for_nine_in_the_morning_where_the_person_is(desk, company, clock):
    clock.forward(hours=11)  # 21:00 in Cincinnati
    message_id = desk.promise()
    row = desk.send(message_id)
    assert (row.held_why, row.not_before.hour) == ("quiet_hours", 14)
    clock.moment = row.not_before
    assert desk.send(message_id).state is MessageState.ACCEPTED


def test_an_old_text_expires_instead_of_arriving_late(desk, company, clock):
    message_id = desk.promise(purpose="nudge")
    clock.forward(hours=25)
    assert sweeper.sweep(desk.messenger, clock()).expired == 1
    assert desk.send(message_id).state is MessageState.EXPIRED
    assert posted(company) == []


def test_a_closed_subject_cancels_its_text(desk, company):

    closed = desk.with_(hooks=Hooks(subject_still_open=lambda _session, _message: False))
    assert closed.send(desk.promise()).state is MessageState.CANCELLED
    assert posted(company) == []


def test_a_process_that_stood_still_does_not_post(desk, company):
    ticks = iter([0.0, 60.0])
    frozen = desk.with_(monotonic=lambda: next(ticks))
    assert frozen.send(desk.promise()).state is MessageState.SENDING
    assert posted(company) == []


def test_a_wall_clock_that_went_back_does_not_post(desk, company, clock):
    message_id = desk.promise()

    def wall():
        claimed = desk.row(message_id).state is MessageState.SENDING
        return clock() - timedelta(seconds=1) if claimed else clock()

    assert desk.with_(wall=wall).send(message_id).state is MessageState.SENDING
    assert posted(company) == []


def test_the_sweep_takes_up_what_the_queue_forgot_under_a_new_number(desk, clock):
    message_id = desk.promise()
    clock.forward(minutes=3)
    assert sweeper.sweep(desk.messenger, clock()).queued == 1
    assert desk.row(message_id).run == 1


def test_a_doubtful_send_is_given_to_reconcile_by_the_sweep(desk, clock):
    message_id = desk.promise(to="+15135550150")
    desk.send(message_id)
    run = desk.row(message_id).run
    assert sweeper.sweep(desk.messenger, clock()).in_doubt == 1
    assert desk.row(message_id).run == run + 1

"""The last questions before a text leaves, the provider's refusals, and what the sweep takes up."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from messaging import pauses, phone, suppression, sweeper
from messaging.hooks import Hooks
from messaging.messenger import Messenger
from messaging.quiet_hours import Window
from messaging.twilio_transport import TwilioTexts
from resources_db.models.messages import Suppression
from resources_db.vocab import MessageState, SuppressionWhy
from tests import factories
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
    desk.lose_jobs()
    clock.forward(minutes=3)
    assert sweeper.sweep(desk.messenger, clock()).queued == 1
    assert desk.row(message_id).run == 1


def test_a_doubtful_send_is_given_to_reconcile_by_the_sweep(desk, clock):
    message_id = desk.promise(to="+15135550150")
    desk.send(message_id)
    run = desk.row(message_id).run
    assert sweeper.sweep(desk.messenger, clock()).in_doubt == 1
    assert desk.row(message_id).run == run + 1


def test_a_stop_binds_every_sender_of_the_site_agencies_texts_included(desk, company, clock):
    with desk.writing() as session, session.begin():
        other = replace(desk, org_id=factories.make_org(session, now=clock(), name="Other Care").id)
    waiting = [desk.promise(), other.promise(), other.promise(purpose="agency_new"), desk.promise(purpose="code")]
    with desk.writing() as session, session.begin():
        suppression.suppress(session, phone.index(ROSA), SuppressionWhy.STOP_WORD, clock())
    later = [other.promise(), other.promise(purpose="appointment")]
    assert {other.send(one).state for one in (*waiting, *later)} == {MessageState.SUPPRESSED}
    assert posted(company) == []


def test_the_confirmation_of_a_stop_leaves_within_five_minutes_or_never(desk, company, clock):
    with desk.writing() as session, session.begin():
        suppression.suppress(session, phone.index(ROSA), SuppressionWhy.STOP_WORD, clock())
    in_time = desk.promise(purpose="opted_out", replies_to_inbound=True)
    late = desk.promise(purpose="opted_out", replies_to_inbound=True)
    clock.forward(minutes=4)
    assert desk.send(in_time).state is MessageState.ACCEPTED
    clock.forward(minutes=2)
    assert desk.send(late).state is MessageState.EXPIRED
    assert len(posted(company)) == 1


def test_a_reply_goes_out_at_night_and_a_code_that_was_just_asked_for(desk, clock):
    clock.forward(hours=17)  # three in the morning in Cincinnati
    assert desk.send(desk.promise(purpose="help", replies_to_inbound=True)).state is MessageState.ACCEPTED
    assert desk.send(desk.promise(purpose="code")).state is MessageState.ACCEPTED
    assert desk.send(desk.promise()).held_why == "quiet_hours"


def test_beside_the_person_a_text_leaves_from_eight_to_nine_in_the_evening_and_not_later(desk, clock):
    clock.forward(hours=10, minutes=59)  # 20:59 in Cincinnati
    assert desk.send(desk.promise(with_person=True)).state is MessageState.ACCEPTED
    clock.forward(minutes=1)
    assert desk.send(desk.promise(with_person=True)).held_why == "quiet_hours"


def test_the_hours_of_the_deployment_bind_patients_texts(desk, clock):
    narrow = desk.with_(settings=replace(desk.messenger.settings, hours=Window(time(11), time(16))))
    assert narrow.send(narrow.promise()).held_why == "quiet_hours"  # ten in the morning
    clock.forward(hours=1)
    assert narrow.send(narrow.promise()).state is MessageState.ACCEPTED


def test_a_question_that_would_be_too_late_by_the_morning_is_told_at_once(desk, clock):
    failed = []
    desk = desk.with_(hooks=Hooks(on_failed=lambda _session, message: failed.append(message.id)))
    clock.forward(hours=10)  # 20:00, thirteen hours before the morning; a reminder is good for twelve
    row = desk.send(desk.promise(purpose="reminder"))
    assert (row.state, failed) == (MessageState.EXPIRED, [row.id])

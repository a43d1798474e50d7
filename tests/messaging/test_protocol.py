"""One text reaches the provider once, whatever breaks on the way. Both databases, the real client, real HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from messaging import callbacks, reconcile, send, suppression, sweeper
from messaging.transport import Accepted, Outcome, OutgoingText
from messaging.twilio_transport import TwilioTexts
from resources_db import jobs, tenancy
from resources_db.models.messages import Message, Suppression
from resources_db.vocab import MessageState, SuppressionWhy
from tests.messaging.conftest import ROSA


class Crash(BaseException):
    """The process dies here."""


class DiesBeforePosting(TwilioTexts):
    def send(self, text: OutgoingText) -> Outcome:
        raise Crash


class DiesAfterPosting(TwilioTexts):
    def send(self, text: OutgoingText) -> Outcome:
        super().send(text)
        raise Crash


def posted(company, to=ROSA):
    return company.store.listed(receiver=to)


def test_a_promised_text_is_sent_once_and_recorded(desk, company):
    message_id = desk.promise()
    row = desk.send(message_id)
    [text_there] = posted(company)
    assert row.state is MessageState.ACCEPTED
    assert (row.sid, text_there.body, row.attempt) == (text_there.sid, "Riverside Care: hola", 1)
    assert desk.kinds(message_id) == ["queued", "intent", "posted"]


def test_sending_again_sends_nothing(desk, company):
    message_id = desk.promise()
    desk.send(message_id)
    desk.send(message_id)
    assert len(posted(company)) == 1


def test_a_rolled_back_promise_leaves_neither_row_nor_job(desk):
    session = desk.writing()
    session.begin()
    desk.promise_in(session)
    session.rollback()
    session.close()
    with desk.writing() as session, session.begin():
        assert session.scalar(select(func.count()).select_from(Message)) == 0
        schema = "" if desk.messenger.database.is_sqlite else "dbos."
        assert session.scalar(text(f"SELECT count(*) FROM {schema}workflow_status")) == 0


def test_the_same_promise_twice_is_one_row(desk):
    assert desk.promise(dedupe_key="referral:1:nudge") == desk.promise(dedupe_key="referral:1:nudge")


def test_no_connection_is_held_while_the_provider_is_called(desk):
    seen = []
    pool = desk.messenger.database.engine.pool

    class Watches(TwilioTexts):
        def send(self, text: OutgoingText) -> Outcome:
            seen.append(pool.checkedout())
            return super().send(text)

    desk.with_(texts=Watches(desk.messenger.settings)).send(desk.promise())
    assert seen == [0]


def test_a_death_before_the_call_is_looked_up_and_then_sent_once(desk, company):
    message_id = desk.promise()
    with pytest.raises(Crash):
        desk.with_(texts=DiesBeforePosting(desk.messenger.settings)).send(message_id)
    assert desk.row(message_id).state is MessageState.SENDING
    reconcile.run(desk.messenger, message_id)
    assert desk.row(message_id).state is MessageState.QUEUED
    assert desk.send(message_id).state is MessageState.ACCEPTED
    assert len(posted(company)) == 1


def test_a_death_after_the_call_is_found_in_the_list_and_not_sent_again(desk, company):
    message_id = desk.promise()
    with pytest.raises(Crash):
        desk.with_(texts=DiesAfterPosting(desk.messenger.settings)).send(message_id)
    reconcile.run(desk.messenger, message_id)
    [there] = posted(company)
    row = desk.row(message_id)
    assert (row.state, row.sid) == (MessageState.ACCEPTED, there.sid)
    assert "adopted" in desk.kinds(message_id)


def test_a_death_after_the_call_is_settled_by_a_report_that_carries_our_token(desk, company, now):
    message_id = desk.promise()
    with pytest.raises(Crash):
        desk.with_(texts=DiesAfterPosting(desk.messenger.settings)).send(message_id)
    [there] = posted(company)
    report(desk, message_id, there.sid, "sent")
    reconcile.run(desk.messenger, message_id)
    assert (desk.row(message_id).state, len(posted(company))) == (MessageState.SENT, 1)


@pytest.mark.parametrize("ending", ["0150", "0158", "0159"])
def test_accepted_without_an_answer_is_in_doubt_then_adopted(desk, company, ending):
    to = f"+1513555{ending}"
    message_id = desk.promise(to=to)
    assert desk.send(message_id).state is MessageState.UNKNOWN
    desk.send(message_id)  # a stranded job wakes up
    reconcile.run(desk.messenger, message_id)
    assert (desk.row(message_id).state, len(posted(company, to))) == (MessageState.ACCEPTED, 1)


def test_a_list_that_cannot_be_read_proves_nothing(desk, company):
    message_id = desk.promise(to="+15135550150")
    desk.send(message_id)
    company.tricks.list_down = True
    reconcile.run(desk.messenger, message_id)
    assert desk.row(message_id).state is MessageState.UNKNOWN
    company.tricks.list_down = False
    reconcile.run(desk.messenger, message_id)
    assert len(posted(company, "+15135550150")) == 1


def test_two_equal_texts_in_doubt_adopt_one_sid_each(desk, company):
    ids = [desk.promise(to="+15135550150") for _ in range(2)]
    for message_id in ids:
        desk.send(message_id)
    for message_id in ids:
        reconcile.run(desk.messenger, message_id)
    sids = {desk.row(message_id).sid for message_id in ids}
    assert sids == {one.sid for one in posted(company, "+15135550150")}
    assert len(sids) == 2


def test_an_html_503_is_in_doubt_and_sent_again_only_after_a_look(desk, company):
    message_id = desk.promise(to="+15135550153")
    assert desk.send(message_id).state is MessageState.UNKNOWN
    reconcile.run(desk.messenger, message_id)
    assert desk.row(message_id).state is MessageState.QUEUED


@pytest.mark.bad_input(26)
def test_too_many_requests_waits_as_long_as_the_provider_says(desk, company, clock):
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
    from messaging.hooks import Hooks

    hooks = Hooks(on_failed=lambda _session, message: told.append(message.error_code))
    row = desk.with_(hooks=hooks).send(desk.promise(to="+15135550111"))
    assert (row.state, row.error_code, told) == (MessageState.FAILED, "21211", ["21211"])


def test_an_opt_out_at_the_provider_suppresses_the_number_here_too(desk):
    row = desk.send(desk.promise(to="+15135550110"))
    with desk.writing() as session:
        [found] = session.scalars(select(Suppression))
    assert (row.state, found.why) == (MessageState.SUPPRESSED, SuppressionWhy.PROVIDER_21610)


def test_revoked_credentials_pause_the_queue_and_lose_nothing(desk, company, settings, clock):
    from dataclasses import replace

    from messaging import pauses

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
    from messaging import phone

    message_id = desk.promise()
    with desk.writing() as session, session.begin():
        suppression.suppress(session, phone.index(ROSA), SuppressionWhy.STOP_WORD, clock())
    assert desk.send(message_id).state is MessageState.SUPPRESSED
    later = desk.promise()
    assert desk.send(later).state is MessageState.SUPPRESSED
    assert posted(company) == []


def test_a_hold_parks_texts_until_it_is_released(desk, company, clock):
    from messaging import phone

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
    from messaging.hooks import Hooks

    closed = desk.with_(hooks=Hooks(subject_still_open=lambda _session, _message: False))
    assert closed.send(desk.promise()).state is MessageState.CANCELLED
    assert posted(company) == []


def test_a_process_that_stood_still_does_not_post(desk, company):
    ticks = iter([0.0, 60.0])
    frozen = desk.with_(monotonic=lambda: next(ticks))
    assert frozen.send(desk.promise()).state is MessageState.SENDING
    assert posted(company) == []


def test_a_wall_clock_that_went_back_does_not_post(desk, company, clock):
    wall = iter(
        [clock(), clock(), clock() - timedelta(seconds=1)]
        if desk.messenger.database.is_sqlite
        else [clock(), clock() - timedelta(seconds=1)]
    )
    assert desk.with_(wall=lambda: next(wall)).send(desk.promise()).state is MessageState.SENDING
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


def report(desk, message_id, sid, status, code=""):
    with desk.writing() as session, session.begin():
        token = session.get_one(Message, message_id).token
        return callbacks.apply(
            desk.messenger, session, token=token, sid=sid, status=status, error_code=code, now=desk.clock()
        )


@pytest.mark.bad_input(20)
def test_reports_in_any_order_end_delivered(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    moved = [report(desk, message_id, sid, status) for status in ("delivered", "sent", "queued", "delivered")]
    assert moved == [True, False, False, False]
    assert desk.row(message_id).state is MessageState.DELIVERED


@pytest.mark.bad_input(19)
def test_the_same_report_ten_times_is_one_event(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    assert [report(desk, message_id, sid, "sent") for _ in range(10)].count(True) == 1
    assert desk.kinds(message_id).count("status") == 1


@pytest.mark.bad_input(21)
def test_a_report_before_our_record_brings_the_sid(desk, company):
    message_id = desk.promise()
    moved = []

    class ReportsFirst(TwilioTexts):
        def send(self, text: OutgoingText) -> Outcome:
            outcome = super().send(text)
            assert isinstance(outcome, Accepted)
            moved.append(report(desk, message_id, outcome.sid, "delivered"))
            return outcome

    row = desk.with_(texts=ReportsFirst(desk.messenger.settings)).send(message_id)
    assert (moved, row.state, row.sid) == ([True], MessageState.DELIVERED, posted(company)[0].sid)
    assert "dup_sid" not in desk.kinds(message_id)


@pytest.mark.bad_input(25)
def test_failed_after_delivered_changes_nothing(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    report(desk, message_id, sid, "delivered")
    assert report(desk, message_id, sid, "failed", "30008") is False
    assert desk.row(message_id).state is MessageState.DELIVERED


def test_a_second_sid_for_one_text_raises_the_alarm(desk):
    message_id = desk.promise()
    desk.send(message_id)
    assert report(desk, message_id, "SM" + "9" * 32, "sent") is False
    assert "dup_sid" in desk.kinds(message_id)


@pytest.mark.bad_input(22)
def test_a_report_for_an_unknown_token_is_kept(desk):
    from resources_db.models.messages import UnmatchedReport

    with desk.writing() as session, session.begin():
        callbacks.apply(
            desk.messenger, session, token="nobody", sid="SM1", status="sent", error_code="", now=desk.clock()
        )
    with desk.writing() as session:
        assert session.scalar(select(func.count()).select_from(UnmatchedReport)) == 1


@pytest.mark.bad_input(16)
def test_an_unreachable_phone_is_tried_twice_more_then_people_are_told(desk, clock):
    from messaging.hooks import Hooks

    told = []
    desk = desk.with_(hooks=Hooks(on_failed=lambda _session, message: told.append(message.dedupe_key)))
    message_id = desk.promise(dedupe_key="key")
    for tried in range(3):
        report(desk, message_id, desk.send(message_id).sid, "undelivered", "30003")
        clock.forward(hours=3)
        with desk.writing() as session:
            found = session.scalars(select(Message.id).where(Message.dedupe_key == f"key#{tried + 2}")).first()
        message_id = found or message_id
    assert told == ["key#3"]


def test_a_landline_is_final_and_the_number_is_flagged(desk):
    from resources_db.models.people import Patient

    message_id = desk.promise()
    report(desk, message_id, desk.send(message_id).sid, "undelivered", "30006")
    with desk.writing() as session:
        flags = session.scalars(select(Patient.phone_flag).where(Patient.phone_flag.is_not(None))).all()
    assert flags == ["not_mobile"]


def test_mail_goes_out_by_the_same_protocol_and_is_one_mail_even_when_sent_again(desk, company):
    from messaging import outbox
    from resources_db.base import new_id

    with desk.writing() as session, session.begin():
        message = outbox.enqueue_email(
            session,
            org_id=desk.org_id,
            to="intake@hopepantry.example",
            subject="A new referral",
            body="Open it",
            lang="en",
            purpose="agency_new",
            subject_kind="referral",
            subject_id=new_id(),
            dedupe_key="m",
            now=desk.clock(),
        )
    assert desk.send(message.id).state is MessageState.ACCEPTED
    [mail] = company.store.mails()
    desk.messenger.mails.send(send._parcel(desk.messenger, desk.row(message.id)))
    assert (mail.subject, len(company.store.mails())) == ("A new referral", 1)


def test_the_job_door_runs_the_promise(desk, company):
    import threading

    done = threading.Event()

    def handle(row_id):
        send.run(desk.messenger, row_id)
        done.set()

    url = desk.messenger.database.engine.url.render_as_string(hide_password=False)
    jobs.launch(url, dict.fromkeys(jobs.JobName, handle), lambda _at: None, pace=jobs.Pace(poll_seconds=0.05))
    try:
        message_id = desk.promise()
        assert done.wait(20)
    finally:
        jobs.stop()
    assert desk.row(message_id).state is MessageState.ACCEPTED
    assert len(posted(company)) == 1


def test_a_message_of_another_org_is_out_of_reach_for_staff(desk):
    desk.promise()
    other = tenancy.Actor(kind=tenancy.ActorKind.USER, org_id=__import__("uuid").uuid4())
    with desk.messenger.database.reading(other) as session:
        assert session.scalars(select(Message)).all() == []

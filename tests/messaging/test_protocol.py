"""One text reaches the provider once, whatever breaks on the way. Both databases, the real client, real HTTP."""

import threading
import uuid

import pytest
from sqlalchemy import func, select, text

from messaging import outbox, reconcile, send
from messaging.messenger import Fence
from messaging.transport import Outcome, OutgoingText
from messaging.twilio_transport import TwilioTexts
from resources_db import jobs, tenancy
from resources_db.base import new_id
from resources_db.models.messages import Message
from resources_db.vocab import MessageState
from tests.messaging.conftest import posted


class Crash(BaseException):
    """The process dies here."""


class DiesBeforePosting(TwilioTexts):
    def send(self, text: OutgoingText) -> Outcome:
        raise Crash


class DiesAfterPosting(TwilioTexts):
    def send(self, text: OutgoingText) -> Outcome:
        super().send(text)
        raise Crash


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
    desk.report(message_id, there.sid, "sent")
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


def test_mail_goes_out_by_the_same_protocol_and_is_one_mail_even_when_sent_again(desk, company):

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
    desk.messenger.mails.send(send._parcel(desk.messenger, desk.row(message.id), Fence(desk.messenger)))
    assert (mail.subject, len(company.store.mails())) == ("A new referral", 1)


def test_the_job_door_runs_the_promise(desk, company):

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
    other = tenancy.Actor(kind=tenancy.ActorKind.USER, org_id=uuid.uuid4())
    with desk.messenger.database.reading(other) as session:
        assert session.scalars(select(Message)).all() == []


def test_a_send_that_was_held_up_while_connecting_writes_nothing_and_waits(desk, company, clock):
    ticks = iter([0.0, 1.0, 60.0])  # before the claim, before the call, and when the connection stood at last
    message_id = desk.promise()
    row = desk.with_(monotonic=lambda: next(ticks)).send(message_id)
    assert (row.state, posted(company)) == (MessageState.QUEUED, [])
    clock.forward(seconds=6)
    assert desk.send(message_id).state is MessageState.ACCEPTED

"""The provider's reports: early, late, doubled, out of order; a message only moves forward."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from messaging import callbacks
from messaging.hooks import Hooks
from messaging.transport import Accepted, Outcome, OutgoingText
from messaging.twilio_transport import TwilioTexts
from resources_db.models.messages import Message, UnmatchedReport
from resources_db.models.people import Patient
from resources_db.vocab import MessageState
from tests.messaging.conftest import posted


@pytest.mark.bad_input(20)
def test_reports_in_any_order_end_delivered(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    moved = [desk.report(message_id, sid, status) for status in ("delivered", "sent", "queued", "delivered")]
    assert moved == [True, False, False, False]
    assert desk.row(message_id).state is MessageState.DELIVERED


@pytest.mark.bad_input(19)
def test_the_same_report_ten_times_is_one_event(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    assert [desk.report(message_id, sid, "sent") for _ in range(10)].count(True) == 1
    assert desk.kinds(message_id).count("status") == 1


@pytest.mark.bad_input(21)
def test_a_report_before_our_record_brings_the_sid(desk, company):
    message_id = desk.promise()
    moved = []

    class ReportsFirst(TwilioTexts):
        def send(self, text: OutgoingText) -> Outcome:
            outcome = super().send(text)
            assert isinstance(outcome, Accepted)
            moved.append(desk.report(message_id, outcome.sid, "delivered"))
            return outcome

    row = desk.with_(texts=ReportsFirst(desk.messenger.settings)).send(message_id)
    assert (moved, row.state, row.sid) == ([True], MessageState.DELIVERED, posted(company)[0].sid)
    assert "dup_sid" not in desk.kinds(message_id)


@pytest.mark.bad_input(25)
def test_failed_after_delivered_changes_nothing(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    desk.report(message_id, sid, "delivered")
    assert desk.report(message_id, sid, "failed", "30008") is False
    assert desk.row(message_id).state is MessageState.DELIVERED


def test_a_second_sid_for_one_text_raises_the_alarm(desk):
    message_id = desk.promise()
    desk.send(message_id)
    assert desk.report(message_id, "SM" + "9" * 32, "sent") is False
    assert "dup_sid" in desk.kinds(message_id)


@pytest.mark.bad_input(22)
def test_a_report_for_an_unknown_token_is_kept(desk):

    with desk.writing() as session, session.begin():
        callbacks.apply(
            desk.messenger, session, token="nobody", sid="SM1", status="sent", error_code="", now=desk.clock()
        )
    with desk.writing() as session:
        assert session.scalar(select(func.count()).select_from(UnmatchedReport)) == 1


@pytest.mark.bad_input(16)
def test_an_unreachable_phone_is_tried_twice_more_then_people_are_told(desk, clock):

    told = []
    desk = desk.with_(hooks=Hooks(on_failed=lambda _session, message: told.append(message.dedupe_key)))
    message_id = desk.promise(dedupe_key="key")
    for tried in range(3):
        desk.report(message_id, desk.send(message_id).sid, "undelivered", "30003")
        clock.forward(hours=3)
        with desk.writing() as session:
            found = session.scalars(select(Message.id).where(Message.dedupe_key == f"key#{tried + 2}")).first()
        message_id = found or message_id
        assert _flags(desk) == (["unreachable"] if tried == 2 else [])
    assert told == ["key#3"]


def test_a_landline_is_final_and_the_number_is_flagged(desk):
    told = []
    desk = desk.with_(hooks=Hooks(on_failed=lambda _session, message: told.append(message.error_code)))
    message_id = desk.promise()
    desk.report(message_id, desk.send(message_id).sid, "undelivered", "30006")
    assert (_flags(desk), told) == (["not_mobile"], ["30006"])


def _flags(desk):
    with desk.writing() as session:
        return session.scalars(select(Patient.phone_flag).where(Patient.phone_flag.is_not(None))).all()


@pytest.mark.bad_input(19, 20)
def test_fifty_reports_at_once_move_the_message_once_for_each_word_at_most(desk):
    message_id = desk.promise()
    sid = desk.send(message_id).sid
    words = ["delivered", "sent", "queued", "sending", "sent"] * 10
    with ThreadPoolExecutor(10) as callers:
        moved = list(callers.map(lambda word: (word, desk.report(message_id, sid, word)), words))
    assert max(Counter(word for word, did in moved if did).values()) == 1
    assert desk.row(message_id).state is MessageState.DELIVERED
    assert desk.kinds(message_id).count("status") == 4  # one for each word


def test_a_report_of_another_sid_that_crosses_our_record_is_not_taken_for_the_first(desk, monkeypatch):
    # the report read the row before our record stored its sid, and updates it afterwards
    message_id, stranger = desk.promise(), "SM" + "9" * 32
    ours = desk.send(message_id).sid
    looked = iter([False])
    before = callbacks._is_another
    monkeypatch.setattr(callbacks, "_is_another", lambda *a: next(looked, before(*a)))
    assert desk.report(message_id, stranger, "sent") is False
    assert (desk.row(message_id).sid, desk.kinds(message_id).count("dup_sid")) == (ours, 1)

"""How fast texts leave: by a rate all workers share, the urgent first, and one at a time when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from messaging import pace
from messaging.settings import Limits, ProviderSettings
from messaging.transport import Accepted, NotSent, Outcome, OutgoingText, TooMany, Unknown
from messaging.twilio_transport import TwilioTexts
from resources_db.models.messages import Message
from resources_db.models.pace import SmsPace
from resources_db.vocab import MessageState
from tests.messaging.conftest import Desk, posted


class Line:
    """The time the line runs by, as the test says it is, on both databases."""

    def __init__(self, monkeypatch):
        self.moment = datetime(2026, 11, 23, 15, tzinfo=UTC)
        monkeypatch.setattr("messaging.messenger.Messenger.protocol_time", lambda _self, _session: self.moment)

    def forward(self, seconds):
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def line(monkeypatch):
    return Line(monkeypatch)


@pytest.fixture
def settings(settings: ProviderSettings) -> ProviderSettings:
    """The limits of a number are another matter."""
    return replace(settings, limits=Limits(1_000, 1_000, 1_000, 10_000))


@pytest.fixture
def slow(desk: Desk) -> Desk:
    """One segment a second, as for a campaign of the smallest kind."""
    return desk.with_(settings=replace(desk.messenger.settings, segments_per_second=1.0))


class Says(TwilioTexts):
    """A provider that answers as the test says, and counts the calls."""

    def __init__(self, settings):
        super().__init__(settings)
        self.outcome, self.calls = NotSent("x"), 0

    def send(self, text: OutgoingText) -> Outcome:
        self.calls += 1
        return Accepted(f"SM{self.calls:032}") if self.outcome is None else self.outcome


def states(desk, ids):
    return [desk.send(one).state for one in ids]


def test_no_more_leave_than_the_rate_allows_and_the_others_know_their_turn(slow, line, clock, company):
    ids = sorted(slow.promise(body=f"text {number}") for number in range(6))
    rows = [slow.send(one) for one in ids]
    assert [row.state for row in rows[:2]] == [MessageState.ACCEPTED] * 2  # a second's worth may be saved up
    assert {row.held_why for row in rows[2:]} == {pace.PACE}
    turns = [(row.not_before - clock()).total_seconds() for row in rows[2:]]
    assert turns == pytest.approx([1, 2, 3, 4])
    assert len(posted(company)) == 2


def test_each_leaves_at_its_turn(slow, line, clock, company):
    ids = sorted(slow.promise(body=f"text {number}") for number in range(5))
    for one in ids:
        slow.send(one)
    for gone in (3, 4, 5):
        line.forward(1)
        clock.forward(seconds=1)
        for one in ids:
            slow.send(one)
        assert len(posted(company)) == gone


def test_a_long_text_takes_as_many_turns_as_it_has_segments(slow, line, clock):
    slow.send(slow.promise(body="a" * 600))  # four segments
    row = slow.send(slow.promise())
    assert (row.not_before - clock()).total_seconds() == pytest.approx(3)


def test_codes_go_before_referrals_and_referrals_before_nudges(slow, line, clock):
    for _ in range(2):
        slow.send(slow.promise())
    nudge, referral, code = (slow.promise(purpose=purpose) for purpose in ("nudge", "referral", "code"))
    turns = {name: slow.send(one).not_before for name, one in (("n", nudge), ("r", referral), ("c", code))}
    assert turns["c"] < turns["r"] < turns["n"]


def test_a_turn_leaves_no_story_in_the_events(slow, line):
    ids = [slow.promise() for _ in range(3)]
    states(slow, ids)
    assert [kind for one in ids for kind in slow.kinds(one) if kind == "held"] == []


def test_too_many_requests_holds_back_everybody_until_the_provider_takes_texts_again(desk, line, clock):
    texts = Says(desk.messenger.settings)
    texts.outcome = TooMany(timedelta(seconds=7))
    throttled = desk.with_(texts=texts)
    first, second = throttled.promise(), throttled.promise()
    throttled.send(first)
    row = throttled.send(second)
    assert (texts.calls, row.held_why, row.not_before - clock()) == (1, pace.PACE, timedelta(seconds=7))
    texts.outcome = None
    line.forward(8)
    clock.forward(seconds=9)
    assert states(throttled, [first, second]) == [MessageState.ACCEPTED] * 2


@pytest.mark.parametrize("fault", [NotSent("ConnectionError"), Unknown("ReadTimeout"), Unknown("http_503")])
def test_a_provider_that_is_down_gets_at_most_one_call_a_minute(desk, line, clock, fault):
    texts = Says(desk.messenger.settings)
    texts.outcome = fault
    down = desk.with_(texts=texts)
    for _ in range(3):
        down.send(down.promise())
    calls = []
    for _ in range(16):
        line.forward(20)
        clock.forward(seconds=20)
        before = texts.calls
        for _ in range(2):
            down.send(down.promise())
        calls.append(texts.calls - before)
    assert max(calls) == 1  # never two at once
    assert sum(calls[7:]) == 3  # in the last three minutes
    with down.writing() as session:
        assert pace.is_shut(session, down.messenger.settings.messaging_service_sid)


def test_the_line_opens_with_the_first_answer(desk, line, clock):
    texts = Says(desk.messenger.settings)
    down = desk.with_(texts=texts)
    ids = [down.promise() for _ in range(5)]
    states(down, ids[:3])
    texts.outcome = None
    assert down.send(ids[3]).held_why == pace.PACE
    line.forward(6)
    clock.forward(seconds=6)
    assert states(down, ids) == [MessageState.ACCEPTED] * 5


def test_faults_between_answers_do_not_shut_the_line(desk, line):
    texts = Says(desk.messenger.settings)
    flaky = desk.with_(texts=texts)
    for number in range(9):
        texts.outcome = None if number % 3 == 2 else Unknown("ReadTimeout")
        flaky.send(flaky.promise())
    assert texts.calls == 9


def test_being_throttled_does_not_lengthen_the_wait_after_a_refused_connection(desk, line, clock):
    texts = Says(desk.messenger.settings)
    texts.outcome = TooMany(timedelta(seconds=1))
    throttled = desk.with_(texts=texts)
    message_id = throttled.promise()
    for _ in range(4):
        throttled.send(message_id)
        line.forward(2)
        clock.forward(seconds=2)
    texts.outcome = NotSent("ConnectionError")
    row = throttled.send(message_id)
    assert (row.attempt, row.not_before - clock()) == (5, timedelta(seconds=5))


def test_a_line_that_is_free_far_in_the_future_comes_from_a_clock_that_was_set_back(desk, line, company):
    with desk.writing() as session, session.begin():
        sender = desk.messenger.settings.messaging_service_sid
        session.add(SmsPace(sender=sender, free_at=line.moment.timestamp() + 3_600, faults=0))
    assert desk.send(desk.promise()).state is MessageState.ACCEPTED


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_that_stands_still_with_the_line_in_its_hand_lets_go_of_it(desk, line, clock, monkeypatch):
    monkeypatch.setattr(pace, "HELD_AT_MOST_MS", 100)
    frozen, other = desk.promise(), desk.promise()
    with desk.writing() as session:
        session.begin()
        assert pace.take(desk.messenger, session, session.get_one(Message, frozen), clock()) is None
        assert desk.send(other).state is MessageState.ACCEPTED
        with pytest.raises(DBAPIError):
            session.execute(select(1))


def test_while_nobody_answers_those_who_wait_do_not_all_ask_again_at_once(desk, line, clock):
    down = desk.with_(texts=Says(desk.messenger.settings))
    for _ in range(3):
        down.send(down.promise())
    rows = [down.send(one) for one in sorted(down.promise() for _ in range(6))]
    turns = [(row.not_before - clock()).total_seconds() for row in rows]
    assert turns == pytest.approx([5, 5.2, 5.4, 5.6, 5.8, 6])

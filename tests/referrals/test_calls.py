"""A call written down: what it settles, what it lets sleep, and that ten seconds take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import calls, texting, worklist
from referrals.errors import NotFoundError, TooLateError, Why
from referrals.worklist import About
from resources_db.models.people import ContactAttempt, Patient
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, Channel, ContactResult, Role, WhyCode
from tests import factories

R = ContactResult


@pytest.fixture
def item(ready):
    about = About(WhyCode.PATIENT_WANTS_CALL, ready.cast.rosa.id, ready.cast.org.id)
    return worklist.open_item(ready.as_dana(), about, due_at=ready.now, now=ready.now)


def log(ready, result, item=None):
    rosa = ready.cast.rosa.id
    return calls.log(ready.as_dana(), patient_id=rosa, result=result, item_id=item.id if item else None, now=ready.now)


def again(ready, item) -> WorklistItem:
    ready.session.flush()
    ready.session.expire(item)
    return item


def test_a_talk_settles_what_asked_for_a_call_and_says_how(ready, item):
    logged = log(ready, R.REACHED, item)
    done = again(ready, item)
    assert (done.done_at, done.done_how) == (ready.now, f"call:{logged.attempt.id}")
    assert (logged.attempt.channel, logged.attempt.created_by) == (Channel.PHONE, ready.cast.dana.id)


def test_a_talk_about_something_else_leaves_the_item(ready):
    about = About(WhyCode.AGENCY_FULL, ready.cast.rosa.id, ready.cast.org.id)
    full = worklist.open_item(ready.as_dana(), about, due_at=ready.now, now=ready.now)
    log(ready, R.REACHED, full)
    assert again(ready, full).done_at is None


@pytest.mark.parametrize("result", [R.NO_ANSWER, R.LEFT_MESSAGE])
def test_who_asked_for_a_call_and_did_not_answer_is_tried_again_the_same_day(ready, item, result):
    assert log(ready, result, item).sleeps_until == ready.now + timedelta(hours=2)
    assert again(ready, item).snoozed_until == ready.now + timedelta(hours=2)


def test_late_in_the_day_the_next_try_is_on_the_next_business_day(ready, item):
    ready.clock.forward(hours=7)  # Monday, 17:00 in Cincinnati
    until = log(ready, R.NO_ANSWER, item).sleeps_until
    assert until is not None
    assert (until - ready.now) > timedelta(hours=10)


def test_a_wrong_number_stops_texts_to_it_and_asks_for_the_right_one(ready, item):
    assert texting.state(ready.session, ready.cast.rosa).allowed
    log(ready, R.WRONG_NUMBER, item)
    rosa = ready.session.get_one(Patient, ready.cast.rosa.id)
    assert texting.state(ready.session, rosa).why is Why.NUMBER_BAD
    assert WhyCode.WRONG_PERSON in {one.why for one in ready.session.scalars(select(WorklistItem))}


@pytest.mark.parametrize("result", list(R))
def test_ten_seconds_take_a_call_back_with_all_it_did(ready, item, result):
    logged = log(ready, result, item)
    ready.clock.forward(seconds=9)
    calls.undo(ready.as_dana(), logged.attempt.id, item_id=item.id, now=ready.now)
    back = again(ready, item)
    assert (back.done_at, back.snoozed_until) == (None, None)
    assert ready.session.scalars(select(ContactAttempt)).all() == []
    assert texting.state(ready.session, ready.session.get_one(Patient, ready.cast.rosa.id)).allowed
    open_ones = select(WorklistItem.why).where(WorklistItem.done_at.is_(None))
    assert set(ready.session.scalars(open_ones)) == {WhyCode.PATIENT_WANTS_CALL}


def test_after_ten_seconds_a_call_stays_written_down(ready, item):
    logged = log(ready, R.REACHED, item)
    ready.clock.forward(seconds=11)
    with pytest.raises(TooLateError):
        calls.undo(ready.as_dana(), logged.attempt.id, now=ready.now)


def test_a_call_is_about_the_patient_of_the_item(ready, item):
    with pytest.raises(NotFoundError):
        calls.log(ready.as_dana(), patient_id=ready.cast.minh.id, result=R.REACHED, item_id=item.id, now=ready.now)


def test_nobody_else_takes_a_call_back(ready, item):
    logged = log(ready, R.REACHED, item)
    marcus = factories.make_user(
        ready.as_clock(), org=ready.cast.org, now=ready.now, name="Marcus Bell", email="marcus@riverside.example"
    )
    act_as(ready.session, Actor(ActorKind.USER, ready.cast.org.id, marcus.id, Role.NAVIGATOR, "Marcus Bell"))
    with pytest.raises(NotFoundError):
        calls.undo(ready.session, logged.attempt.id, now=ready.now)


def test_news_wake_an_item_that_sleeps_and_one_more_day_is_no_news(ready):
    about = About(WhyCode.NO_REPLY, ready.cast.rosa.id, ready.cast.org.id, facts={"agency": "Hope Pantry", "days": 4})
    item = worklist.open_item(ready.as_dana(), about, due_at=ready.now, now=ready.now)
    until = ready.now + timedelta(days=3)
    worklist.snooze(ready.session, item.id, until=until, now=ready.now)
    later = About(about.why, about.patient_id, about.org_id, facts={"agency": "Hope Pantry", "days": 5, "tried": 2})
    worklist.open_item(ready.session, later, due_at=ready.now, now=ready.now)
    assert item.snoozed_until == until
    news = About(about.why, about.patient_id, about.org_id, facts={"agency": "Hope Pantry", "notice": "stop"})
    worklist.open_item(ready.session, news, due_at=ready.now, now=ready.now)
    assert item.snoozed_until is None


def test_a_snooze_is_taken_back_within_ten_seconds(ready, item):
    worklist.snooze(ready.session, item.id, until=ready.now + timedelta(days=1), now=ready.now)
    worklist.undo(ready.session, item.id, now=ready.now + timedelta(seconds=9))
    assert item.snoozed_until is None
    worklist.snooze(ready.session, item.id, until=ready.now + timedelta(days=1), now=ready.now)
    with pytest.raises(TooLateError):
        worklist.undo(ready.session, item.id, now=ready.now + timedelta(seconds=11))

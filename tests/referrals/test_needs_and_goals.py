"""Needs change by events and open again; goals are the person's words, and their day opens one item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import goals, need_changes, needs
from referrals.errors import BadInputError, ChangedMeanwhileError, NotFoundError
from resources_db.models.people import NeedEvent
from resources_db.vocab import GoalState, HelpWanted, NeedSource, NeedStatus, Priority, RequestStatus


@pytest.fixture
def need(world):
    return needs.add(
        world.as_dana(),
        patient_id=world.cast.rosa.id,
        org_id=world.cast.org.id,
        subneed="energy_bill",
        source=NeedSource.SCREENING,
        now=world.now - timedelta(days=10),
    )


def events(world, need):
    found = world.session.scalars(select(NeedEvent).where(NeedEvent.need_id == need.id).order_by(NeedEvent.at))
    return [(one.from_status, one.to_status, one.method) for one in found]


def edit(world, need, **changes):
    facts = {
        "help_wanted": need.help_wanted,
        "urgency": need.urgency,
        "date_at_risk": need.date_at_risk,
        "details": need.details,
    }
    return need_changes.edit(world.as_dana(), need.id, **{**facts, **changes}, now=world.now)


def test_each_change_is_an_event_and_what_stays_is_none(world, need):
    edit(world, need, urgency=Priority.URGENT, details="Account ends in 17")
    edit(world, need)
    world.session.flush()
    assert {one[2] for one in events(world, need)} == {None, need_changes.URGENCY, need_changes.DETAILS}
    assert need.details == "Account ends in 17"


def test_help_that_is_not_wanted_settles_and_the_clock_stands(world, need):
    edit(world, need, help_wanted=HelpWanted.NO)
    assert need.status is NeedStatus.NOT_WANTED
    assert needs.days_without_help(need, world.now) is None


@pytest.mark.parametrize("method", need_changes.METHODS)
def test_what_the_care_team_found_is_told_with_its_method_and_its_name(world, need, method):
    need_changes.settle(world.as_dana(), need.id, NeedStatus.MET, method=method, now=world.now)
    world.session.flush()
    last = need_changes.history(world.as_dana(), [need.id])[need.id][-1]
    assert (last.care_team_found, last.by, last.method, last.after) == (True, "Dana Cole", method, NeedStatus.MET)
    assert needs.days_without_help(need, world.now + timedelta(days=9)) == 10


def test_a_method_nobody_knows_is_refused(world, need):
    with pytest.raises(BadInputError):
        need_changes.settle(world.as_dana(), need.id, NeedStatus.MET, method="magic", now=world.now)


def test_a_need_that_is_opened_again_counts_on_and_gets_a_new_request(world, need):
    first = needs.request_for(world.as_dana(), need, priority=Priority.ROUTINE, now=world.now)
    need_changes.settle(world.as_dana(), need.id, NeedStatus.MET, method="talk", now=world.now)
    assert first.status is RequestStatus.COMPLETED
    world.clock.forward(days=5)
    need_changes.reopen(world.as_dana(), need.id, now=world.now)
    assert (need.status, need.met_at, need.closed_at) == (NeedStatus.OPEN, None, None)
    assert needs.days_without_help(need, world.now) == 15
    assert needs.request_for(world.as_dana(), need, priority=Priority.ROUTINE, now=world.now).id != first.id
    world.session.flush()
    assert events(world, need)[-1] == ("met", "open", need_changes.REOPENED)


def test_a_need_written_down_anew_is_not_opened_twice(world, need):
    need_changes.settle(world.as_dana(), need.id, NeedStatus.UNMET_CLOSED, method="talk", now=world.now)
    needs.add(
        world.as_dana(),
        patient_id=need.patient_id,
        org_id=need.org_id,
        subneed="energy_bill",
        source=NeedSource.TALK,
        now=world.now,
    )
    with pytest.raises(BadInputError):
        need_changes.reopen(world.as_dana(), need.id, now=world.now)


def goal(world, words="Quiero cocinar en casa otra vez", **more):
    facts = {"target_on": world.now.date() + timedelta(days=3), "need_id": None, **more}
    return goals.add(world.as_dana(), patient_id=world.cast.rosa.id, words=words, now=world.now, **facts)


def test_a_goal_keeps_the_persons_words_and_language(world, need):
    goal(world, need_id=need.id)
    (read,) = goals.of_patient(world.as_dana(), world.cast.rosa.id)
    assert (read.words, read.language, read.subneed) == ("Quiero cocinar en casa otra vez", "es", "energy_bill")


def test_the_same_words_twice_are_one_goal_and_no_words_are_none(world):
    assert goal(world).id == goal(world).id
    with pytest.raises(BadInputError):
        goal(world, words="  ")


def test_the_day_of_a_goal_opens_one_item_that_goes_when_it_is_reached(world):
    wish = goal(world)
    goals.look(world.as_clock(), now=world.now)
    assert world.whys() == []
    world.clock.forward(days=4)
    for _ in range(2):
        goals.look(world.as_clock(), now=world.now)
    assert world.whys() == ["goal_due"]
    goals.set_state(world.as_dana(), wish.id, GoalState.COMPLETED, now=world.now)
    assert world.whys() == []
    goals.set_state(world.as_dana(), wish.id, GoalState.ACTIVE, now=world.now)
    assert (wish.state, wish.ended_at) == (GoalState.ACTIVE, None)


def test_an_item_somebody_has_done_does_not_come_again_until_the_day_is_another(world):
    wish = goal(world)
    world.clock.forward(days=4)
    goals.look(world.as_clock(), now=world.now)
    (item,) = world.items()
    item.done_at = world.now
    world.session.flush()
    goals.look(world.as_clock(), now=world.now)
    assert world.whys() == []
    goals.change(
        world.as_dana(),
        wish.id,
        words=wish.words,
        target_on=world.now.date(),
        need_id=None,
        expected_version=1,
        now=world.now,
    )
    goals.look(world.as_clock(), now=world.now)
    assert world.whys() == ["goal_due"]


def test_an_older_page_does_not_overwrite_a_goal(world):
    wish = goal(world)
    goals.set_state(world.as_dana(), wish.id, GoalState.CANCELLED, now=world.now)
    with pytest.raises(ChangedMeanwhileError):
        goals.change(
            world.as_dana(), wish.id, words="x", target_on=None, need_id=None, expected_version=1, now=world.now
        )


def test_a_goal_points_at_no_need_of_another_patient(world, need):
    with pytest.raises(NotFoundError):
        goals.add(
            world.as_dana(),
            patient_id=world.cast.minh.id,
            words="x",
            target_on=None,
            need_id=need.id,
            now=world.now,
        )

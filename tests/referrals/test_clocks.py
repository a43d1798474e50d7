"""The pace of an agency's clock: what is set lies over what is usual, for all agencies or for one; and what it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from referrals import clocks, follow_up, paces
from referrals.clocks import Step, merged
from referrals.errors import BadInputError, NotFoundError
from resources_db.base import new_id
from resources_db.vocab import MessageState, Priority, ReferralState
from tests.referrals.conftest import World

ROUTINE, URGENT = Priority.ROUTINE, Priority.URGENT
ZONE = "America/New_York"
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # the Monday before Thanksgiving


def day(pace, step) -> str:
    return pace.at(step, MONDAY, ZONE).strftime("%m-%d %H")


def test_the_usual_pace_is_the_papers():
    routine, urgent = merged(ROUTINE), merged(URGENT)
    assert [day(routine, step) for step in clocks.IN_ORDER] == ["11-25 15", "11-30 15", "12-03 15", "12-07 15"]
    assert [day(urgent, step) for step in clocks.IN_ORDER] == ["11-24 15", "11-25 15", "11-25 19", "11-26 15"]
    assert (routine.silent_days, routine.look_days) == (30, 20)
    assert (urgent.silent_days, urgent.look_days) == (10, 7)


def test_the_later_change_lies_over_the_earlier_and_what_is_left_out_stays():
    ours = {"notice_2": {"routine": 3}, "silent": {"routine": 40, "urgent": 12}}
    theirs = {"notice_2": {"routine": 1}}
    pace = merged(ROUTINE, ours, theirs)
    assert day(pace, Step.NOTICE_2) == "11-24 15"
    assert day(pace, Step.NOTICE_3) == "11-30 15"
    assert (pace.silent_days, pace.look_days) == (40, 30)
    assert merged(URGENT, ours).silent_days == 12


@pytest.mark.parametrize("wrong", [0, -1, 91, True, "3", None, 2.5, {"routine": 2}])
def test_a_stored_number_nobody_can_mean_is_as_if_it_were_not_there(wrong):
    assert day(merged(ROUTINE, {"notice_2": {"routine": wrong}}), Step.NOTICE_2) == "11-25 15"
    assert day(merged(ROUTINE, {"notice_2": wrong}), Step.NOTICE_2) == "11-25 15"


def test_a_step_never_comes_before_the_one_in_front_of_it():
    pace = merged(ROUTINE, {"notice_3": {"routine": 20}})
    assert day(pace, Step.OVERDUE) == day(pace, Step.NOTICE_3)
    assert pace.at(Step.NO_RESPONSE, MONDAY, ZONE) >= pace.at(Step.OVERDUE, MONDAY, ZONE)


@pytest.fixture
def quiet(world: World) -> World:
    world.agree()
    return world


def save(world: World, days: dict, agency=None):
    paces.save(world.as_dana(), org_id=world.cast.org.id, organization_id=agency, days=days, now=world.now)


def fired(world: World, days: int) -> dict[int, list[str]]:
    told = {}
    for number in range(1, days + 1):
        world.clock.forward(days=1)
        outcomes = follow_up.run_due(world.as_clock(), now=world.now)
        for message in world.messages():
            if message.state is MessageState.QUEUED:
                message.state = MessageState.SENT
        world.session.flush()
        if outcomes:
            told[number] = sorted(outcomes)
    return told


def test_an_agencys_own_pace_lies_over_the_organisations(quiet):
    (food,) = quiet.sent(form="form-key-000000000009")  # now it is an agency we send to
    food_bank = quiet.cast.food_bank.organization.id
    save(quiet, {(Step.NOTICE_2, ROUTINE): 3, (Step.NO_RESPONSE, ROUTINE): 21})
    save(quiet, {(Step.NOTICE_2, ROUTINE): 1, (Step.NOTICE_3, ROUTINE): 2}, food_bank)
    (kitchen,) = quiet.sent(quiet.kitchen, form="form-key-000000000010")
    pace = paces.of(quiet.as_dana(), kitchen)
    assert day(pace, Step.NOTICE_2) == "11-27 15"  # Thursday is Thanksgiving
    assert day(paces.of(quiet.session, food), Step.NOTICE_2) == "11-24 15"
    assert day(paces.of(quiet.session, food), Step.NO_RESPONSE) == "12-14 15"
    listed = paces.listed(quiet.session, quiet.cast.org.id)
    assert [one.agency for one in listed] == ["", "Hope Pantry"]


def test_the_clock_of_a_slow_agency_goes_at_its_own_pace_to_the_end(quiet):
    quiet.sent(form="form-key-000000000009")
    follow_up.run_due(quiet.as_clock(), now=quiet.now)
    slow = {(Step.NOTICE_2, ROUTINE): 5, (Step.NOTICE_3, ROUTINE): 8, (Step.OVERDUE, ROUTINE): 10}
    save(quiet, {**slow, (Step.NO_RESPONSE, ROUTINE): 30}, quiet.cast.food_bank.organization.id)
    save(quiet, {**slow, (Step.NO_RESPONSE, ROUTINE): 30})
    (referral,) = quiet.sent(quiet.kitchen)
    for message in quiet.messages():
        message.state = MessageState.SENT
    told = fired(quiet, 31)
    # the first referral went at the usual pace: what is set holds for what is sent from then on
    assert {2, 7, 10, 14} <= set(told)
    # five, eight and ten business days after Monday 23 November, then thirty days
    assert {8, 11, 15, 30} <= set(told)
    quiet.session.refresh(referral)
    assert referral.state is ReferralState.NO_RESPONSE


def test_a_new_pace_ends_the_one_before_and_the_end_brings_the_usual_back(quiet):
    (referral,) = quiet.sent()
    agency = quiet.cast.food_bank.organization.id
    save(quiet, {(Step.NOTICE_2, ROUTINE): 1}, agency)
    save(quiet, {(Step.NOTICE_2, ROUTINE): 3}, agency)
    (row,) = paces.listed(quiet.session, quiet.cast.org.id)
    assert day(paces.of(quiet.session, referral), Step.NOTICE_2) == "11-27 15"
    paces.end(quiet.as_dana(), row.id, now=quiet.now)
    assert paces.listed(quiet.session, quiet.cast.org.id) == []
    assert day(paces.of(quiet.session, referral), Step.NOTICE_2) == "11-25 15"


@pytest.mark.parametrize(
    ("days", "field", "problem"),
    [
        ({}, "steps", "missing"),
        ({(Step.NOTICE_2, ROUTINE): 0}, "notice_2_routine", "days"),
        ({(Step.SILENT, URGENT): 91}, "silent_urgent", "days"),
        ({(Step.NOTICE_2, ROUTINE): 5}, "notice_3_routine", "order"),
        ({(Step.OVERDUE, URGENT): 1}, "overdue_urgent", "order"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_box(quiet, days, field, problem):
    with pytest.raises(BadInputError) as refused:
        save(quiet, days)
    assert (refused.value.field, refused.value.problem) == (field, problem)
    assert paces.listed(quiet.session, quiet.cast.org.id) == []


def test_no_pace_for_an_agency_nobody_was_ever_sent_to(quiet):
    quiet.sent()
    for other in (new_id(), quiet.cast.clinic.organization.id):
        with pytest.raises(NotFoundError):
            save(quiet, {(Step.NOTICE_2, ROUTINE): 1}, other)


def test_silence_after_a_yes_goes_by_the_pace_too(quiet):
    from referrals import by, progress

    (referral,) = quiet.sent()
    save(quiet, {(Step.SILENT, ROUTINE): 14}, quiet.cast.food_bank.organization.id)
    progress.move(quiet.as_agency(), referral.id, to=ReferralState.ACCEPTED, by=by.AGENCY_LINK, key="a", now=quiet.now)
    told = fired(quiet, 15)
    assert "item" in told[4]
    assert told[14] == ["ended"]
    assert quiet.now - referral.terminal_at <= timedelta(days=1)

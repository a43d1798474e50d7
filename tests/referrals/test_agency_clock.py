"""The agency's clock with frozen time: notices, the item to call, "no response" only under its conditions, outages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import by, events, follow_up, progress
from referrals.progress import Said
from resources_db import tenancy
from resources_db.models.referrals import Referral, ReferralTask, WorklistItem
from resources_db.tenancy import act_as
from resources_db.vocab import MessageState, Reason, ReferralState
from tests.referrals.conftest import World

S = ReferralState


def run(world: World, **later: float):
    world.clock.forward(**later)
    return follow_up.run_due(world.as_clock(), now=world.now)


def deliver(world: World) -> None:
    """Whatever was promised has left."""
    for message in world.messages():
        if message.state is MessageState.QUEUED:
            message.state = MessageState.SENT
    world.session.flush()


def live(world: World, referral: Referral, days: int) -> dict[int, list[str]]:
    """Day by day, with what happened on each."""
    told: dict[int, list[str]] = {}
    for day in range(1, days + 1):
        outcomes = run(world, days=1)
        deliver(world)
        found = sorted(outcomes)
        if found:
            told[day] = found
    world.session.refresh(referral)
    return told


@pytest.fixture
def quiet(world: World) -> World:
    """Rosa shares but is not texted, so that only the agency's clock ticks."""
    world.agree()
    return world


def test_forty_days_without_a_word(quiet):
    (referral,) = quiet.sent()  # Monday 23 November; Thursday is Thanksgiving
    deliver(quiet)
    told = live(quiet, referral, 40)
    # 2 and 4 business days: Wednesday 25 and Monday 30; 7: Thursday 3 December; 14 days: Monday 7.
    assert told == {2: ["told"], 7: ["item"], 10: ["item"], 14: ["ended"]}
    assert referral.state is S.NO_RESPONSE
    assert len(quiet.messages("agency_new")) == 1
    assert len(quiet.messages("agency_reminder")) == 2
    assert quiet.whys() == ["no_reply", "no_response"]


def test_no_response_never_comes_while_notices_did_not_go_out(quiet):
    (referral,) = quiet.sent()
    run(quiet, days=7)
    run(quiet, days=9)
    quiet.session.refresh(referral)
    assert referral.state is S.SENT
    assert run(quiet, days=4)["unheard"] == 1


def test_after_an_outage_of_five_days_only_the_latest_notice_goes_out(quiet):
    (referral,) = quiet.sent()
    deliver(quiet)
    outcomes = run(quiet, days=8)
    assert outcomes == {"superseded": 1, "item": 1}
    assert len(quiet.messages("agency_reminder")) == 1
    assert referral.state is S.SENT


def test_an_answer_silences_the_clock(quiet):
    (referral,) = quiet.sent()
    progress.move(quiet.as_agency(), referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="a", now=quiet.now)
    assert run(quiet, days=2) == {"not_texted": 1}  # the patient, who agreed to no texts
    assert quiet.messages("agency_reminder") == []


def test_two_workers_fire_a_row_once(quiet):
    quiet.sent()
    quiet.clock.forward(days=2)
    (task,) = follow_up.due(quiet.as_clock(), now=quiet.now)
    assert follow_up.fire(quiet.session, task, now=quiet.now) == "told"
    assert follow_up.fire(quiet.session, task, now=quiet.now) == "taken"
    assert len(quiet.messages("agency_reminder")) == 1


def test_after_a_bare_yes_the_agency_is_asked_first_and_the_item_comes_two_business_days_later(quiet):
    (referral,) = quiet.sent()  # a yes on Monday; Thursday is Thanksgiving
    progress.move(quiet.as_agency(), referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="a", now=quiet.now)
    live(quiet, referral, 5)
    assert (len(quiet.messages("agency_confirm")), quiet.whys()) == (1, [])
    live(quiet, referral, 3)
    assert quiet.whys() == ["no_next_step"]


def test_thirty_silent_days_after_a_yes_end_without_counting_as_closed(quiet):
    (referral,) = quiet.sent()
    progress.move(quiet.as_agency(), referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="a", now=quiet.now)
    told = live(quiet, referral, 31)
    assert told[20] == ["item"]
    assert told[30] == ["ended"]
    assert referral.state is S.NO_RESPONSE
    (ended,) = [event for event in events.of(quiet.session, referral.id) if event.to_state is S.NO_RESPONSE]
    assert ended.facts == {"phase": "after_yes"}


def test_a_waitlist_is_asked_about_every_thirty_days_and_never_expires(quiet):
    (referral,) = quiet.sent()
    said = Said(reason=Reason.NO_CAPACITY)
    progress.move(quiet.as_agency(), referral.id, to=S.WAITLISTED, by=by.AGENCY_LINK, key="a", now=quiet.now, said=said)
    assert run(quiet, minutes=10) == {"not_texted": 1}  # the patient, who agreed to no texts
    assert run(quiet, days=30) == {"item": 1}
    assert run(quiet, days=30) == {"item": 1}
    assert referral.state is S.WAITLISTED
    assert "waitlist_30_days" in quiet.whys()


def test_a_stop_notice_nobody_confirmed_asks_for_a_call(quiet):
    (referral,) = quiet.sent()
    progress.move(
        quiet.as_dana(), referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=quiet.now,
        said=Said(reason=Reason.CLIENT_MOVED),
    )  # fmt: skip
    run(quiet, days=2)
    assert quiet.whys() == ["notice_not_confirmed"]


def test_an_item_done_comes_back_within_ten_seconds_only(quiet):
    from referrals import worklist
    from referrals.errors import TooLateError

    item = worklist.by_hand(
        quiet.as_dana(), patient_id=quiet.cast.rosa.id, words="Llamar", due_at=quiet.now, now=quiet.now
    )
    worklist.done(quiet.session, item.id, now=quiet.now)
    assert quiet.items() == []
    worklist.undo(quiet.as_dana(), item.id, now=quiet.now + timedelta(seconds=9))
    assert len(quiet.items()) == 1
    worklist.done(quiet.as_dana(), item.id, now=quiet.now)
    with pytest.raises(TooLateError):
        worklist.undo(quiet.session, item.id, now=quiet.now + timedelta(seconds=11))


def test_dates_of_the_day_open_an_item_once(quiet):
    from referrals import needs
    from resources_db.vocab import NeedSource

    needs.add(
        quiet.as_dana(), patient_id=quiet.cast.rosa.id, org_id=quiet.cast.org.id, subneed="energy_bill",
        source=NeedSource.TALK, date_at_risk=(quiet.now + timedelta(days=2)).date(), now=quiet.now,
    )  # fmt: skip
    run(quiet)
    assert quiet.whys() == ["date_at_risk"]
    (item,) = act_as(quiet.session, tenancy.system()).scalars(select(WorklistItem)).all()
    item.done_at = quiet.now
    run(quiet, minutes=1)
    assert quiet.whys() == []


def test_looking_for_due_rows_changes_nothing(quiet):
    quiet.sent()
    quiet.clock.forward(days=2)
    for _ in range(20):
        follow_up.due(quiet.as_clock(), now=quiet.now)
    undone = quiet.session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).all()
    assert len(undone) == 4

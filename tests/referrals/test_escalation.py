"""What nobody has to remember: each row of the paper's clock table, with frozen time, holidays and outages."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from referrals import by, corrections, events, follow_up, needs, progress
from referrals.answers import PatientSays
from referrals.errors import TooLateError
from referrals.hooks import HOOKS
from referrals.progress import Said
from resources_db.models.people import Need
from resources_db.models.referrals import ReferralTask, ServiceRequest
from resources_db.vocab import (
    HelpWanted,
    MessageState,
    NeedStatus,
    PatientWord,
    Reason,
    ReferralState,
    RequestStatus,
    TaskKind,
    WhyCode,
)
from tests.referrals.conftest import World

S, P = ReferralState, PatientWord


def run(world: World, **later: float):
    world.clock.forward(**later)
    outcomes = follow_up.run_due(world.as_clock(), now=world.now)
    for message in world.messages():
        if message.state is MessageState.QUEUED:
            message.state = MessageState.SENT
    world.session.flush()
    return outcomes


def agency(world: World, referral, to: S, key: str = "a", **said):
    return progress.move(
        world.as_agency(), referral.id, to=to, by=by.AGENCY_LINK, key=key, now=world.now, said=Said(**said)
    )


def says(world: World, referral, word: P, key: str = "p"):
    told = PatientSays(word, referral_id=referral.id)
    return progress.answer(world.as_clock(), referral.batch_id, says=told, by=by.PATIENT_LINK, key=key, now=world.now)


@pytest.fixture
def both_ways(ready: World) -> World:
    """Hope Pantry reads mail first and has a phone for texts."""
    from resources_db import encryption

    contact = ready.cast.food_bank.contact
    contact.phone = "+15135550137"
    contact.phone_bix = encryption.phone_index(contact.phone)
    ready.session.flush()
    return ready


def test_a_bounced_notice_goes_out_by_the_other_way_at_once_and_only_then_somebody_is_asked(both_ways):
    both_ways.sent()
    (mail,) = both_ways.messages("agency_new")
    mail.state = MessageState.UNDELIVERED
    HOOKS.on_failed(both_ways.as_clock(), mail)
    mail, text = sorted(both_ways.messages("agency_new"), key=lambda one: one.channel.value)
    assert (mail.channel.value, text.channel.value) == ("email", "sms")
    assert both_ways.whys() == []
    text.state = MessageState.UNDELIVERED
    HOOKS.on_failed(both_ways.as_clock(), text)
    assert both_ways.whys() == ["notice_not_confirmed"]
    assert len(both_ways.messages("agency_new")) == 2


def test_the_second_notice_takes_the_other_way(both_ways):
    both_ways.sent()
    run(both_ways)
    run(both_ways, days=2)
    (reminder,) = both_ways.messages("agency_reminder")
    assert reminder.channel.value == "sms"


def test_a_waitlist_offers_other_places_at_once_and_is_asked_about_every_thirty_days(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.WAITLISTED, reason=Reason.NO_CAPACITY)
    assert ready.whys() == ["waitlist_others"]
    for _look in range(2):
        run(ready, days=30)
    assert len(ready.messages("agency_confirm")) == 2
    assert {"waitlist_30_days", "waitlist_others"} <= set(ready.whys())
    assert referral.state is S.WAITLISTED


def test_the_day_after_a_visit_both_sides_are_asked_once(ready):
    (referral,) = ready.sent()
    run(ready)
    agency(ready, referral, S.SCHEDULED, next_on=date(2026, 11, 25), at_clock=time(10))  # Thursday is Thanksgiving
    for _hour in range(26):
        run(ready, hours=4)
    assert len(ready.messages("agency_confirm")) == 1
    assert len([one for one in ready.messages("nudge") if one.created_at.date() == date(2026, 11, 27)]) == 1
    assert "no_next_step" in ready.whys()


def test_a_visit_that_was_told_of_before_is_asked_about_no_more(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=date(2026, 11, 25))
    agency(ready, referral, S.SERVED, "b")
    run(ready, days=5)
    assert ready.messages("agency_confirm") == []


@pytest.mark.parametrize(("word", "asked"), [(P.GOT_HELP, 1), (P.NOT_YET, 1), (P.NOT_NEEDED, 0), (P.CALL_ME, 0)])
def test_an_agency_that_has_it_still_is_asked_when_the_patient_says_how_it_went(ready, word, asked):
    (referral,) = ready.sent()
    agency(ready, referral, S.ACCEPTED)
    says(ready, referral, word)
    run(ready)
    assert len(ready.messages("agency_confirm")) == asked
    assert referral.state is S.ACCEPTED


def test_no_answer_about_the_need_by_day_45_is_unknown_and_stays_in_the_numbers(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SERVED)
    need = ready.session.scalars(select(Need)).one()
    run(ready, days=30)
    assert len(ready.messages("solved")) == 1
    assert need.status is NeedStatus.IN_WORK
    run(ready, days=14)
    assert need.status is NeedStatus.IN_WORK
    run(ready, days=2)
    ready.session.refresh(need)
    assert (need.status, need.help_wanted) == (NeedStatus.UNKNOWN, HelpWanted.YES)
    assert "need_unsure" in ready.whys()
    assert need in needs.open_needs(ready.as_dana(), ready.cast.rosa.id)


@pytest.mark.parametrize("word", [P.SOLVED, P.PARTLY_SOLVED, P.NOT_SOLVED])
def test_a_need_somebody_spoke_about_is_not_unknown(ready, word):
    (referral,) = ready.sent()
    agency(ready, referral, S.SERVED)
    run(ready, days=30)
    need = ready.session.scalars(select(Need)).one()
    told = PatientSays(word, need_id=need.id)
    progress.answer(ready.as_clock(), referral.batch_id, says=told, by=by.PATIENT_SMS, key="n", now=ready.now)
    run(ready, days=20)
    assert need.status is not NeedStatus.UNKNOWN
    assert "need_unsure" not in ready.whys()


def test_a_server_that_slept_over_both_questions_asks_the_last_one_only(ready):
    ready.sent()
    outcomes = run(ready, days=11)
    assert len(ready.messages("nudge")) == 1
    assert outcomes["superseded"] == 2  # a question to the patient and a notice to the agency
    assert len(ready.messages("agency_reminder")) == 1


def test_forty_days_with_a_holiday_and_an_outage_of_five_days(ready):
    (referral,) = ready.sent()
    told = {}
    for day in range(1, 41):
        if 3 <= day <= 7:
            ready.clock.forward(days=1)  # nobody works: Thanksgiving and the days after it
            continue
        told[day] = dict(run(ready, days=1))
    ready.session.refresh(referral)
    # Wednesday: notice 2. Asleep over notice 3 (Monday 30) and day 3: both come on waking, once.
    assert told[2] == {"told": 1}
    assert told[8] == {"item": 1, "asked": 1}
    assert told[10] == {"item": 1, "asked": 1}  # overdue, and the question of day 10
    assert told[13] == {"silent": 1}  # two questions without an answer: call
    assert told[14] == {"ended": 1}
    assert all(not outcomes for day, outcomes in told.items() if day > 14)
    assert referral.state is S.NO_RESPONSE
    done = ready.session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).all()
    assert done == []


def test_while_no_notice_arrives_the_operator_is_told_and_the_referral_stays_open(ready):
    (referral,) = ready.sent()
    for _day in range(16):
        ready.clock.forward(days=1)
        follow_up.run_due(ready.as_clock(), now=ready.now)
    assert referral.state is S.SENT
    assert follow_up.unheard(ready.as_clock(), now=ready.now) == 1
    agency(ready, referral, S.ACCEPTED)
    assert follow_up.unheard(ready.as_clock(), now=ready.now) == 0


def test_urgent_steps_are_those_of_the_paper(ready):
    from referrals import create
    from resources_db.vocab import Priority

    batch = ready.release(ready.send(wish=create.Wish(priority=Priority.URGENT)))
    (referral,) = ready.referrals(batch)
    due = {
        one.kind: one.due_at
        for one in ready.as_clock().scalars(select(ReferralTask).where(ReferralTask.referral_id == referral.id))
    }
    sent = referral.sent_at
    assert due[TaskKind.AGENCY_NOTICE_2] == sent + timedelta(days=1)
    assert due[TaskKind.AGENCY_NOTICE_3] == sent + timedelta(days=2)
    assert due[TaskKind.AGENCY_OVERDUE] == sent + timedelta(days=2, hours=4)
    assert due[TaskKind.NO_RESPONSE] == sent + timedelta(days=3)


# Corrections


def test_after_a_wrong_press_the_agencys_clock_begins_again(ready):
    (referral,) = ready.sent()
    run(ready)
    agency(ready, referral, S.DECLINED, reason=Reason.OUT_OF_AREA)
    new = corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    assert ready.whys() == []
    for _day in range(3):
        run(ready, days=1)
    assert new.state is S.SENT
    assert [one.subject_id for one in ready.messages("agency_reminder")] == [new.id]


def test_a_withdrawal_pressed_wrongly_goes_back_and_the_agency_gets_a_new_link(ready):
    (referral,) = ready.sent()
    run(ready)
    done = Said(reason=Reason.WRONG_SERVICE)
    progress.move(ready.as_dana(), referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=ready.now, said=done)
    request = ready.session.get_one(ServiceRequest, referral.request_id)
    assert request.status is RequestStatus.REVOKED
    (stop,) = ready.messages("agency_stop")
    assert HOOKS.subject_still_open(ready.as_clock(), stop)
    new = corrections.undo(ready.as_dana(), referral.id, by=by.NAVIGATOR, key="oops", now=ready.now)
    assert not HOOKS.subject_still_open(ready.as_clock(), stop)
    assert (new.state, request.status) == (S.SENT, RequestStatus.ACTIVE)
    assert [one.subject_id for one in ready.messages("agency_new")] == [referral.id, new.id]
    run(ready, days=2)
    assert "notice_not_confirmed" not in ready.whys()


def test_taken_back_twice_with_one_form_is_once(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.ACCEPTED)
    first = corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    again = corrections.undo(ready.session, referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    assert first.id == again.id


def test_a_navigator_sees_the_mistake_a_week_later_and_an_agency_does_not_undo_ours(ready):
    (referral,) = ready.sent()
    progress.move(
        ready.as_dana(), referral.id, to=S.DECLINED, by=by.By(by.Side.NAVIGATOR, by.Channel.PHONE, "phone: D"),
        key="d", now=ready.now, said=Said(reason=Reason.SAFETY),
    )  # fmt: skip
    with pytest.raises(TooLateError):
        corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="x", now=ready.now)
    ready.clock.forward(days=7)
    new = corrections.undo(ready.as_dana(), referral.id, by=by.NAVIGATOR, key="y", now=ready.now)
    assert new.correction_of == referral.id
    ready.clock.forward(days=31)
    with pytest.raises(TooLateError):
        corrections.undo(ready.as_dana(), referral.id, by=by.NAVIGATOR, key="z", now=ready.now)


def test_a_chain_of_corrections_has_one_last_word(ready):
    (referral,) = ready.sent()
    for number in range(3):
        newest = corrections.newest_of(ready.as_agency(), referral.id)
        corrections.move(ready.session, newest, to=S.SERVED, by=by.AGENCY_LINK, key=f"s{number}", now=ready.now)
        corrections.undo(ready.session, newest, by=by.AGENCY_LINK, key=f"u{number}", now=ready.now)
    last = corrections.newest_of(ready.session, referral.id)
    history = [one.kind.value for one in events.of(ready.session, referral.id)]
    assert history.count("correction") == 1
    assert last != referral.id
    assert [one.sent_at for one in (referral, ready.session.get_one(type(referral), last))] == [referral.sent_at] * 2


def test_consent_taken_back_in_between_keeps_the_mistake_as_a_note_and_an_item(ready):
    from referrals import consent, revocation

    (referral,) = ready.sent()
    agency(ready, referral, S.DECLINED, reason=Reason.SAFETY)
    (agreed,) = consent.standing(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    revocation.revoke(ready.session, agreed.id, how="phone", now=ready.now)
    same = corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    assert (same.id, same.state) == (referral.id, S.DECLINED)
    assert WhyCode.LATE_ANSWER in {one.why for one in ready.items()}


@pytest.mark.parametrize(("priority", "days"), [("routine", 7), ("urgent", 1)])
def test_a_send_that_was_taken_back_is_asked_about_in_its_time(ready, priority, days):
    from referrals import create
    from resources_db.vocab import Priority

    batch = ready.send(wish=create.Wish(priority=Priority(priority)))
    create.undo(ready.as_dana(), batch.id, now=ready.now)
    (item,) = ready.items()
    assert (item.why, item.due_at) == (WhyCode.UNSENT_DRAFT, ready.now + timedelta(days=days))

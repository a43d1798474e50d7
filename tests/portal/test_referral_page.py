"""The page of one referral: everything a navigator learns is written down in one press, and can be taken back."""

from __future__ import annotations

import pytest

from referrals import by, progress
from resources_db.models.people import Patient
from resources_db.models.referrals import PatientAnswer, Referral, ReferralEvent, WorklistItem
from resources_db.tenancy import act_as, system
from resources_db.vocab import ActorKind, ReferralState, WhyCode
from tests.portal.caseload_world import own_form, press_send, release_all, rows

S = ReferralState


@pytest.fixture
def referral(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    return rows(runtime, Referral)[0]


def page_of(dana, referral):
    return dana.get(f"/referrals/{referral.id}")


def learn(dana, referral, to, *, expect=None, **typed):
    path = f"/referrals/{referral.id}"
    form = own_form(page_of(dana, referral)).values()
    return dana.post(path, {**form, "to": to, **typed}, expect=expect)


def now_is(runtime, referral):
    return next(one for one in rows(runtime, Referral) if one.id == referral.id)


def agency_says(runtime, referral, to, clock):
    with runtime.database.writing(system(kind=ActorKind.SYSTEM)) as session, session.begin():
        act_as(session, system(referral.org_id))
        progress.move(session, referral.id, to=to, by=by.AGENCY_LINK, key=f"agency-{to}", now=clock())


def test_help_is_written_down_with_one_choice_and_one_press(dana, world, runtime, referral):
    page = learn(dana, referral, "served")
    assert now_is(runtime, referral).state is S.SERVED
    assert page.path == f"/patients/{world.rosa.id}"
    (event,) = [one for one in rows(runtime, ReferralEvent) if one.to_state is S.SERVED]
    assert event.said_by == "phone: Hope Pantry"


def test_the_reason_is_the_answer_itself(dana, runtime, referral):
    learn(dana, referral, "declined:out-of-area")
    now = now_is(runtime, referral)
    assert (now.state, now.reason.value) == (S.DECLINED, "out-of-area")


def test_after_a_yes_the_no_is_called_we_cannot_after_all(dana, runtime, referral, clock):
    agency_says(runtime, referral, S.ACCEPTED, clock)
    page = page_of(dana, referral)
    assert "The agency cannot help after all, because" in page.text
    assert "The agency says no, because" not in page.text
    learn(dana, referral, "not_served:found-ineligible")
    assert now_is(runtime, referral).state is S.NOT_SERVED


@pytest.mark.parametrize(
    ("to", "typed", "words"),
    [
        ("", {}, "Choose what you learned"),
        ("sent", {}, "Choose what you learned"),
        ("patient:call_me", {}, "Choose what you learned"),
        ("missed", {"said_by": ""}, "This step is not possible from where the referral is now"),
        ("not_served:no-show", {}, "This step is not possible from where the referral is now"),
        ("needs_client", {}, "Only the agency can say this"),
        ("declined", {}, "Choose a reason"),
        ("declined:died", {}, "This reason does not go with this answer"),
        ("declined:other", {"text": "no"}, "Write a few words about the reason"),
        ("served", {"said_by": " "}, "Write who at the agency said it"),
        ("scheduled", {}, "Type the date as year-month-day"),
        ("scheduled", {"next_on": "soon"}, "Type the date as year-month-day"),
        ("scheduled", {"next_on": "2026-12-01", "at_clock": "noon"}, "Type the time such as 14:30"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(dana, runtime, referral, to, typed, words):
    page = learn(dana, referral, to, expect=422, **{"text": "kept words", **typed})
    assert words in page.text
    assert typed.get("text", "kept words") in page.html
    assert now_is(runtime, referral).state is S.SENT


def test_too_few_tries_are_refused_with_the_rule(dana, runtime, referral, clock):
    agency_says(runtime, referral, S.ACCEPTED, clock)
    page = learn(dana, referral, "not_served:could-not-reach", expect=422)
    assert "three tries over five work days" in page.text


def test_the_loser_of_a_race_reads_what_the_referral_is_now(dana, runtime, referral, clock):
    form = own_form(page_of(dana, referral)).values()
    agency_says(runtime, referral, S.ACCEPTED, clock)
    page = dana.post(f"/referrals/{referral.id}", {**form, "to": "declined:no-capacity"}, expect=409)
    assert "Somebody was faster: “The agency says yes”" in page.text
    assert now_is(runtime, referral).state is S.ACCEPTED


def test_the_wrong_button_can_be_taken_back_and_the_history_stays(dana, runtime, referral):
    learn(dana, referral, "declined:no-capacity")
    page = page_of(dana, referral)
    answer = dana.submit(page.form("/wrong"))
    assert "Taken back. Choose what is right." in answer.text
    old, new = sorted(rows(runtime, Referral), key=lambda one: one.created_at)
    assert (old.state, new.state, new.correction_of) == (S.DECLINED, S.SENT, old.id)
    assert answer.path.startswith(f"/referrals/{new.id}")
    again = dana.post(f"/referrals/{old.id}/wrong", page.form("/wrong").values())
    assert again.path.startswith(f"/referrals/{new.id}")
    assert len(rows(runtime, Referral)) == 2


def test_what_the_agency_said_itself_is_not_ours_to_take_back(dana, runtime, referral, clock):
    agency_says(runtime, referral, S.ACCEPTED, clock)
    assert "wrong button" not in page_of(dana, referral).text
    page = dana.post(f"/referrals/{referral.id}/wrong", {"key": "k" * 20})
    assert "Too late to take back" in page.text
    assert now_is(runtime, referral).state is S.ACCEPTED


def test_the_patients_word_by_phone_stands_beside_the_agencys(dana, runtime, referral):
    learn(dana, referral, "patient:got_help")
    assert now_is(runtime, referral).state is S.SENT
    (answer,) = rows(runtime, PatientAnswer)
    assert (answer.word.value, answer.channel.value) == ("got_help", "phone")


def test_a_disagreement_is_settled_by_what_the_care_team_found_and_no_word_is_lost(dana, runtime, referral):
    learn(dana, referral, "served")
    learn(dana, referral, "patient:could_not")
    assert [one.why for one in rows(runtime, WorklistItem) if one.done_at is None] == [WhyCode.DISAGREEMENT]
    page = page_of(dana, referral)
    assert "They disagree. What did you find out?" in page.text
    learn(dana, referral, "found:not_helped", text="the card was empty")
    assert [one for one in rows(runtime, WorklistItem) if one.done_at is None] == []
    shown = page_of(dana, referral).text
    assert "The care team found: help did not come" in shown
    assert "the card was empty" in shown
    assert now_is(runtime, referral).state is S.SERVED


def test_an_ended_referral_still_takes_the_patients_word(dana, runtime, referral):
    learn(dana, referral, "declined:no-capacity")
    page = page_of(dana, referral)
    assert "This referral has ended." in page.text
    assert "The agency says" not in [legend.text for legend in page.tree.all("legend")]
    learn(dana, referral, "patient:not_needed")
    assert len(rows(runtime, PatientAnswer)) == 1


def test_who_comes_from_today_goes_back_to_today(dana, referral):
    path = f"/referrals/{referral.id}"
    form = own_form(dana.get(f"{path}?back=today")).values()
    assert dana.post(path, {**form, "to": "accepted"}).path == "/today"


def test_a_person_nobody_may_contact_is_marked_on_the_page(dana, runtime, world, referral):
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Patient, world.rosa.id).contact_prohibited = True
    assert "Nobody may contact this person now." in page_of(dana, referral).text


def test_the_same_form_sent_twice_is_one_word(dana, runtime, referral):
    path = f"/referrals/{referral.id}"
    form = own_form(page_of(dana, referral)).values()
    for _ in range(2):
        dana.post(path, {**form, "to": "served"})
    assert len([one for one in rows(runtime, ReferralEvent) if one.to_state is S.SERVED]) == 1

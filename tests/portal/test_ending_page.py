"""The page that stops everything for a person, and the page that sets how soon agencies are reminded."""

from __future__ import annotations

import pytest

from resources_db.models.care import AgencyClock
from resources_db.models.people import Patient
from resources_db.models.referrals import Referral, ReferralTask
from resources_db.tenancy import system
from resources_db.vocab import ReferralState, Role, TaskKind
from tests import factories
from tests.portal.caseload_world import own_form, press_send, release_all, rows

S = ReferralState


@pytest.fixture
def sent(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    return rows(runtime, Referral)[0]


@pytest.fixture
def admin(another, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        ana = factories.make_user(
            session, org=world.org, now=clock(), name="Ana Admin", email="ana@x.example", role=Role.CARE_ADMIN
        )
        ana.demo = True
        session.flush()
        session.expunge_all()
    browser = another()
    browser.be(ana)
    browser.again = lambda: browser.be(ana)
    return browser


def rosa(runtime, world):
    return next(one for one in rows(runtime, Patient) if one.id == world.rosa.id)


def test_the_page_says_what_will_happen_before_it_does(dana, world, runtime, sent):
    page = dana.get(f"/patients/{world.rosa.id}/end")
    assert "1 open referral is stopped." in page.text
    assert "never why" in page.text
    for _look in range(3):
        dana.get(page.path)
    assert rows(runtime, Referral)[0].state is S.SENT


def test_one_press_stops_everything_and_the_record_can_be_opened_again(dana, world, runtime, sent):
    path = f"/patients/{world.rosa.id}/end"
    answer = dana.submit(own_form(dana.get(path)), why="moved")
    assert "1 referral was stopped." in answer.text
    assert rows(runtime, Referral)[0].state is S.WITHDRAWN
    assert rosa(runtime, world).closed_why == "moved"
    page = dana.get(path)
    assert "Closed: the person moved away." in page.text
    dana.submit(page.form("/reopen"))
    assert rosa(runtime, world).closed_at is None
    assert rows(runtime, Referral)[0].state is S.WITHDRAWN


@pytest.mark.parametrize("why", ["", "tired", "died; drop table"])
def test_nothing_happens_without_a_reason_of_the_page(dana, world, runtime, sent, why):
    form = own_form(dana.get(f"/patients/{world.rosa.id}/end")).values()
    page = dana.post(f"/patients/{world.rosa.id}/end", {**form, "why": why}, expect=422)
    assert "Choose what happened." in page.text
    assert rosa(runtime, world).closed_at is None


def test_an_unsafe_contact_keeps_the_record_open_and_says_so(dana, world, runtime, sent):
    dana.submit(own_form(dana.get(f"/patients/{world.rosa.id}/end")), why="unsafe")
    assert (rosa(runtime, world).contact_prohibited, rosa(runtime, world).closed_at) == (True, None)
    assert "Nobody may contact this person now." in dana.get(f"/patients/{world.rosa.id}/end").text


# How soon agencies are reminded


def test_an_administrator_sets_changes_and_ends_a_pace_for_one_agency(admin, dana, world, runtime, sent, clock):
    agency = str(world.food_bank.organization.id)
    form = admin.get(f"/admin/reminders?agency={agency}").forms
    post = next(one for one in form if one.method == "post" and one.action.endswith("/admin/reminders"))
    page = admin.submit(post, notice_2_routine="1", notice_3_routine="3")
    assert "Hope Pantry" in page.text
    assert "Second reminder: 1 business day" in page.text
    assert "Third reminder, and somebody is asked to call: 3 business days" in page.text
    again = admin.get(f"/admin/reminders?agency={agency}")
    assert again.tree.all("input", id="notice_2_routine")[0].attrs["value"] == "1"
    end = next(one for one in again.forms if one.action.endswith("/end"))
    page = admin.submit(end)
    assert "Every agency is reminded at the usual pace." in page.text
    assert [one.ended_at is None for one in rows(runtime, AgencyClock)] == [False]


def test_what_is_set_holds_for_the_next_referral_through_the_front_door(admin, dana, world, runtime, clock):
    post = next(
        one for one in admin.get("/admin/reminders").forms if one.method == "post" and "reminders" in one.action
    )
    admin.submit(post, notice_2_routine="1")
    press_send(dana, world)
    release_all(runtime, clock)
    (notice,) = [one for one in rows(runtime, ReferralTask) if one.kind is TaskKind.AGENCY_NOTICE_2]
    assert (notice.due_at - rows(runtime, Referral)[0].sent_at).days == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"notice_2_routine": "soon"}, "Type a number of days from 1 to 90."),
        ({"notice_2_routine": "0"}, "Type a number of days from 1 to 90."),
        ({"silent_urgent": "999999"}, "Type a number of days from 1 to 90."),
        ({"notice_2_routine": "6"}, "A step may not come before the one above it."),
        ({}, "Nothing differs from the usual pace."),
        ({"agency": "somebody"}, "Choose an agency."),
    ],
)
def test_a_pace_nobody_can_mean_is_refused_and_kept_in_its_box(admin, runtime, typed, words):
    post = next(
        one for one in admin.get("/admin/reminders").forms if one.method == "post" and "reminders" in one.action
    )
    given = {**({"notice_2_routine": "1"} if "agency" in typed else {}), **typed}
    page = admin.post("/admin/reminders", {**post.values(), **given}, expect=422)
    assert words in page.text
    for value in typed.values():
        assert value in page.html or value == "somebody"
    assert rows(runtime, AgencyClock) == []


def test_navigators_do_not_set_the_pace(dana):
    assert dana.get("/admin/reminders", expect=None).status in {403, 404}


def test_the_state_page_tells_the_operator_about_agencies_that_hear_nothing(admin, world, runtime, clock, sent):
    assert "No referral is kept open because notices do not arrive." in admin.get("/admin").text
    from referrals import follow_up
    from resources_db.vocab import ActorKind

    for _day in range(16):
        clock.forward(days=1)
        with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
            follow_up.run_due(session, now=clock())
    admin.again()  # two weeks later nobody is signed in any more
    assert "1 referral stays open because our notices do not reach the agency." in admin.get("/admin").text

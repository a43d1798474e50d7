"""Today as a navigator works with it: calls, snoozes, filters, cover, the next place by one key; without JavaScript."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from referrals import worklist
from referrals.worklist import About
from resources_db.models.care import Absence
from resources_db.models.people import ContactAttempt
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import ContactResult, Role, Tier, WhyCode
from tests import factories
from tests.portal.caseload_world import rows

OF_THE_LIST = re.compile("worklist_item|patient|absence|service|organization|contact")
MOST_BYTES = 60 * 1024


@pytest.fixture
def put(runtime, world, clock):
    """Puts an item on the list of a patient, Rosa's where nobody else is named."""

    def open_item(why=WhyCode.PATIENT_WANTS_CALL, patient=None, *, days=0, words="", facts=None, owner=None):
        about = About(
            why,
            (patient or world.rosa).id,
            world.org.id,
            facts=facts or {"agency": "Hope Pantry"},
            words=words,
            owner_id=owner,
        )
        with runtime.database.writing(system(world.org.id)) as session, session.begin():
            return worklist.open_item(session, about, due_at=clock() + timedelta(days=days), now=clock()).id

    return open_item


def press(dana, item, what, view="", **typed):
    return dana.post(f"/today/{item}{view}", {"do": what, **typed})


@pytest.mark.parametrize("result", list(ContactResult))
def test_a_call_is_written_down_by_one_button_and_taken_back_by_undo(dana, put, runtime, result):
    item = put()
    page = press(dana, item, result.value)
    assert "Written down" in page.text
    assert [one.result for one in rows(runtime, ContactAttempt)] == [result]
    back = dana.submit(page.form("/undo"))
    assert "Back on the list" in back.text
    assert "Rosa wants a call" in back.text
    assert rows(runtime, ContactAttempt) == []


def test_who_was_reached_leaves_the_list_and_who_was_not_comes_back(dana, put):
    first = put()
    assert "Rosa wants a call" not in press(dana, first, "reached").text.split("Written down")[0]
    second = put(WhyCode.NO_ANSWER_TWICE)
    page = press(dana, second, "no_answer")
    assert "It comes back" in page.text
    assert "Call Rosa" not in dana.get("/today").text
    assert "Call Rosa" in dana.get("/today?view=snoozed").text


@pytest.mark.parametrize(("what", "day", "says"), [("3days", "", "Nov 26"), ("date", "2026-12-01", "Dec 1")])
def test_an_item_sleeps_to_any_day_and_undo_wakes_it(dana, put, what, day, says):
    page = press(dana, put(), what, day=day)
    assert says in page.text
    assert "Rosa wants a call" in dana.submit(page.form("/undo")).text


@pytest.mark.parametrize("day", ["", "2026-11-23", "2026-11-22", "2028-01-01", "tomorrow", "9999-99-99"])
def test_a_day_that_cannot_be_slept_to_is_refused_in_words(dana, put, day):
    page = press(dana, put(), "date", day=day)
    assert "Choose a day that lies ahead" in page.text
    assert "Rosa wants a call" in page.text


def test_what_sleeps_can_be_woken(dana, put):
    item = put()
    press(dana, item, "tomorrow")
    page = dana.submit(dana.get("/today?view=snoozed").form(f"/today/{item}"), do="wake")
    assert "Back on the list" in page.text
    assert "Rosa wants a call" in dana.get("/today").text


def test_the_address_holds_the_filters_and_an_action_keeps_them(dana, put, world):
    call, full = put(), put(WhyCode.AGENCY_FULL, world.minh)
    page = dana.get("/today?kind=agency")
    assert "Agency said full" in page.text
    assert "Rosa wants a call" not in page.text
    after = press(dana, full, "done", "?kind=agency")
    assert after.path.startswith("/today?kind=agency")
    assert "Nothing on the list is like this" in after.text
    assert call


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("language=vi", "Minh T.", "Rosa M."),
        ("late=y", "Amina H.", "Rosa M."),
        ("kind=patient", "Rosa M.", "Minh T."),
        ("kind=nonsense&language=%3Cb%3E&patient=x", "Rosa M.", "Nothing on the list"),
    ],
)
def test_filters_by_kind_language_and_lateness(dana, put, world, query, shown, hidden):
    put()
    put(WhyCode.AGENCY_FULL, world.minh)
    put(WhyCode.AGENCY_SAID_NO, world.amina, days=-2)
    page = dana.get(f"/today?{query}")
    assert shown in page.text
    assert hidden not in page.text


def test_all_items_of_one_patient_are_one_link_away(dana, put, world):
    put()
    put(WhyCode.AGENCY_FULL)
    put(WhyCode.AGENCY_SAID_NO, world.minh)
    page = dana.get("/today")
    assert "All 2 items of Rosa" in page.text
    only = dana.get(f"/today?patient={world.rosa.id}")
    assert "Agency said full" in only.text
    assert "Minh" not in only.text


def test_every_reason_stands_under_exactly_one_kind():
    from portal.caseload.today_view import KINDS

    told = [why for _label, whys in KINDS.values() for why in whys]
    assert sorted(told) == sorted(WhyCode)


@pytest.fixture
def marcus(runtime, world, clock):
    """A colleague who is away until November 30; Dana covers."""
    with runtime.database.writing(system()) as session, session.begin():
        user = factories.make_user(session, org=world.org, now=clock(), name="Marcus Bell", email="m@x.example")
        user.demo = True
        today = clock().date()
        session.add(
            Absence(
                org_id=world.org.id,
                user_id=user.id,
                cover_id=world.dana.id,
                from_on=today,
                until_on=today + timedelta(days=7),
                created_at=clock(),
            )
        )
        session.flush()
        session.expunge_all()
    return user


def test_items_of_a_colleague_who_is_away_come_marked_and_go_when_the_cover_ends(dana, put, world, marcus, clock):
    put(owner=marcus.id)
    put(WhyCode.AGENCY_FULL, world.minh)
    page = dana.get("/today")
    assert "for Marcus until Nov 30" in page.text
    assert "You cover for Marcus" in page.text
    only = dana.get("/today?view=cover")
    assert "Rosa wants a call" in only.text
    assert "Minh" not in only.text
    clock.forward(days=8)
    dana.be(world.dana)
    assert "Rosa wants a call" not in dana.get("/today").text


def test_a_navigator_cannot_open_the_list_of_somebody_else(dana, put, marcus):
    put(owner=marcus.id)
    put(WhyCode.AGENCY_FULL)
    assert "Agency said full" in dana.get(f"/today?who={marcus.id}").text


def test_an_empty_list_says_when_the_next_item_may_come(dana, put):
    press(dana, put(), "tomorrow")
    page = dana.get("/today")
    assert "The next one may come" in page.text
    assert "Nov 24, 2026" in page.text


def test_a_number_that_must_not_be_called_is_not_shown(dana, put, runtime, world):
    put()
    assert "513-555-0148" in dana.get("/today").text
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(type(world.rosa), world.rosa.id).never_call = True
    assert "513-555-0148" not in dana.get("/today").text


def test_text_opens_the_conversation_with_the_right_words_ready(dana, put):
    put(WhyCode.NO_ANSWER_TWICE)
    href = next(one for one in dana.get("/today").links().values() if "ready=" in one)
    page = dana.get(href)
    words = page.tree.all("textarea", id="words")[0].text
    assert "Dana" in words


def test_sixty_patients_with_two_hundred_referrals_stay_small_and_cost_the_same_queries(
    dana, runtime, world, clock, put
):
    put()
    few = count_queries(runtime, dana)
    with runtime.database.writing(system(world.org.id)) as session, session.begin():
        for number in range(60):
            patient = factories.make_patient(
                session,
                team=world.team,
                now=clock(),
                first=f"Name{number}",
                last="Of Somebody",
                lead=world.dana,
                phone=f"+1513555{1000 + number}",
            )
            for why in (WhyCode.NO_REPLY, WhyCode.AGENCY_FULL, WhyCode.PATIENT_COULD_NOT):
                about = About(
                    why, patient.id, world.org.id, facts={"agency": f"Agency Number {number}", "days": number}
                )
                worklist.open_item(session, about, due_at=clock(), now=clock())
    assert count_queries(runtime, dana) <= few + 1
    page = dana.get("/today")
    assert len(gzip.compress(page.html.encode(), 6)) <= MOST_BYTES
    assert "The first 150 of 181" in page.text


def count_queries(runtime, dana):
    seen = []
    engine = runtime.database.engine

    def listen(_connection, _cursor, statement, *_rest):
        if OF_THE_LIST.search(statement):  # sessions, languages and the like are looked at now and then
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        dana.get("/today")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


def test_the_supervisor_sees_how_each_list_stands_and_opens_it(put, another, runtime, world, clock, marcus):
    put(days=-3)
    put(WhyCode.AGENCY_FULL, world.minh, owner=marcus.id)
    with runtime.database.writing(system()) as session, session.begin():
        boss = factories.make_user(
            session, org=world.org, now=clock(), name="Priya Raman", email="p@x.example", role=Role.SUPERVISOR
        )
        boss.demo = True
        session.flush()
        session.expunge_all()
    priya = another()
    priya.be(boss)
    page = priya.get("/today/navigators")
    assert "Dana Cole" in page.text
    assert "Marcus Bell" in page.text
    theirs = priya.get(f"/today?who={marcus.id}")
    assert "Agency said full" in theirs.text
    assert "Rosa wants a call" not in theirs.text


def test_the_lists_of_others_are_not_for_navigators(dana):
    dana.get("/today/navigators", expect=403)


def test_an_item_of_another_org_does_not_exist(dana, runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        org = factories.make_org(session, now=clock(), name="Elsewhere")
        team = factories.make_team(session, org=org, now=clock(), name="Theirs")
        patient = factories.make_patient(session, team=team, now=clock())
        item = WorklistItem(
            org_id=org.id,
            patient_id=patient.id,
            why=WhyCode.MANUAL,
            subject="x",
            tier=Tier.TODAY,
            due_at=clock(),
            created_at=clock(),
        )
        session.add(item)
        session.flush()
        foreign = item.id
    for what in ("done", "reached", "tomorrow"):
        press_refused = dana.post(f"/today/{foreign}", {"do": what}, expect=404)
        assert press_refused.status == 404
    dana.get(f"/today/{foreign}/next", expect=404)
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(ContactAttempt)).all() == []

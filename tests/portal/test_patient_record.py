"""The record: needs with clock, chain and history; goals; how to contact safely; a pinned tier; queries that stay few."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from resources_db.models.care import Goal
from resources_db.models.people import Need, NeedEvent, Patient
from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import GoalState, HelpWanted, NeedStatus, Priority, ReferralState, Tier
from tests import factories
from tests.portal.caseload_world import key_of, own_form, press_send, release_all, rows


def record(dana, world):
    return dana.get(f"/patients/{world.rosa.id}")


def test_a_need_is_changed_and_its_history_tells_it(dana, world, runtime):
    page = record(dana, world)
    href = next(
        one.attrs["href"]
        for one in page.tree.all("a")
        if one.attrs.get("href", "").endswith("/edit") and "needs" in one.attrs["href"]
    )
    form = own_form(dana.get(href))
    changed = {"urgency": "urgent", "date_at_risk": "2026-11-30", "details": "The stove is broken"}
    after = dana.post(form.action, {**form.values(), **changed})
    assert "The stove is broken" in after.text
    assert "How soon was changed, Dana Cole" in after.text
    (need,) = rows(runtime, Need)
    assert (need.urgency, str(need.date_at_risk)) == (Priority.URGENT, "2026-11-30")


@pytest.mark.bad_input(92)
def test_a_changed_need_names_a_date_that_is_none_and_keeps_the_rest(dana, world, runtime):
    (need,) = rows(runtime, Need)
    form = own_form(dana.get(f"/needs/{need.id}/edit"))
    page = dana.post(form.action, {**form.values(), "date_at_risk": "soon", "details": "kept"}, expect=422)
    assert "year-month-day" in page.text
    assert own_form(page).values()["details"] == "kept"


def test_help_nobody_asked_about_is_not_counted_and_says_so(dana, world, runtime):
    (need,) = rows(runtime, Need)
    form = own_form(dana.get(f"/needs/{need.id}/edit"))
    page = dana.post(form.action, {**form.values(), "help_wanted": HelpWanted.UNKNOWN.value})
    assert "Days are not counted until somebody asks" in page.text


@pytest.mark.parametrize(
    ("answer", "words"), [("met", "Need met"), ("unmet", "Closed, not met"), ("not_wanted", "Help not wanted")]
)
def test_what_the_care_team_found_stands_as_a_fact_of_its_own_and_is_taken_back(dana, world, runtime, answer, words):
    settle = record(dana, world).form("/settle")
    after = dana.post(settle.action, {**settle.values(), "as": answer, "method": "visit"})
    assert f"Care team found: {words}, on a visit. Dana Cole" in after.text
    assert "Open it again" in after.text
    back = dana.post(after.form("/reopen").action)
    assert "Care team found" not in back.text
    assert rows(runtime, Need)[0].status is NeedStatus.OPEN
    assert len(rows(runtime, NeedEvent)) >= 3


def test_a_method_nobody_knows_is_refused(dana, world):
    settle = record(dana, world).form("/settle")
    dana.post(settle.action, {**settle.values(), "as": "met", "method": "magic"}, expect=400)


def test_the_clock_says_where_it_begins_and_why_it_stopped(dana, world, clock):
    assert "Counted from Nov 23, when it was found." in record(dana, world).text
    clock.forward(days=4)
    dana.be(world.dana)
    dana.csrf = dana.token("/today")
    settle = record(dana, world).form("/settle")
    after = dana.post(settle.action, {**settle.values(), "as": "met"})
    assert "to Nov 27, when it was met: 4 days." in after.text


def test_several_tries_for_a_need_stand_as_a_chain(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        kitchen = factories.make_listing(session, now=clock(), name="St. Anne Kitchen", needs=["food_pantry"])
        session.flush()
        session.expunge_all()
    press_send(dana, world)
    release_all(runtime, clock)
    with runtime.database.writing(system()) as session, session.begin():
        for one in session.query(Referral):
            one.state = ReferralState.DECLINED
    press_send(dana, world, kitchen)
    release_all(runtime, clock)
    chain = next(one for one in record(dana, world).tree.all("ol") if "chain" in one.attrs.get("class", ""))
    places = [one.text for one in chain.all("li")]
    assert [place.split(" Agency")[0].split(" Sent")[0] for place in places] == ["Hope Pantry", "St. Anne Kitchen"]
    assert key_of(kitchen)


def test_a_goal_is_written_reached_taken_back_changed_and_removed(dana, world, runtime):
    page = dana.get(f"/patients/{world.rosa.id}/goals/new")
    typed = {"words": "Quiero cocinar en casa", "target_on": "2026-12-24"}
    after = dana.post(own_form(page).action, {**own_form(page).values(), **typed})
    assert "Quiero cocinar en casa" in after.text
    assert next(one for one in after.tree.all("b") if one.text == typed["words"]).attrs["lang"] == "es"
    reached = dana.post(after.form("/state").action, {"as": "reached"})
    assert [one.state for one in rows(runtime, Goal)] == [GoalState.COMPLETED]
    back = dana.post(reached.form("/restore").action)
    assert [one.state for one in rows(runtime, Goal)] == [GoalState.ACTIVE]
    href = next(
        one.attrs["href"]
        for one in back.tree.all("a")
        if "/goals/" in one.attrs.get("href", "") and "/new" not in one.attrs["href"]
    )
    form = own_form(dana.get(href))
    changed = dana.post(form.action, {**form.values(), "words": "Cocinar con mis hijos"})
    assert "Cocinar con mis hijos" in changed.text
    dana.post(form.action, {**form.values(), "words": "Old"}, expect=409)
    gone = dana.post(dana.get(href).form("/remove").action)
    assert "Cocinar con mis hijos" not in gone.text


def test_a_goal_without_words_keeps_its_day(dana, world):
    path = f"/patients/{world.rosa.id}/goals/new"
    page = dana.post(path, {"words": " ", "target_on": "2026-12-24"}, expect=422)
    assert "own words" in page.text
    assert own_form(page).values()["target_on"] == "2026-12-24"
    assert "year-month-day" in dana.post(path, {"words": "x", "target_on": "soon"}, expect=422).text


def edit(dana, world, **changes):
    form = own_form(dana.get(f"/patients/{world.rosa.id}/edit"))
    return dana.post(form.action, {**form.values(), **changes})


def test_who_must_not_be_called_has_no_number_to_tap_and_the_rule_stands_on_top(dana, world):
    assert "tel:+15135550148" in record(dana, world).html
    page = edit(dana, world, never_call="y", safe_contact="Her brother answers the phone.")
    assert "tel:+15135550148" not in page.html
    assert "Do not call." in page.text
    assert page.text.index("Her brother answers") < page.text.index("Days and history")


def test_who_must_not_be_contacted_stops_everything_and_comes_back(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = edit(dana, world, contact_prohibited="y")
    assert "Do not contact." in page.text
    assert "tel:+15135550148" not in page.html
    assert [one.state for one in rows(runtime, Referral)] == [ReferralState.WITHDRAWN]
    form = own_form(dana.get(f"/patients/{world.rosa.id}/edit"))
    values = {name: value for name, value in form.values().items() if name != "contact_prohibited"}
    assert "Do not contact." not in dana.post(form.action, values).text


def test_a_tier_is_pinned_with_a_reason_and_ends_by_itself(dana, world, runtime, clock):
    until = (clock() + timedelta(days=3)).date().isoformat()
    path = f"/patients/{world.rosa.id}/pin"
    assert "This person belongs to" in dana.get(path).text
    assert "why" in dana.post(path, {"tier": "today", "because": "", "until": until}, expect=422).text
    page = dana.post(path, {"tier": "today", "because": "Eviction talk tomorrow", "until": until})
    assert "Eviction talk tomorrow" in page.text
    assert "Eviction talk tomorrow" in dana.get("/patients?tier=today").text
    clock.forward(days=4)
    dana.be(world.dana)
    assert "Eviction talk tomorrow" not in record(dana, world).text
    assert rows(runtime, Patient)


@pytest.mark.parametrize("until", ["2026-11-01", "2027-11-01", "soon"])
def test_a_pin_without_a_sensible_end_is_refused(dana, world, runtime, until):
    page = dana.post(f"/patients/{world.rosa.id}/pin", {"tier": "today", "because": "Talk", "until": until}, expect=422)
    assert own_form(page).values()["because"] == "Talk"
    assert all(one.pinned_tier is None for one in rows(runtime, Patient))


def test_a_pin_is_taken_away(dana, world, runtime, clock):
    path = f"/patients/{world.rosa.id}/pin"
    dana.post(path, {"tier": "steady", "because": "Away with family", "until": clock().date().isoformat()})
    assert [one.pinned_tier for one in rows(runtime, Patient) if one.pinned_tier] == [Tier.STEADY]
    dana.post(dana.get(path).form("/unpin").action)
    assert all(one.pinned_tier is None for one in rows(runtime, Patient))


def test_the_record_says_who_leads_since_when(dana, world):
    assert "Led by Dana Cole since Nov 23" in record(dana, world).text


@pytest.mark.parametrize("path", ["/patients", "/patients?view=team&sort=contact", "/patients/{rosa}"])
def test_more_patients_needs_and_goals_cost_no_more_queries(dana, world, runtime, clock, path):
    address = path.format(rosa=world.rosa.id)
    dana.get(address)
    few = queries(runtime, dana, address)
    with runtime.database.writing(system()) as session, session.begin():
        team, lead, rosa = (session.merge(one) for one in (world.team, world.dana, world.rosa))
        for number in range(12):
            one = factories.make_patient(session, team=team, now=clock(), first=f"P{number}", lead=lead)
            factories.make_need(session, patient=one, now=clock())
            factories.make_need(session, patient=rosa, now=clock(), subneed="diapers")
            session.add(
                Goal(org_id=rosa.org_id, patient_id=rosa.id, words=f"goal {number}", language="es", created_at=clock())
            )
    assert len(queries(runtime, dana, address)) == len(few)


def queries(runtime, dana, path):
    statements, here = [], threading.get_ident()

    def note(_connection, _cursor, statement, *_rest):
        # What runs beside the page is not the page's, and which languages are on is asked again now and then.
        if threading.get_ident() == here and "BEGIN" not in statement and "language_switch" not in statement:
            statements.append(statement)

    engine = runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        dana.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return statements

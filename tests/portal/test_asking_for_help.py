"""Somebody in need asks a care team for help on the public pages: kept once, sealed, guarded, never in an address."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from portal.intake import danger_words, taking
from referrals import intake, takers
from referrals.takers import Taker
from resources_db.models.care import Intake
from resources_db.models.tenants import Org
from resources_db.tenancy import system
from tests.portal.caseload_world import rows

GOOD = {
    "words": "Necesito comida para mis hijos", "name": "Lucia Gomez", "phone": "(513) 555-0171", "zip": "45202",
    "language": "es", "agree": "on",
}  # fmt: skip


@pytest.fixture
def open_to_all(runtime, world):
    return switch(runtime, world.org.id)


def switch(runtime, org_id, *, on=True, areas=""):
    with runtime.database.writing(system(org_id)) as session, session.begin():
        takers.switch(session, org_id, on=on, areas=areas, now=runtime.clock.now())


def filled(browser, clock, path="/ask", **typed):
    form = browser.get(path).form("/ask")
    clock.forward(seconds=20)
    return form, {**GOOD, **typed}


def ask(browser, clock, path="/ask", *, expect=None, **typed):
    form, values = filled(browser, clock, path, **typed)
    return browser.submit(form, expect=expect, **values)


def test_what_a_person_types_is_kept_for_the_care_team_and_they_learn_by_when_somebody_calls(
    runtime, browser, clock, open_to_all
):
    done = ask(browser, clock, reach="After 5 p.m.", may_text="on", may_share="on")
    assert done.h1 == "We got your request"
    assert "Somebody will call you by" in done.text
    assert "513-555-0142" in done.text
    (row,) = rows(runtime, Intake)
    kept = intake.opened(row)
    assert (kept.name, kept.phone, kept.zip, kept.language) == ("Lucia Gomez", "+15135550171", "45202", "es")
    assert (kept.words, kept.reach) == (GOOD["words"], "After 5 p.m.")
    assert (kept.may_text, kept.may_share, kept.subneed) == (True, True, "food_pantry")
    assert set(kept.agreed) == {"keep", "text", "share"}
    assert "2 to 6 texts a month" in kept.agreed["text"]
    assert row.wording_version == intake.WORDING


def test_the_sentences_are_kept_in_the_language_they_were_read_in(runtime, browser, clock, open_to_all):
    ask(browser, clock, "/ask?l=es")
    (row,) = rows(runtime, Intake)
    assert list(intake.opened(row).agreed) == ["keep"]
    assert "equipo" in intake.opened(row).agreed["keep"]


def test_nothing_personal_stands_in_an_address_a_log_a_title_or_in_clear_in_the_database(
    runtime, browser, clock, open_to_all, caplog
):
    with caplog.at_level(logging.DEBUG):
        done = ask(browser, clock, reach="lucia@example.org")
    with runtime.database.reading(system()) as session:
        stored = str(session.execute(text("SELECT * FROM intake")).all())
        sessions = str(session.execute(text("SELECT data FROM web_session")).all())
    for word in ("Lucia", "Gomez", "5550171", "555-0171", "45202", "Necesito", "lucia@example.org"):
        for place in (done.path, caplog.text, stored, sessions, done.tree.all("title")[0].text):
            assert word not in place


@pytest.mark.parametrize(
    ("field", "bad"),
    [("name", ""), ("name", "x" * 200), ("phone", ""), ("phone", "123"), ("phone", "+44 20 7946 0958"),
     ("phone", "900-555-0199"), ("zip", "452"), ("zip", "٤٥٢٠٢"), ("words", ""), ("words", "y" * 3_000), ("agree", "")],
)  # fmt: skip
def test_a_mistake_is_named_beside_its_field_and_what_was_typed_stays(runtime, browser, clock, open_to_all, field, bad):
    page = ask(browser, clock, expect=422, **{field: bad})
    assert page.tree.all("p", id=f"{field}-error")
    (summary,) = page.tree.all("div", id="problems")
    assert [one.attrs["href"] for one in summary.all("a")] == [f"#{field}"]
    if field != "name":
        assert page.tree.all("input", id="name")[0].attrs["value"] == GOOD["name"]
    assert rows(runtime, Intake) == []


def test_another_way_to_be_reached_is_enough(runtime, browser, clock, open_to_all):
    ask(browser, clock, phone="", reach="At the library on Vine Street, mornings", may_text="on")
    (row,) = rows(runtime, Intake)
    assert row.phone_bix is None
    assert not row.may_text


def test_pressing_twice_is_one_request(runtime, browser, clock, open_to_all):
    form, values = filled(browser, clock)
    browser.submit(form, **values)
    browser.submit(form, **values)
    assert len(rows(runtime, Intake)) == 1


def test_a_program_that_fills_in_the_hidden_field_is_thanked_and_nothing_is_kept(runtime, browser, clock, open_to_all):
    done = ask(browser, clock, website="http://buy.example")
    assert done.h1 == "We got your request"
    assert rows(runtime, Intake) == []


@pytest.mark.parametrize("key", ["", "forged", "eyJrIjoieCIsInQiOjB9.AAAA"])
def test_a_form_that_is_not_ours_is_shown_once_more(runtime, browser, clock, open_to_all, key):
    again = ask(browser, clock, key=key, expect=422)
    clock.forward(seconds=5)
    assert browser.submit(again.form("/ask"), agree="on").h1 == "We got your request"
    assert len(rows(runtime, Intake)) == 1


def test_a_form_sent_faster_than_anybody_types_is_shown_once_more(runtime, browser, clock, open_to_all):
    form = browser.get("/ask").form("/ask")
    again = browser.submit(form, expect=422, **GOOD)
    assert rows(runtime, Intake) == []
    clock.forward(seconds=3)
    browser.submit(again.form("/ask"))
    assert len(rows(runtime, Intake)) == 1


def test_a_thousand_posts_from_one_network_leave_a_handful_of_requests(runtime, browser, clock, open_to_all):
    form, values = filled(browser, clock)
    data = {**form.values(), **values}
    answers = [
        browser.client.post("/ask", data={**data, "phone": f"513555{100 + n:04}"}).status_code for n in range(1_000)
    ]
    assert answers.count(429) >= 940
    assert 500 not in answers
    assert len(rows(runtime, Intake)) == 1  # one form is one request, whatever is changed in it


def test_one_phone_asks_three_times_a_day_and_one_network_twenty_times_an_hour(runtime, browser, clock, open_to_all):
    for _ in range(3):
        ask(browser, clock)
    ask(browser, clock, expect=429)
    for number in range(16):
        ask(browser, clock, phone=f"513-555-01{number:02}")
    ask(browser, clock, expect=429, phone="513-555-0199")
    assert len(rows(runtime, Intake)) == 19
    clock.forward(hours=2)
    ask(browser, clock, phone="513-555-0198")
    assert len(rows(runtime, Intake)) == 20


def test_ten_megabytes_and_control_letters_are_refused_before_anything_is_read(runtime, browser, clock, open_to_all):
    form, values = filled(browser, clock)
    browser.submit(form, expect=413, **{**values, "words": "x" * 10_000_000})
    browser.submit(form, expect=422, **{**values, "name": "Lu\0cia"})
    assert rows(runtime, Intake) == []


def test_letters_that_turn_others_round_are_taken_out(runtime, browser, clock, open_to_all):
    ask(browser, clock, name="Lu\u202ecia <b>Gomez</b>")
    (row,) = rows(runtime, Intake)
    assert intake.opened(row).name == "Lucia <b>Gomez</b>"


@pytest.mark.parametrize(
    ("words", "number"),
    [("I want to kill myself", "tel:988"), ("my husband beats me and I am afraid", "tel:+18007997233")],
)
def test_words_of_danger_put_the_numbers_to_call_first_and_the_request_is_kept(
    runtime, browser, clock, open_to_all, words, number
):
    done = ask(browser, clock, words=words)
    main = done.tree.all("main")[0]
    calls = [one.attrs["href"] for one in main.all("a") if one.attrs["href"].startswith("tel:")]
    assert number in calls
    assert "tel:911" in calls
    assert done.html.index(number) < done.html.index("<h1>")
    (row,) = rows(runtime, Intake)
    assert intake.opened(row).danger


def test_every_kind_of_danger_has_its_line():
    kinds = ("suicide", "overdose", "poison", "violence", "child_abuse", "medical", "no_shelter")
    assert set(danger_words.LINES) == set(kinds)
    assert all(one.calls for one in danger_words.lines(kinds))


def test_where_nobody_takes_requests_there_is_no_button_and_the_page_says_whom_to_call(runtime, browser, places):
    assert "/ask" not in browser.get("/search").html
    assert "/ask" not in browser.get(f"/listing/{places['hope']}").html
    page = browser.get("/ask")
    assert page.h1 == "Call 211 for help"
    assert "tel:211" in page.html
    assert page.tree.all("textarea") == []


def test_the_button_stands_on_search_and_on_a_place_but_not_for_violence_and_not_for_staff(
    runtime, browser, clock, open_to_all, places, dana
):
    assert browser.get("/search").links()["Ask a care team for help"] == "/ask"
    about = browser.get(f"/listing/{places['hope']}").links()["Ask a care team for help"]
    assert "Ask a care team for help" not in browser.get(f"/listing/{places['safe']}").links()
    assert "Ask a care team for help" not in dana.get(f"/listing/{places['hope']}").links()
    page = browser.get(about)
    assert "Hope Pantry" in page.text
    clock.forward(seconds=9)
    browser.submit(page.form("/ask"), **{**GOOD, "words": ""})
    (row,) = rows(runtime, Intake)
    assert f"{row.service_id}.{row.location_id}" == places["hope"]


@pytest.mark.parametrize("typed", ["x", "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "%00"])
def test_a_place_nobody_knows_asks_about_nothing(browser, open_to_all, typed):
    page = browser.get(f"/ask?listing={typed}", expect=None)
    assert page.status in {200, 422}
    assert page.tree.all("input", name="listing") == []


def test_a_forged_team_changes_nothing_the_zip_decides(runtime, browser, clock, world, staff):
    switch(runtime, staff.care.id, areas="450")
    switch(runtime, staff.other_care.id, areas="452")
    ask(browser, clock, org_id=str(staff.care.id), care_team_id=str(staff.care.id))
    (row,) = rows(runtime, Intake)
    assert row.org_id == staff.other_care.id


def test_a_zip_nobody_helps_at_gets_numbers_to_call_and_nothing_is_kept(runtime, browser, clock, world):
    switch(runtime, world.org.id, areas="450 45202")
    page = ask(browser, clock, zip="90210")
    assert page.h1 == "Call 211 for help"
    assert "Nothing was sent" in page.text
    assert rows(runtime, Intake) == []


def test_the_best_fitting_area_wins_and_no_area_means_everywhere():
    def one(name, *areas):
        return Taker(name, name, "", "America/New_York", areas)

    everywhere, county, street = one("everywhere"), one("county", "450", "452"), one("street", "45202")
    assert takers.taker_for((everywhere, county, street), "45202") is street
    assert takers.taker_for((everywhere, county, street), "45211") is county
    assert takers.taker_for((everywhere, county, street), "90210") is everywhere
    assert takers.taker_for((county, street), "90210") is None
    assert takers.taker_for((), "45202") is None


def test_it_is_off_until_somebody_switches_it_on(runtime, world):
    with runtime.database.reading(system()) as session:
        assert takers.takers(session) == ()
        assert takers.settings_of(session.get_one(Org, world.org.id)) == (False, ())


def test_a_database_that_does_not_answer_costs_the_button_not_the_page(app, browser, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def broken(_session):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(taking.takers, "takers", broken)
    assert browser.get("/search").status == 200


def test_the_form_weighs_little_and_needs_no_script(browser, open_to_all):
    page = browser.get("/ask")
    assert page.tree.all("script") == []
    assert len(page.html) < 16_000
    labels = {one.attrs.get("for") for one in page.tree.all("label")}
    assert {"words", "name", "phone", "reach", "zip", "language"} <= labels

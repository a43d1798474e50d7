"""Whatever is typed or sent, the search page answers kindly, and nothing of it runs or is kept."""

import logging
from urllib.parse import quote

import pytest

from tests.portal.search_world import names


def ask(browser, typed, more=""):
    return browser.get(f"/search?q={typed if '%' in typed else quote(typed)}&near=45202{more}")


def test_a_sentence_in_spanish_is_read_as_spanish_on_an_english_page(browser, places):
    assert "Help with electric, gas or heating bills" in ask(browser, "no tengo para la luz").text


@pytest.mark.bad_input(82, 84)
@pytest.mark.parametrize("typed", ["เ", "ขออาหาร", "qqqq zzzz", "¿¿¿???"])
def test_what_cannot_be_read_leads_to_a_choice_and_to_211(browser, places, typed):
    page = ask(browser, typed)
    assert "Or choose what it is about" in page.text
    assert "call 211" in page.text.lower()


@pytest.mark.bad_input(84)
@pytest.mark.parametrize("typed", ["😀", "🍞🍎🏠", "... !!!", "%F0%9F%98%80"])
def test_signs_without_words_are_said_to_be_no_words(browser, places, typed):
    page = ask(browser, typed)
    assert "We found no words in that." in page.text
    assert "Or choose what it is about" in page.text
    assert names(page) == []


@pytest.mark.bad_input(74, 83)
@pytest.mark.parametrize("typed", ["food%00", "%00food", "food%ED%A0%80", "foo%C3d food", "food%EF%BF%BD"])
def test_letters_that_cannot_be_read_are_left_out_and_said(browser, places, typed):
    page = ask(browser, typed)
    assert "Hope Pantry" in names(page)
    assert "We left out signs that cannot be read." in page.text
    assert "food" in page.form("/search").values()["q"]
    assert "%ED" not in page.form("/search").values()["q"]


@pytest.mark.bad_input(68)
def test_ten_thousand_letters_are_read_as_three_hundred(browser, places):
    page = ask(browser, "food " * 2000)
    assert "We read the first 300 letters." in page.text
    assert "Hope Pantry" in names(page)
    assert len(page.form("/search").values()["q"]) <= 300


@pytest.mark.bad_input(86)
@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>food", 'food"><img src=x onerror=alert(1)>', "{{7*7}} food"]
)
def test_markup_is_only_text(browser, places, typed):
    page = ask(browser, typed)
    assert not [one for one in page.tree.all("script") if "src" not in one.attrs]
    assert page.tree.all("img") == []
    assert page.form("/search").values()["q"] == typed


@pytest.mark.parametrize("typed", ["the of to", "and", "de la el"])
def test_small_words_alone_find_nothing_and_the_page_says_how_to_go_on(browser, places, typed):
    page = ask(browser, typed)
    assert page.h1 == "Find help"
    assert page.form("/search").values()["q"] == typed
    assert "We found no words in that." in page.text
    assert "Or choose what it is about" in page.text
    assert "Hope Pantry" not in page.text


@pytest.mark.parametrize("typed", ["open now", "I want to die"])
def test_small_words_that_mean_something_together_are_answered(browser, places, typed):
    assert "We found no words in that." not in ask(browser, typed).text


@pytest.mark.bad_input(82, 83)
@pytest.mark.parametrize(
    "more",
    [
        "&radius_m=1e400", "&radius_m=-5", "&radius_m=NaN", "&offset=1e30", "&offset=-3", "&limit=0", "&checked=-1",
        "&cost=gold", "&cost=free&cost=free", "&travel=rocket", "&open_at=2026-02-31T10:00", "&open_at=now",
        "&day=2026-13-45&time=99:99", "&sort=upward", "&has_room=maybe", "&language=%00", "&other_language=xx-klingon",
    ],
)  # fmt: skip
def test_absurd_numbers_and_words_in_the_address_change_nothing(browser, places, more):
    page = ask(browser, "food", more)
    assert page.h1 == "Find help"
    assert page.form("/search").values()["q"] == "food"


def test_a_page_behind_the_end_is_the_last_page(browser, places):
    page = ask(browser, "food", "&offset=9990")
    assert "Hope Pantry" in names(page)
    assert page.links().get("Next page") is None


def test_day_without_time_asks_for_both_and_keeps_what_was_typed(browser, places):
    page = ask(browser, "food", "&day=2026-11-24&time=")
    assert "Choose a day and a time." in page.text
    assert page.form("/search").values()["day"] == "2026-11-24"
    assert "Hope Pantry" in names(page)


@pytest.mark.bad_input(82)
@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "near=%00", "q=" + "a" * 5000, "", "x=1", "q=<b>"])
def test_suggestions_for_anything_are_a_list(browser, places, query):
    assert isinstance(browser.get(f"/search/suggest?{query}").response.json["items"], list)


def test_suggestions_fill_the_field_and_say_what_everyday_words_stand_for(browser, places):
    answer = browser.get("/search/suggest?q=light+b").response.json
    assert answer["items"][0] == {"text": "light bill", "more": "Help with electric, gas or heating bills"}
    assert answer["said"] == f"{len(answer['items'])} suggestion{'s' if len(answer['items']) > 1 else ''}"


def test_a_name_is_suggested_by_its_beginning_and_a_hidden_place_never(browser, places):
    browser.get("/search?q=food")  # takes the directory up
    assert "Hope Pantry" in {one["text"] for one in browser.get("/search/suggest?q=hope").response.json["items"]}
    assert browser.get("/search/suggest?q=harbor").response.json["items"] == []


def test_the_place_field_gets_places_only(browser, places):
    assert {"text": "Cincinnati, OH", "more": ""} in browser.get("/search/suggest?near=cinc").response.json["items"]
    zips = [one["text"] for one in browser.get("/search/suggest?near=4520").response.json["items"]]
    assert zips
    assert all(one.startswith("4520") for one in zips)


def test_suggestions_are_limited(browser, places, runtime, monkeypatch):
    from dataclasses import replace

    from portal import finding

    monkeypatch.setattr(finding, "SUGGESTIONS", replace(finding.SUGGESTIONS, most=3))
    statuses = [browser.get("/search/suggest?q=fo", expect=None).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_what_is_typed_reaches_no_log(browser, places, caplog):
    caplog.set_level(logging.DEBUG)
    for address in ("/search?q=zebrafood&near=45202", "/search/suggest?q=zebrafood", "/search?q=zebrafood%00"):
        browser.get(address, expect=None)
    written = " ".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    assert "zebra" not in written

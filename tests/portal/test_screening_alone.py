"""Rosa answers alone: by the link in a text, and on a tablet. One thing a page, no script, nothing told to outsiders."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from referrals import needs, texting
from resources_db.models.access import AccessLink
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.models.messages import Message
from resources_db.models.people import Need
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import HelpWanted, ScreeningState, Tier, WhyCode
from tests.pages import Browser
from tests.portal.caseload_world import rows

CSS = Path(__file__).resolve().parents[2] / "portal" / "static" / "patient.css"
MOST_BYTES = 14 * 1024
NEED_WORDS = re.compile(r"food|comida|home|casa|ride|safe|seguridad|lonely|money|medicine|job", re.IGNORECASE)
SET = "handrail-needs-check|1"


def choose(dana, world, way, **more):
    page = dana.get(f"/patients/{world.rosa.id}/screen")
    return dana.submit(page.form("/screen"), way=way, **more)


@pytest.fixture
def link(dana, world, runtime):
    """Dana texted the questions to Rosa: the path in the text."""
    dana.submit(choose(dana, world, "text").form("/screen/text"))
    (message,) = [one for one in rows(runtime, Message) if one.purpose == "screening"]
    return re.search(r"/r/\w+", message.body)[0]


@pytest.fixture
def rosa_browser(app):
    return Browser(app)


def go(browser, path, *said):
    """Answer one page after the other: a choice number, "help:yes", "skip" or words."""
    page = browser.get(path)
    for one in said:
        form = page.form("/q/")
        if one.startswith("help:"):
            page = browser.submit(form, help=one.removeprefix("help:"))
        elif one == "skip":
            page = browser.submit(form, skip="y")
        elif one.isdigit():
            page = browser.submit(form, choice=one)
        else:
            page = browser.submit(form, words=one)
    return page


def answers(runtime):
    return {one.item: one for one in rows(runtime, ScreeningAnswer)}


def test_the_text_is_neutral_and_in_her_language(link, runtime):
    (message,) = [one for one in rows(runtime, Message) if one.purpose == "screening"]
    assert message.lang == "es"
    assert "preguntas" in message.body
    assert not NEED_WORDS.search(message.body.replace("Riverside", ""))
    assert message.segments == 1


def test_she_answers_and_needs_stand_on_her_record(link, rosa_browser, runtime, world):
    page = rosa_browser.get(link)
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    said = ["1", "help:yes", "1", "3", "1", "1", "help:no", "1", "2", "2", "1", "2", "skip"]
    last = go(rosa_browser, page.tree.all("a", **{"class": "b main"})[0].attrs["href"], *said)
    done = rosa_browser.submit(last.form("/end"), how="send")
    assert done.h1 == "Gracias"
    (screening,) = rows(runtime, Screening)
    assert (screening.state, screening.asked_by, screening.language) == (ScreeningState.DONE, "link", "es")
    mine = {needs.subneed_of(one): one.help_wanted for one in rows(runtime, Need)}
    assert mine == {"food_pantry": HelpWanted.YES, "medical_ride": HelpWanted.NO}
    (item,) = [one for one in rows(runtime, WorklistItem) if one.why is WhyCode.SCREENING_WAITS]
    assert item.patient_id == world.rosa.id


def test_no_page_names_her_or_tells_in_title_or_address_what_it_is_about(link, rosa_browser):
    paths = [link, *(f"{link}/q/{number}" for number in range(1, 12))]
    for page in map(rosa_browser.get, paths):
        title = page.tree.all("title")[0].text
        assert not NEED_WORDS.search(title + page.path)
        assert "Rosa" not in page.html
        assert "Martinez" not in page.html
        assert page.tree.all("script") == []
        assert "Set-Cookie" not in page.response.headers
        assert page.response.headers["Cache-Control"] == "no-store"
        assert len(gzip.compress(page.response.data)) + len(gzip.compress(CSS.read_bytes())) <= MOST_BYTES


def test_reading_changes_nothing(link, rosa_browser, runtime):
    for path in (link, f"{link}/q/1", f"{link}/q/1/now", f"{link}/end"):
        for _ in range(5):
            rosa_browser.get(path, expect=None)
            rosa_browser.client.head(path)
    assert rows(runtime, ScreeningAnswer) == []
    assert {one.uses for one in rows(runtime, AccessLink)} == {0}
    assert {one.state for one in rows(runtime, Screening)} == {ScreeningState.OPEN}


def test_a_double_tap_is_one_answer_and_going_back_changes_it(link, rosa_browser, runtime):
    form = rosa_browser.get(f"{link}/q/1").form("/q/1")
    rosa_browser.submit(form, choice="1")
    rosa_browser.submit(form, choice="1")
    rosa_browser.submit(form, choice="2")
    (kept,) = rows(runtime, ScreeningAnswer)
    assert (kept.positive, '"no"' in kept.value) == (False, True)


def test_she_can_go_on_later_where_she_stopped(link, rosa_browser, app):
    go(rosa_browser, f"{link}/q/1", "2", "1")
    later = Browser(app).get(link)
    go_on = later.tree.all("a", **{"class": "b main"})[0].attrs["href"]
    assert go_on.endswith("/q/3")


def test_stop_keeps_what_was_said_and_closes(link, rosa_browser, runtime):
    page = go(rosa_browser, f"{link}/q/1", "1", "help:yes")
    assert rosa_browser.submit(page.form("/end"), how="stop").h1 == "Gracias"
    (screening,) = rows(runtime, Screening)
    assert screening.state is ScreeningState.STOPPED
    assert "food_pantry" in {needs.subneed_of(one) for one in rows(runtime, Need)}
    assert rosa_browser.get(f"{link}/q/2").h1 == "Gracias"


def test_no_to_being_asked_is_one_tap(link, rosa_browser, runtime):
    page = rosa_browser.get(link)
    done = rosa_browser.submit(page.form("/end"), how="no")
    assert done.h1 == "Gracias"
    assert {one.state for one in rows(runtime, Screening)} == {ScreeningState.DECLINED}


def test_a_yes_on_safety_shows_numbers_at_once_and_a_person_is_told_today(link, rosa_browser, runtime):
    page = go(rosa_browser, f"{link}/q/10", "1")
    assert {one.attrs["href"] for one in page.tree.all("a") if "tel:" in one.attrs["href"]} >= {
        "tel:911", "tel:988", "tel:+18007997233",
    }  # fmt: skip
    (item,) = [one for one in rows(runtime, WorklistItem) if one.why is WhyCode.SCREENING_WAITS]
    assert item.tier is Tier.TODAY
    assert [one for one in rows(runtime, Message) if one.purpose != "screening"] == []
    assert "dv_safety" not in {needs.subneed_of(one) for one in rows(runtime, Need)}


def test_today_leads_to_the_answers_and_names_no_reason(link, rosa_browser, dana, runtime):
    go(rosa_browser, f"{link}/q/10", "1")
    today = dana.get("/today")
    (screening,) = rows(runtime, Screening)
    assert "Rosa wants to talk alone. Call when it is safe" in today.text
    assert f"/screenings/{screening.id}" in today.html


def test_words_of_danger_show_numbers_at_once(link, rosa_browser):
    page = go(rosa_browser, f"{link}/q/11", "me pega y quiero morir")
    assert "tel:988" in page.html


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/q/1", {"choice": "9"}), ("/q/1", {"choice": "-1"}), ("/q/1", {"choice": "yes"}), ("/q/1", {}),
        ("/q/1", {"choice": ["1", "2"]}), ("/q/1", {"choice": "٣"}),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_comes_back_with_a_word_beside_it(link, rosa_browser, runtime, path, form):
    page = rosa_browser.post(f"{link}{path}", form, expect=422)
    assert page.tree.all("p", role="alert")
    assert rows(runtime, ScreeningAnswer) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/q/0", {"choice": "1"}), ("/q/99", {"choice": "1"}), ("/q/1/more", {"help": "yes"}),
        ("/q/1/more", {"help": "maybe"}), ("/end", {"how": "burn"}), ("/end", {}), ("/answer", {"answer": "got_help"}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_keeps_nothing(link, rosa_browser, runtime, path, form):
    rosa_browser.post(f"{link}{path}", form, expect=404)
    assert rows(runtime, ScreeningAnswer) == []
    assert {one.state for one in rows(runtime, Screening)} == {ScreeningState.OPEN}


def test_words_that_are_too_long_come_back(link, rosa_browser, runtime):
    page = rosa_browser.post(f"{link}/q/11", {"words": "x" * 1001}, expect=422)
    assert "x" * 1001 in page.html
    assert rows(runtime, ScreeningAnswer) == []


def test_after_the_text_was_taken_back_the_link_is_dead(dana, world, runtime, rosa_browser):
    dana.submit(choose(dana, world, "text").form("/screen/text"))
    (message,) = [one for one in rows(runtime, Message) if one.purpose == "screening"]
    (screening,) = rows(runtime, Screening)
    dana.post(f"/screenings/{screening.id}/text/undo")
    rosa_browser.get(re.search(r"/r/\w+", message.body)[0], expect=404)
    assert [one.state.value for one in rows(runtime, Message)] == ["cancelled"]


def test_without_an_agreement_to_texts_there_is_no_way_to_send_one(dana, world, runtime, clock):
    page = choose(dana, world, "text")
    with runtime.database.writing(system()) as session, session.begin():
        texting.withdraw(session, patient_id=world.rosa.id, how="staff", now=clock())
    dana.submit(page.form("/screen/text"), expect=422)
    again = dana.get(f"/patients/{world.rosa.id}/screen")
    assert [one for one in again.tree.all("input", name="way") if one.attrs["value"] == "text"] == []
    assert rows(runtime, Screening) == []
    assert [one for one in rows(runtime, Message) if one.purpose == "screening"] == []


def test_a_pressed_send_twice_is_one_text(dana, world, runtime):
    form = choose(dana, world, "text").form("/screen/text")
    dana.submit(form)
    dana.submit(form)
    assert len([one for one in rows(runtime, Message) if one.purpose == "screening"]) == 1


def test_on_a_tablet_the_browser_shows_the_questions_and_nothing_of_the_team(dana, world, runtime):
    page = choose(dana, world, "tablet")
    first = dana.submit(page.form("/tablet"))
    assert first.path.startswith("/r/")
    assert "tel:" not in first.html
    shut = ["/", "/today", "/patients", f"/patients/{world.rosa.id}", "/search", "/account", "/texts", "/dev/people",
            f"/screenings/{rows(runtime, Screening)[0].id}", "/login", "/change", "/api/search?q=food"]  # fmt: skip
    for path in shut:
        answer = dana.client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/tablet"), path
    forged = {"csrf_token": dana.csrf, "body": "x"}
    assert dana.client.post(f"/patients/{world.rosa.id}/notes", data=forged).headers["Location"] == "/tablet"


def test_the_tablet_comes_back_to_the_answers(dana, world, runtime):
    first = dana.submit(choose(dana, world, "tablet").form("/tablet"))
    start = first.tree.all("a", **{"class": "b main"})[0].attrs["href"]
    last = go(dana, start, "1", "help:yes", *["2", "3", "1", "2", "1", "2", "2", "1", "2", "skip"][0:0])
    done = dana.submit(last.form("/end"), how="stop")
    assert "tablet" in done.text.casefold() or "tableta" in done.text.casefold()
    back = dana.get("/tablet")
    page = dana.submit(back.form("/tablet/back"))
    assert "/screenings/" in page.path
    dana.get("/today")
    dana.get(first.path, expect=404)

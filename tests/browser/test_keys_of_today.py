"""Today with the mouse unplugged: each key of the paper does its one thing, and nothing inside a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import story
from tests.browser.server import Server
from tests.browser.story import Stage
from tests.browser.test_story_interactions import without_mouse

RECORD = re.compile(r"/patients/[0-9a-f-]{36}$")
LAN = "Lan wants a call"
DISAGREED = "Walnut Hills Homes says served, Amina says no"


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, server, "en") as stage:
        yield stage


@pytest.fixture
def dana(stage: Stage) -> Iterator[Page]:
    page = stage.person("Dana Cole")
    without_mouse(page)
    page.goto("/today")
    page.evaluate("sessionStorage.clear()")
    yield page
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def at_hand(page: Page) -> Locator:
    return page.locator("[data-row].here")


def go_to(page: Page, words: str) -> Locator:
    """Down the list with j until the row at hand says this."""
    row = page.locator("li.todo").filter(has_text=words)
    for _ in range(page.locator("li.todo").count()):
        if "here" in (row.get_attribute("class") or "").split():
            break
        page.keyboard.press("j")
    expect(row).to_have_class(re.compile(r"\bhere\b"))
    return row


def test_the_first_row_is_at_hand_without_a_key_and_j_k_move(dana: Page) -> None:
    rows = dana.locator("li.todo")
    expect(rows.first).to_have_class(re.compile("here"))
    dana.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile("here"))
    dana.keyboard.press("k")
    expect(rows.first).to_have_class(re.compile("here"))
    expect(rows.first.get_by_role("button", name="Done")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (["e"], "Done. It comes back if you undo."),
        (["s"], "Sleeps until"),
        (["3"], "Sleeps until"),
        (["l", "1"], "Written down: you talked."),
        (["l", "2"], "Written down: you left a message."),
        (["l", "3"], "Written down: no answer."),
        (["l", "4"], "Written down: wrong number."),
    ],
    ids=["done", "tomorrow", "three days", "talked", "message", "no answer", "wrong number"],
)
def test_one_or_two_keys_do_it_and_u_takes_it_back(dana: Page, keys: list[str], says: str) -> None:
    row = go_to(dana, LAN)
    for key in keys:
        dana.keyboard.press(key)
    expect(dana.locator(".toast")).to_contain_text(says)
    if keys != ["l", "4"]:  # the wrong number is known now; who asked for a call still did
        expect(row).to_have_count(0)
    dana.keyboard.press("u")
    expect(dana.locator(".toast")).to_contain_text("Back on the list.")
    expect(dana.locator("li.todo").filter(has_text=LAN)).to_be_visible()


def test_d_sleeps_to_a_day_that_is_typed_and_enter_sends_it(dana: Page) -> None:
    row = go_to(dana, DISAGREED)
    dana.keyboard.press("d")
    field = row.locator("input[name=day]")
    expect(field).to_be_focused()
    day = date.fromisoformat(field.get_attribute("min") or "") + timedelta(days=20)
    dana.keyboard.type(f"{day:%m%d%Y}")  # a field: digits do nothing else here
    dana.keyboard.press("Enter")
    expect(dana.locator(".toast")).to_contain_text(f"{day:%b} {day.day}")
    dana.keyboard.press("u")
    expect(dana.locator("li.todo").filter(has_text=DISAGREED)).to_be_visible()


def test_escape_closes_what_is_open(dana: Page) -> None:
    row = go_to(dana, LAN)
    dana.keyboard.press("l")
    expect(row.get_by_role("button", name="We talked")).to_be_visible()
    dana.keyboard.press("Escape")
    expect(row.get_by_role("button", name="We talked")).to_be_hidden()


def test_t_opens_the_texts_with_words_ready_and_o_the_outcome(dana: Page) -> None:
    go_to(dana, DISAGREED)
    dana.keyboard.press("t")
    expect(dana.locator("#words")).not_to_have_value("")
    dana.go_back()
    go_to(dana, DISAGREED)
    dana.keyboard.press("o")
    dana.wait_for_url(re.compile("/referrals/.*#learned"))


def test_enter_opens_and_g_leads_about(dana: Page) -> None:
    go_to(dana, DISAGREED)
    dana.keyboard.press("Enter")
    dana.wait_for_url(re.compile("/referrals/"))
    dana.keyboard.press("g")
    dana.keyboard.press("p")
    dana.wait_for_url(re.compile("/patients$"))
    dana.keyboard.press("j")
    dana.keyboard.press("Enter")
    dana.wait_for_url(RECORD)
    dana.keyboard.press("g")
    dana.keyboard.press("t")
    dana.wait_for_url("**/today")


def test_p_prints_and_c_copies_the_note_of_the_row(dana: Page) -> None:
    go_to(dana, DISAGREED)
    dana.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dana.keyboard.press("c")
    expect(dana.locator(".toast")).to_contain_text("Copied")
    assert "SOCIAL NEEDS REFERRAL NOTE" in dana.evaluate("navigator.clipboard.readText()")
    dana.keyboard.press("p")
    dana.wait_for_url(re.compile("/print"))


def test_the_help_sheet_opens_by_key_and_lists_every_key(dana: Page) -> None:
    dana.keyboard.press("?")
    sheet = dana.locator("#keys")
    expect(sheet.get_by_text("Send to the next best place")).to_be_visible()
    known = set(dana.locator("[data-key]").evaluate_all("all => all.map(one => one.dataset.key)"))
    told = set(" ".join(sheet.locator("kbd").all_inner_texts()).split())
    assert known <= told, known - told


def test_inside_a_field_keys_are_letters(dana: Page) -> None:
    before = dana.locator("li.todo").count()
    dana.keyboard.press("/")
    expect(dana.locator("#find-person")).to_be_focused()
    dana.keyboard.type("jesus")
    expect(dana.locator("#find-person")).to_have_value("jesus")
    expect(dana.locator("li.todo")).to_have_count(before)


def test_keys_can_be_switched_off_in_the_profile(stage: Stage) -> None:
    marcus = stage.person("Marcus Reed")
    marcus.locator("#single-keys").uncheck()
    marcus.locator("form:has(#single-keys) button").first.click()
    marcus.goto("/today")
    marcus.keyboard.press("?")
    expect(marcus.get_by_text("Send to the next best place")).to_be_hidden()
    marcus.keyboard.press("g")
    marcus.keyboard.press("p")
    expect(marcus).to_have_url(re.compile("/today$"))
    marcus.goto("/account")
    marcus.locator("#single-keys").check()
    marcus.locator("form:has(#single-keys) button").first.click()


def test_without_script_every_row_has_its_buttons_and_the_help_sheet_opens(plain_page: Page) -> None:
    from tests.browser.people import be

    page = be(plain_page, "Dana Cole", "/today")
    row = page.locator("li.todo").filter(has_text=DISAGREED)
    row.locator("summary").filter(has_text="Call").click()
    row.get_by_role("button", name="No answer").click()
    expect(page.locator(".toast")).to_contain_text("Written down: no answer.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Back on the list.")
    page.locator("#keys summary").click()
    expect(page.get_by_text("Send to the next best place")).to_be_visible()

"""How much it takes to text a referral from an open patient page: counted by keys, by clicks, and with no mouse at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import story
from tests.browser.hands import Hands
from tests.browser.server import Server
from tests.browser.story import Stage

MOST_KEYS = 6
MOST_CLICKS = 8
MOST_TAPS = 8
MOST_AFTER_A_NO = 3
MOST_TO_CLOSE = 3
CURTIS, CURTIS_PHONE = "Curtis Brown", "+15135550102"
GLORIA = "Gloria Simmons"
RECORD = re.compile(r"/patients/[0-9a-f-]{36}$")


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, server, "en") as stage:
        yield stage


def without_mouse(page: Page) -> None:
    """Any use of a pointer is kept by the page itself."""
    page.add_init_script(
        "addEventListener('pointerdown', () => sessionStorage.setItem('mouse', 'used'), {capture: true})"
    )


def test_six_keys_text_a_referral(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    without_mouse(dana)
    story.open_patient(dana, CURTIS)
    dana.evaluate("sessionStorage.clear()")
    hands = Hands(dana)
    hands.press("/")
    expect(dana.locator("#q")).to_be_focused()
    hands.say("food for me")
    hands.press("Enter")
    expect(dana.locator("#found")).to_be_focused()
    hands.press("x")
    expect(dana.locator("[data-tray]")).to_be_visible()
    hands.press("t")
    expect(dana.get_by_role("button", name="Send 1 text, 1 referral")).to_be_focused()
    hands.press("Enter")
    dana.wait_for_url(RECORD)
    expect(dana.locator(".toast")).to_contain_text("Sending in")
    assert hands.done <= MOST_KEYS
    assert dana.evaluate("sessionStorage.getItem('mouse')") is None
    phones = stage.window()
    story.phone_of(phones, CURTIS_PHONE)
    story.skip_to_what_is_due(phones)
    story.wait_for_text(phones, "/r/")


def test_the_whole_day_goes_without_a_mouse(stage: Stage) -> None:
    """Find the patient, search, choose two, look at the first one, send, and take it back."""
    dana = stage.person("Dana Cole")
    without_mouse(dana)
    dana.goto("/today")
    keys = dana.keyboard
    keys.press("/")
    expect(dana.locator("#find-person")).to_be_focused()
    keys.type("Hassan")
    keys.press("Enter")
    dana.wait_for_url(RECORD)  # one match opens at once
    keys.press("/")
    expect(dana.locator("#q")).to_be_focused()
    keys.type("no food for the kids")
    keys.press("Enter")
    expect(dana.locator("#found")).to_be_focused()
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("Space")
    expect(dana.locator("[data-tray-count]")).to_have_text("2")
    keys.press("t")
    send = dana.get_by_role("button", name="Send 1 text, 2 referrals")
    expect(send).to_be_focused()
    assert not covered(dana, send)
    keys.press("Enter")
    dana.wait_for_url(RECORD)
    keys.press("u")
    expect(dana.get_by_text("Taken back. Nothing was sent.")).to_be_visible()
    keys.press("g")
    keys.press("t")
    dana.wait_for_url("**/today")
    assert dana.evaluate("sessionStorage.getItem('mouse')") is None


def test_eight_clicks_text_a_referral(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    story.open_patient(dana, GLORIA)
    hands = Hands(dana)
    hands.click(dana.locator(".head").get_by_role("link", name="Find help"))
    expect(dana.locator("#q")).to_be_focused()
    hands.say("meals brought home")
    hands.click(dana.get_by_role("button", name="Search"))
    hands.click(dana.locator("li.place").first.get_by_text("Choose"))
    hands.click(dana.get_by_role("button", name="Text to Gloria"))
    hands.click(dana.get_by_role("button", name="Send 1 text, 1 referral"))
    dana.wait_for_url(RECORD)
    expect(dana.locator(".toast")).to_contain_text("Sending in")
    assert hands.done <= MOST_CLICKS
    story.undo(stage, dana)


def test_eight_taps_text_a_referral(stage: Stage) -> None:
    dana = stage.person("Dana Cole", touch=True)
    story.open_patient(dana, GLORIA)
    hands = Hands(dana)
    hands.tap(dana.locator(".head").get_by_role("link", name="Find help"))
    hands.tap(dana.locator("#q"))
    hands.say("meals brought home")
    hands.tap(dana.get_by_role("button", name="Search"))
    hands.tap(dana.locator("li.place").first.get_by_text("Choose"))
    hands.tap(dana.get_by_role("button", name="Text to Gloria"))
    hands.tap(dana.get_by_role("button", name="Send 1 text, 1 referral"))
    dana.wait_for_url(RECORD)
    expect(dana.locator(".toast")).to_contain_text("Sending in")
    assert hands.done <= MOST_TAPS
    story.undo(stage, dana)


def test_what_is_due_is_known_without_doing_anything(stage: Stage) -> None:
    """Opening the app opens Today: who, why, and the first step at hand."""
    dana = stage.person("Dana Cole")
    dana.goto("/")
    dana.wait_for_url("**/today")
    first = dana.locator("li.todo").first
    expect(first.locator(".because")).not_to_be_empty()
    expect(first.get_by_role("button", name="Done")).to_be_visible()


def test_a_patient_is_found_with_two_interactions(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    dana.goto("/today")
    without_mouse(dana)
    hands = Hands(dana)
    hands.press("/")
    hands.say("Hassan\n")
    dana.wait_for_url(RECORD)
    assert hands.done <= 2
    dana.goto("/today")
    hands = Hands(dana)
    hands.click(dana.locator("#find-person"))
    hands.say("Hassan\n")
    dana.wait_for_url(RECORD)
    assert hands.done <= 2


@pytest.mark.parametrize("way", ["keys", "clicks", "taps"])
def test_three_interactions_send_to_the_next_place_after_a_no(stage: Stage, way: str) -> None:
    dana = stage.person("Dana Cole", touch=way == "taps")
    dana.goto("/today")
    row = dana.locator("li.todo").filter(has_text="Agency said full")
    if way == "keys":
        stand_on(dana, row)
    hands = Hands(dana)
    send = dana.get_by_role("button", name="Send 1 text, 1 referral")
    if way == "keys":
        hands.press("n")
        expect(send).to_be_focused()
        hands.press("Enter")
    else:
        press = hands.click if way == "clicks" else hands.tap
        if way == "clicks":
            hands.click(row.locator(".because"))  # the row at hand shows its buttons
        press(row.get_by_role("link", name="Next place"))
        press(send)
    dana.wait_for_url("**/today")
    expect(dana.locator(".toast")).to_contain_text("Until then you can undo")
    assert hands.done <= MOST_AFTER_A_NO
    story.undo(stage, dana)


@pytest.mark.parametrize("way", ["keys", "clicks", "taps"])
def test_three_interactions_close_a_referral_with_its_outcome(browser: Browser, own_server: Server, way: str) -> None:
    """From the list: open it, say what happened, save. A closed one stays closed, so each way has its own demo."""
    with story.on_stage(browser, own_server, "en") as stage:
        close_from_today(stage, way)


def close_from_today(stage: Stage, way: str) -> None:
    dana = stage.person("Dana Cole", touch=way == "taps")
    dana.goto("/today")
    row = dana.locator("li.todo").filter(has_text="No news from")
    hands = Hands(dana)
    helped = dana.get_by_label("The patient got help there")
    if way == "keys":
        stand_on(dana, row)
        hands.press("o")
        dana.wait_for_url("**/referrals/*#learned")
        dana.wait_for_load_state()
        hands.press(helped.get_attribute("data-key") or "")
        expect(helped).to_be_checked()
        hands.press("Enter")
    else:
        press = hands.click if way == "clicks" else hands.tap
        press(row.locator("[data-open]"))
        press(helped)
        press(dana.get_by_role("button", name="Save", exact=True))
    dana.locator(".toast").filter(has_text="Saved.").wait_for()
    assert hands.done <= MOST_TO_CLOSE
    dana.goto("/today")
    expect(row).to_have_count(0)


def stand_on(page: Page, row: Locator) -> None:
    """Down the list with j until this row is at hand."""
    for _ in range(page.locator("li.todo").count()):
        if "here" in (row.get_attribute("class") or "").split():
            return
        page.keyboard.press("j")


def covered(page: Page, thing: Locator) -> bool:
    """Whether something lies over the middle of it."""
    return thing.evaluate(
        """it => { const at = it.getBoundingClientRect();
        return !it.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)); }"""
    )

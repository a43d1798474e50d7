"""How much it takes to text a referral from an open patient page: counted by keys, by clicks, and with no mouse at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import story
from tests.browser.server import Server
from tests.browser.story import Stage

MOST_KEYS = 6
MOST_CLICKS = 8
CURTIS, CURTIS_PHONE = "Curtis Brown", "+15135550102"
GLORIA = "Gloria Simmons"
RECORD = re.compile(r"/patients/[0-9a-f-]{36}$")


@dataclass
class Counted:
    """A person at work: what they type as one sentence is one interaction, as is each key and each click."""

    page: Page
    done: int = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done += 1

    def say(self, sentence: str) -> None:
        self.page.keyboard.type(sentence)
        self.done += 1

    def click(self, thing: Locator) -> None:
        thing.click()
        self.done += 1


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
    hands = Counted(dana)
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
    hands = Counted(dana)
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


def covered(page: Page, thing: Locator) -> bool:
    """Whether something lies over the middle of it."""
    return thing.evaluate(
        """it => { const at = it.getBoundingClientRect();
        return !it.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)); }"""
    )

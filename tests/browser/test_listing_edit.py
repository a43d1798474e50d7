"""An agency volunteer with a phone mends the Saturday hours; the directory team decides with keys alone.

Taps and typed letters are counted, not seconds: a clock in a test measures the machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import story
from tests.browser.server import Server
from tests.browser.story import Stage
from tests.browser.test_agency_story import Thumb, fits, text_to_the_pantry

MOST_TAPS, MOST_LETTERS = 8, 12
"""At a second and a half a tap and a second a letter this is half a minute, reading not counted."""


@pytest.fixture
def stage(browser: Browser, own_server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, own_server, "en") as stage:
        yield stage


def week_of(stage: Stage) -> str:
    """The hours of the pantry as everybody reads them."""
    page = stage.window()
    page.goto("/search?q=food")
    page.get_by_role("link", name=story.PANTRY).first.click()
    found = page.locator("section[aria-labelledby=hours]").inner_text()
    page.close()
    return found


def saturday_on_the_phone(stage: Stage) -> tuple[Page, int, int]:
    """From the link to "saved": the page, the taps, the letters."""
    phone = stage.window(script=False, touch=True)
    phone.goto(text_to_the_pantry(stage))
    thumb, letters = Thumb(phone), 0
    thumb.tap(phone.get_by_role("button", name="Open the referral"))
    thumb.tap(phone.get_by_role("link", name="Change hours by the day, or anything else"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Change your listing")
    fits(phone)
    for label, typed in (("Saturday, opens", "10am"), ("Saturday, closes", "2pm")):
        field = phone.get_by_label(label, exact=True)
        thumb.tap(field)
        field.fill(typed)
        letters += len(typed)
    thumb.tap(phone.get_by_role("button", name="Send changes"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Saved, thank you")
    fits(phone)
    return phone, thumb.taps, letters


def test_saturday_hours_take_a_few_taps_without_script_and_a_rejection_leaves_the_listing_as_it_was(
    stage: Stage,
) -> None:
    before = week_of(stage)
    phone, taps, letters = saturday_on_the_phone(stage)
    assert taps <= MOST_TAPS, taps
    assert letters <= MOST_LETTERS, letters
    expect(phone.locator("#told")).to_contain_text("Sat 10:00 am-2:00 pm")
    expect(phone.locator("#told")).to_contain_text("The directory team looks at it")
    assert week_of(stage) == before
    sam = stage.person("Sam Ortiz")
    sam.goto("/review")
    sam.locator(".queue a").filter(has_text=story.PANTRY).first.click()
    sam.locator("details[data-more] summary").first.click()
    sam.get_by_label("Why not, told to whoever sent it").select_option("not_confirmed")
    sam.locator(".choice").get_by_label("Reject").check()
    sam.get_by_role("button", name="Save decisions").click()
    expect(sam.locator(".toast")).to_contain_text("Rejected.")
    assert week_of(stage) == before
    phone.reload()
    expect(phone.locator("#told")).to_contain_text("We could not confirm it.")


def test_a_change_is_decided_and_taken_back_with_keys_alone(stage: Stage) -> None:
    sam = stage.person("Sam Ortiz")
    sam.goto("/review")
    first = sam.locator(".queue [aria-current]").inner_text()
    expect(sam.locator(".diff").first).to_have_class("diff here")
    sam.keyboard.press("a")
    expect(sam.locator(".diff input[value=approve]").first).to_be_checked()
    sam.keyboard.press("Enter")
    expect(sam.locator(".toast")).to_contain_text("1 field published.")
    assert sam.locator(".queue [aria-current]").inner_text() != first
    sam.keyboard.press("u")
    expect(sam.locator(".toast")).to_contain_text("The change waits again.")
    assert sam.locator(".queue [aria-current]").inner_text() == first


def test_e_opens_the_words_and_inside_them_keys_are_letters(stage: Stage) -> None:
    sam = stage.person("Sam Ortiz")
    sam.goto("/review")
    sam.keyboard.press("e")
    words = sam.locator("[data-key=e]").first
    expect(words).to_be_focused()
    sam.keyboard.type("are")
    expect(words).to_have_value("are")
    expect(sam.locator(".diff input[value=approve]").first).not_to_be_checked()

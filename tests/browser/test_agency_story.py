"""An agency volunteer on an old phone: no script, 360 px, fingers. Two taps answer; room and hours in the same visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import story
from tests.browser.server import Server
from tests.browser.story import Stage

NARROW = {"width": 320, "height": 568}
MOST_BYTES = 50_000


@dataclass
class Thumb:
    """A person at a phone: each tap is counted."""

    page: Page
    taps: int = 0

    def tap(self, thing: Locator) -> None:
        thing.tap()
        self.taps += 1


@pytest.fixture
def stage(browser: Browser, own_server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, own_server, "en") as stage:
        yield stage


def text_to_the_pantry(stage: Stage) -> str:
    """Dana sends Rosa to Hope Pantry; the link in the text that Denise gets."""
    dana = stage.person("Dana Cole")
    story.open_patient(dana)
    story.look_for(stage, dana)
    story.nearest_first(dana)
    story.choose(stage, dana, story.PANTRY)
    story.press_send(stage, dana, 1)
    denise = stage.window()
    story.phone_of_agency(denise, story.PANTRY)
    story.skip_to_what_is_due(denise)
    story.phone_of_agency(denise, story.PANTRY)
    return story.link_in(story.wait_for_text(denise, re.compile("New referral")))


def fits(page: Page) -> None:
    """Nothing hangs over the edge, and no target is smaller than a thumb."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.locator(".answers .btn").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_two_taps_answer_without_script_on_a_small_screen(stage: Stage) -> None:
    link = text_to_the_pantry(stage)
    phone = stage.window(script=False, touch=True)
    answers: list[int] = []
    phone.on("response", lambda got: answers.append(len(got.body())) if "/r/" in got.url and got.ok else None)
    phone.goto(link)
    thumb = Thumb(phone)
    thumb.tap(phone.get_by_role("button", name="Open the referral"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Can you help Rosa?")
    fits(phone)
    thumb.tap(phone.locator("button[name=answer][value=yes]"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert thumb.taps == 2
    assert max(answers) < MOST_BYTES
    phone.set_viewport_size(NARROW)
    fits(phone)


def test_a_volunteer_says_full_answers_the_rest_and_mends_the_hours_in_one_visit(stage: Stage) -> None:
    link = text_to_the_pantry(stage)
    phone = stage.window(script=False, touch=True)
    phone.set_viewport_size(NARROW)
    phone.goto(link)
    phone.get_by_role("button", name="Open the referral").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Can you help Rosa?")
    fits(phone)
    form = phone.locator("#room")
    form.get_by_text("We are full until a date").tap()
    for name, value in (("month", "12"), ("day", "20"), ("year", "2030")):
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="Save room").tap()
    expect(phone.locator(".error").first).to_contain_text("at most a year ahead")
    fits(phone)
    phone.locator("#room").get_by_text("Out of funds or food").tap()
    for name in ("month", "day", "year"):
        phone.locator(f"#room [name={name}]").fill("")
    phone.get_by_role("button", name="Save room").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Answer these too?")
    assert "Rosa" not in phone.content()
    fits(phone)
    boxes = phone.locator("input[name=referral]")
    assert boxes.count() >= 1
    assert all(box.is_checked() for box in boxes.all())
    phone.get_by_role("link", name="Leave them open for now").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Saved, thank you")
    phone.goto(link)
    phone.locator("#listing [name=hours]").fill("Saturday 10 am-2 pm")
    phone.get_by_role("button", name="Send changes").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Saved, thank you")
    fits(phone)
    sam = stage.person("Sam Ortiz")
    story.review(stage, sam, story.PANTRY, "10")

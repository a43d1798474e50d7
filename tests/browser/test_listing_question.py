"""An agency volunteer reads a mail on a phone: three listings are confirmed with one tap, without script, at 320 px."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import story
from tests.browser.server import Server
from tests.browser.story import Stage
from tests.browser.test_agency_story import NARROW, Thumb, fits

ADDRESS, SUBJECT = "apply@qchousing.example", "is your listing still right?"


@pytest.fixture
def stage(browser: Browser, own_server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, own_server, "en") as stage:
        yield stage


def test_three_listings_are_confirmed_with_one_tap(stage: Stage) -> None:
    link = story.link_in(story.mail_to(stage.window(), ADDRESS, SUBJECT))
    phone = stage.window(script=False, touch=True)
    phone.set_viewport_size(NARROW)
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Are your listings still right?")
    fits(phone)
    thumb = Thumb(phone)
    thumb.tap(phone.get_by_role("button", name="All 3 are still right"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert thumb.taps == 1
    fits(phone)
    sam = stage.person("Sam Ortiz")
    sam.goto("/curation/campaigns")
    sam.get_by_role("link", name="Fall check").click()
    row = sam.get_by_role("row").filter(has_text="Queen City Housing Partners")
    expect(row).to_contain_text("Answered")

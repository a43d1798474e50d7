"""A bundle of needs, the note and the printed list: counted by keys, clicks and taps; and what the printer really gets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import paper, story
from tests.browser.hands import Hands
from tests.browser.server import Server
from tests.browser.story import Stage

MOST_FOR_A_BUNDLE = 10
MOST_FOR_PAPER = 3
AMINA, ROSA = "Amina Hassan", "Rosa Martinez"
CURTIS, GLORIA = "Curtis Brown", "Gloria Simmons"
RECORD = re.compile(r"/patients/[0-9a-f-]{36}$")
BUNDLE = re.compile(r"/bundles/[0-9a-f-]{36}")
FOUR = "Eviction notice"


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[Stage]:
    with story.on_stage(browser, server, "en") as stage:
        yield stage


def is_sent(page: Page) -> None:
    """Four needs went out together, or stand on the list because nobody helps with them here."""
    page.wait_for_url(RECORD)
    expect(page.locator(".toast").first).to_be_visible()


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Send 1 text, [234] referrals"))


def test_four_needs_go_out_by_ten_keys_at_most(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    story.open_patient(dana, CURTIS)
    hands = Hands(dana)
    hands.press("b")
    expect(dana.get_by_role("link", name="New baby")).to_be_focused()
    hands.press("j")
    hands.press("j")
    hands.press("Enter")
    dana.wait_for_url(BUNDLE)
    ask = dana.get_by_role("link", name="Record the agreement")
    if ask.count():
        expect(ask).to_be_focused()
        hands.press("Enter")
        dana.wait_for_url("**/consent?**")
        expect(dana.get_by_role("button", name="Save agreement")).to_be_focused()
        hands.press("Enter")
        dana.wait_for_url(BUNDLE)
    expect(send_button(dana)).to_be_focused()
    hands.press("Enter")
    is_sent(dana)
    assert hands.done <= MOST_FOR_A_BUNDLE
    story.undo(stage, dana)


def test_four_needs_go_out_by_ten_clicks_at_most_with_a_place_swapped(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    story.open_patient(dana, GLORIA)
    hands = Hands(dana)
    hands.click(dana.get_by_role("link", name="Use a bundle"))
    hands.click(dana.get_by_role("link", name=FOUR))
    other = dana.locator("fieldset.swap").filter(has=dana.locator("details input[value*='.']")).first
    name = other.locator("details input[value*='.']").first.get_attribute("id")
    hands.click(other.locator("summary"))
    hands.click(other.locator("details label").first)
    expect(dana.locator(f"[id='{name}']")).to_be_checked()
    expect(dana.locator(f".swap > label [id='{name}']")).to_have_count(1)  # it stands on top now
    ask = dana.get_by_role("link", name="Record the agreement")
    if ask.count():
        hands.click(ask)
        hands.click(dana.get_by_role("button", name="Save agreement"))
        dana.wait_for_url(BUNDLE)
    expect(dana.locator(f".swap > label [id='{name}']")).to_be_checked()
    hands.click(send_button(dana))
    is_sent(dana)
    assert hands.done <= MOST_FOR_A_BUNDLE
    story.undo(stage, dana)


def test_four_needs_go_out_by_ten_taps_at_most(stage: Stage, browser: Browser, server: Server) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=server.url, is_mobile=True, has_touch=True
    )
    stage.contexts.append(context)
    dana = context.new_page()
    dana.goto("/dev/people")
    dana.get_by_role("listitem").filter(has_text="Dana Cole").get_by_role("button").tap()
    dana.wait_for_url("**/today")
    story.open_patient(dana, AMINA)
    hands = Hands(dana)
    hands.tap(dana.get_by_role("link", name="Use a bundle"))
    hands.tap(dana.get_by_role("link", name=FOUR))
    ask = dana.get_by_role("link", name="Record the agreement")
    expect(dana.locator("fieldset.swap").first).to_be_in_viewport()  # the places are read first
    if ask.count():
        hands.tap(ask)
        hands.tap(dana.get_by_role("button", name="Save agreement"))
        dana.wait_for_url(BUNDLE)
    hands.tap(send_button(dana))
    is_sent(dana)
    assert hands.done <= MOST_FOR_A_BUNDLE
    assert dana.evaluate("document.documentElement.scrollWidth") <= 360


def test_one_key_copies_the_note(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    dana.context.grant_permissions(["clipboard-read", "clipboard-write"])
    story.open_patient(dana, ROSA)
    dana.keyboard.press("c")
    expect(dana.get_by_text("Copied", exact=True)).to_be_visible()
    text = dana.evaluate("navigator.clipboard.readText()")
    assert text.startswith("SOCIAL NEEDS REFERRAL NOTE")
    assert len(text.splitlines()) <= 15


def test_three_keys_and_clicks_print_the_list_in_another_language(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    dana.add_init_script("window.print = () => { document.title = 'printed'; }")
    story.open_patient(dana, ROSA)
    hands = Hands(dana)
    hands.press("p")
    dana.wait_for_url("**/print")
    hands.click(dana.get_by_role("link", name="العربية"))
    expect(dana.locator("html")).to_have_attribute("dir", "rtl")
    hands.press("p")
    expect(dana).to_have_title("printed")
    assert hands.done <= MOST_FOR_PAPER


@pytest.mark.parametrize("query", ["language=es", "language=es&beside=y", "language=ar", "language=ar&beside=y"])
def test_no_place_is_cut_by_a_page(stage: Stage, query: str) -> None:
    dana = stage.person("Dana Cole")
    story.open_patient(dana, ROSA)
    record = dana.url
    dana.goto(f"/search?for={record.rsplit('/', 1)[1]}&need=food_pantry&need=diapers")
    keys = [one.get_attribute("value") for one in dana.locator("input[data-select]").all()]
    dana.goto(f"{record}/print?{query}&" + "&".join(f"listing={key}" for key in keys[:10]))
    found = paper.sheets(dana, "article")
    assert len(found) >= 6
    assert [(first, last) for first, last in found if first != last] == []
    per_sheet = [sum(first == sheet for first, _last in found) for sheet in range(found[-1][1])]
    assert min(per_sheet) >= 2, "a third of a page, or a little more in two languages"


def test_the_list_fits_a_phone(stage: Stage) -> None:
    dana = stage.person("Dana Cole")
    story.open_patient(dana, ROSA)
    record = dana.url
    dana.set_viewport_size({"width": 320, "height": 700})
    for query in ("language=ar&beside=y", "language=es", "aloud=y"):
        dana.goto(f"{record}/print?{query}")
        assert dana.evaluate("document.documentElement.scrollWidth") <= 320

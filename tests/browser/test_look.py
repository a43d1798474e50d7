"""The look in a real browser: no violation axe knows, nothing wider than a phone, keys, undo, focus, lost servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.look.stage_server import StageServer

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
PAGES = ("dev/ui", "today", "search", "agency", "patient", "guest", "oops", "behaviour")


@pytest.fixture(scope="module")
def stage_server() -> Iterator[StageServer]:
    server = StageServer().start()
    yield server
    server.stop()


@pytest.fixture
def staged(browser: Browser, stage_server: StageServer, findings: list[str]) -> Iterator[Page]:
    """A page on the stage at 1280 px whose scripts may not fail and whose policy may not refuse."""
    stage_server.failing = False
    stage_server.posts.clear()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=stage_server.url)
    context.set_default_timeout(5_000)
    yield watched(context.new_page(), findings)
    context.close()
    assert [one for one in findings if "500" not in one and "Response Status Error" not in one] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "en"), (1280, "dark", "en"), (320, "dark", "yi"), (1280, "light", "yi")],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, stage_server: StageServer, name: str, width: int, scheme: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, base_url=stage_server.url, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"/{name}?l={language}&quiet=1")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(RUN_AXE, TAGS)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def here(page: Page) -> str:
    return page.locator("[data-row].here [data-open]").inner_text()


def test_j_and_k_walk_the_list_and_carry_the_focus(staged: Page) -> None:
    staged.goto("/today")
    assert here(staged) == "Rosa M."
    staged.keyboard.press("j")
    assert here(staged) == "Amina H."
    expect(staged.get_by_role("link", name="Amina H.")).to_be_focused()
    staged.keyboard.press("k")
    staged.keyboard.press("k")
    assert staged.locator("[data-row]").first.get_attribute("aria-current") == "true"


def test_only_the_row_at_hand_shows_its_actions_and_a_press_brings_them(staged: Page) -> None:
    staged.goto("/today")
    assert staged.get_by_role("button", name="Done").count() == 1
    staged.get_by_text("Wants a call").click()
    assert here(staged) == "Lan P."
    expect(staged.locator(".here").get_by_role("button", name="Done")).to_be_visible()


def test_x_chooses_and_the_tray_says_what_is_chosen(staged: Page) -> None:
    staged.goto("/search")
    staged.keyboard.press("j")
    staged.keyboard.press("j")
    staged.keyboard.press("x")
    expect(staged.locator("[data-tray-names]")).to_have_text("Hope Pantry, St. Anne Kitchen")
    expect(staged.locator("[data-tray-count]")).to_have_text("2")
    staged.keyboard.press("Space")
    staged.keyboard.press("k")
    staged.keyboard.press("x")
    expect(staged.locator("[data-tray]")).to_be_hidden()


def test_keys_do_nothing_inside_a_field(staged: Page) -> None:
    staged.goto("/search")
    staged.keyboard.press("/")
    expect(staged.locator("#q")).to_be_focused()
    staged.keyboard.type("jxt?")
    expect(staged.locator("#q")).to_have_value("jxt?")
    assert staged.locator(".here").count() == 0


def test_slash_finds_a_patient_where_the_page_has_no_search_of_its_own(staged: Page) -> None:
    staged.goto("/today")
    staged.keyboard.press("/")
    expect(staged.locator("#find-person")).to_be_focused()


def test_keys_that_are_switched_off_stay_off(staged: Page) -> None:
    staged.goto("/today")
    staged.evaluate("document.body.dataset.keys = 'off'")
    staged.keyboard.press("j")
    assert here(staged) == "Rosa M."


def test_g_and_a_letter_go_to_a_place(staged: Page) -> None:
    staged.goto("/search")
    staged.keyboard.press("g")
    staged.keyboard.press("t")
    staged.wait_for_url("**/today")


def test_the_question_mark_opens_the_list_of_keys(staged: Page) -> None:
    staged.goto("/today")
    staged.keyboard.press("?")
    expect(staged.get_by_text("Choose this row")).to_be_visible()


def test_u_takes_back_what_was_done(staged: Page, stage_server: StageServer) -> None:
    staged.goto("/today")
    with staged.expect_response("**/undo"):
        staged.keyboard.press("u")
    assert stage_server.posts == ["undo"]


def test_a_word_goes_after_ten_seconds_but_waits_for_a_reader(staged: Page) -> None:
    staged.clock.install()
    staged.goto("/today")
    staged.locator(".toast").hover()
    staged.clock.run_for(20_000)
    expect(staged.locator(".toast")).to_be_visible()
    staged.mouse.move(0, 0)
    staged.clock.run_for(11_000)
    expect(staged.locator(".toast")).to_have_count(0)


def test_a_batch_counts_down_and_leaves_on_time(staged: Page) -> None:
    staged.clock.install()
    staged.goto("/behaviour")
    staged.locator("#part .toast").hover()
    staged.clock.run_for(3_000)
    expect(staged.locator("#part [data-count]")).to_have_text("5")
    staged.clock.run_for(6_000)
    expect(staged.locator("#part .toast")).to_have_count(0)


def test_a_swap_carries_the_focus_and_a_toast_with_undo(staged: Page) -> None:
    staged.goto("/behaviour")
    staged.keyboard.press("s")
    expect(staged.get_by_role("heading", name="3 places")).to_be_focused()
    toast = staged.locator("[data-toasts]")
    expect(toast).to_contain_text("Snoozed")
    assert toast.locator("form").get_attribute("action") == "/undo"


@pytest.mark.parametrize("button", ["Copy note", "Copy from the server"])
def test_a_note_is_copied_by_one_press(staged: Page, button: str) -> None:
    staged.context.grant_permissions(["clipboard-read", "clipboard-write"])
    staged.goto("/behaviour")
    staged.get_by_text(button).click()
    expect(staged.locator("[data-toasts]")).to_contain_text("Copied.")
    assert staged.evaluate("navigator.clipboard.readText()").startswith("Rosa M.\nFood")


def test_a_refused_clipboard_shows_the_note_selected(staged: Page) -> None:
    staged.goto("/behaviour")
    staged.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    staged.keyboard.press("c")
    expect(staged.locator("#note")).to_be_focused()
    assert staged.evaluate("getSelection().toString() || note.value.slice(note.selectionStart, note.selectionEnd)")


def test_a_lost_server_keeps_the_form_and_offers_to_try_again(staged: Page, stage_server: StageServer) -> None:
    staged.goto("/behaviour")
    staged.get_by_label("Words").fill("what I typed")
    stage_server.failing = True
    staged.get_by_role("button", name="Save").click()
    expect(staged.get_by_text("No answer from Handrail.")).to_be_visible()
    expect(staged.get_by_label("Words")).to_have_value("what I typed")
    stage_server.failing = False
    staged.get_by_role("button", name="Try again").click()
    expect(staged.get_by_role("heading", name="3 places")).to_be_focused()
    expect(staged.get_by_text("No answer from Handrail.")).to_be_hidden()


def test_the_end_of_a_session_is_said_two_minutes_before_and_can_be_put_off(staged: Page) -> None:
    staged.clock.install()
    staged.goto("/today")
    staged.clock.run_for(28 * 60_000 + 10_000)
    expect(staged.get_by_text("You will be signed out in 2 minutes.")).to_be_visible()
    staged.get_by_role("button", name="Stay signed in").click()
    expect(staged.get_by_text("You will be signed out in 2 minutes.")).to_be_hidden()
    staged.clock.run_for(31 * 60_000)
    expect(staged.locator("[data-ended]")).to_be_visible()


def test_without_script_every_row_shows_its_actions(browser: Browser, stage_server: StageServer) -> None:
    context = browser.new_context(base_url=stage_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/today")
    assert page.get_by_role("button", name="Done").count() == 4
    context.close()

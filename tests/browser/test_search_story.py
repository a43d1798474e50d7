"""The search page by keyboard, by thumb, without JavaScript, with suggestions and with the map; axe in every dress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import be
from tests.browser.server import Server
from tests.browser.test_look import AXE, RUN_AXE, TAGS

FOOD = "/search?q=no+food+for+the+kids&near=45202"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
FIRST = "li.place >> nth=0"


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    """A demo that also speaks the right-to-left pseudo-language."""
    server = Server(tmp_path_factory.mktemp("search"), seeded, {"HANDRAIL_PSEUDO": "1"})
    try:
        yield server.start()
    finally:
        server.stop()


def test_by_keyboard_from_the_first_letter_to_a_place(page: Page) -> None:
    page.goto("/search")
    page.keyboard.press("/")
    field = page.locator("#q")
    expect(field).to_be_focused()
    page.keyboard.type("light b")
    options = page.locator("#suggested [role=option]")
    expect(options.first).to_contain_text("light bill")
    expect(page.locator("[data-suggested]")).to_contain_text(re.compile(r"\d+ suggestion"))
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    expect(page.get_by_role("link", name=re.compile(r"heating bills ?, remove"))).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/listing/*")


def test_escape_takes_the_suggestions_away_and_enter_searches_what_is_typed(page: Page) -> None:
    page.goto("/search")
    page.locator("#q").press_sequentially("food pan")
    expect(page.locator("#suggested")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#suggested")).to_have_count(0)
    expect(page.locator("#q")).to_have_value("food pan")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("places")
    expect(page.locator("#q")).to_have_value("food pan")


def test_the_arrows_go_round_and_back_to_the_field(page: Page) -> None:
    page.goto("/search")
    field = page.locator("#q")
    field.press_sequentially("food")
    options = page.locator("#suggested [role=option]")
    expect(options.nth(1)).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggested [aria-selected=true]")).to_have_count(0)
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Tab")
    expect(page.locator("#suggested")).to_have_count(0)


def test_a_place_is_suggested_and_fills_its_field(page: Page) -> None:
    page.goto("/search?q=food")
    near = page.locator("#near")
    near.press_sequentially("cincinn")
    page.locator("#suggested li", has_text="Cincinnati, OH").first.click()
    page.wait_for_url(re.compile("near=Cincinnati"))
    expect(page.locator("#near")).to_have_value("Cincinnati, OH")
    expect(page.locator(FIRST)).to_contain_text(" mi")


def test_a_lost_server_of_suggestions_does_not_hinder_typing(page: Page, findings: list[str]) -> None:
    page.route("**/search/suggest?*", lambda route: route.abort())
    page.goto("/search")
    page.locator("#q").press_sequentially("food pantry")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("places")
    findings[:] = [one for one in findings if "ERR_FAILED" not in one]  # the browser tells of the cut line itself


def test_filters_answer_at_once_and_further_ones_stay_open(page: Page) -> None:
    page.goto(FOOD)
    page.get_by_label("Has room").check()
    page.wait_for_url(re.compile("has_room=1"))
    expect(page.get_by_label("Has room")).to_be_focused()
    page.get_by_text("More filters").click()
    page.locator("#cost-free").check()
    page.wait_for_url(re.compile("cost=free"))
    expect(page.locator("#cost-free")).to_be_visible()
    page.get_by_label("Getting there").select_option("walk")
    page.wait_for_url(re.compile("travel=walk"))
    expect(page.locator("#travel-hint")).to_contain_text("0.5 mi")
    assert "more=" not in page.url
    page.get_by_role("link", name="Clear filters").click()
    page.wait_for_url(re.compile(r"/search\?q=no\+food\+for\+the\+kids&near=45202$"))


def test_the_number_beside_a_filter_is_what_it_leaves(page: Page) -> None:
    page.goto(FOOD)
    chip = page.locator("label.chip", has_text="Has room")
    said = int(chip.locator("small").inner_text())
    chip.click()
    page.wait_for_url(re.compile("has_room=1"))
    expect(page.locator("#found")).to_have_text(re.compile(rf"^{said} places?,"))


def test_by_thumb_at_360_everything_can_be_hit_and_nothing_sticks_out(phone_page: Page) -> None:
    page = phone_page
    page.goto("/search")
    page.locator("#q").fill("no food for the kids")
    page.get_by_role("button", name="Search", exact=True).tap()
    page.locator("label.chip", has_text="Has room").tap()
    page.wait_for_url(re.compile("has_room=1"))
    page.get_by_text("More filters").tap()
    page.locator("label:has(#cost-free)").tap()
    page.wait_for_url(re.compile("cost=free"))
    page.get_by_text("Why this order?").tap()
    expect(page.get_by_text("How close it is").first).to_be_visible()
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        """() => [...document.querySelectorAll('#finding :is(.btn, .chip, summary, select, input.in, .pick)')]
        .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_without_javascript_filters_order_and_pages_work(plain_page: Page) -> None:
    page = plain_page
    page.goto("/search")
    page.locator("#q").fill("food")
    page.locator("#near").fill("45202")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("More filters").click()
    page.locator("#cost-free").check()
    page.get_by_role("button", name="Show places").click()
    assert "cost=free" in page.url
    page.get_by_label("Order").select_option("near")
    page.get_by_role("button", name="Sort").click()
    expect(page.locator("#found")).to_contain_text("nearest first")
    expect(page.locator("figure.map svg a").first).to_be_visible()
    expect(page.get_by_role("button", name="Open the map")).to_be_hidden()
    page.goto("/search?q=food&near=45202")
    page.get_by_role("link", name=re.compile("^Next")).click()
    expect(page.locator("li.place .n").first).to_have_text("11")


def test_without_javascript_ticks_survive_pages(plain_page: Page) -> None:
    page = be(plain_page, "Dana Cole", "/patients?view=team")
    page.get_by_role("link", name="Rosa Martinez").first.click()
    page.locator(".head").get_by_role("link", name="Find help").click()
    page.locator("#q").fill("food")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator("label.chip", has_text="Speaks Spanish").locator("input").uncheck()
    page.get_by_role("button", name="Search", exact=True).click()
    name = page.locator("li.place h3 bdi").first.inner_text()
    page.locator("input[name=listing]").first.check()
    page.get_by_role("button", name=re.compile("^Next")).click()
    page.locator("input[name=listing][type=checkbox]").first.check()
    page.get_by_role("button", name=re.compile("^Text to")).first.click()
    page.wait_for_url("**/send?*")
    expect(page.locator("#places")).to_contain_text(name)
    assert page.locator("#places li").count() == 2


def test_the_map_is_fetched_when_opened_and_leads_back_to_the_list(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FOOD)
    assert not [one for one in asked if "leaflet" in one]
    places = page.locator("figure.map svg a").all()
    page.get_by_role("button", name="Open the map").click()
    markers = page.locator(".leaf .leaflet-marker-icon[role=button]")
    expect(markers.first).to_be_visible()
    assert markers.count() == len(places)
    third = page.get_by_role("button", name=re.compile("^3: "))
    third.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Place 3 in the list").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#place-3 [data-open]")).to_be_focused()
    page.wait_for_load_state("networkidle")
    assert {one.startswith(server.url) for one in asked} == {True}
    page.get_by_label("Has room").check()
    page.wait_for_url(re.compile("has_room=1"))
    expect(page.locator(".leaf .leaflet-marker-icon").first).to_be_visible()  # who opened it keeps it


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(360, "en", "dark"), (1280, "es", "light"), (360, "es", "light"), (360, "yi", "light"), (1280, "yi", "dark")],
)
def test_axe_finds_nothing_with_everything_open(
    browser: Browser, pseudo: Server, width: int, language: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, base_url=pseudo.url, color_scheme=scheme, bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{FOOD}&l={language}&checked=90&open_at=2026-11-24T18:00")
    page.evaluate(OPEN_ALL)
    sound(page, width)
    page.locator("[data-map]").click()
    page.locator(".leaf .leaflet-marker-icon[role=button]").first.press("Enter")
    # two places in one street: their numbers lie close, and the list has the same links (WCAG 2.5.8, equivalent)
    sound(page, width, but="target-size")
    page.goto(f"/search?l={language}")
    page.locator("#q").press_sequentially("foo")
    page.locator("#suggested li").first.wait_for()
    page.keyboard.press("ArrowDown")
    sound(page, width)
    context.close()


def sound(page: Page, width: int, but: str = "") -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = [one for one in page.evaluate(RUN_AXE, TAGS)["violations"] if one["id"] != but]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

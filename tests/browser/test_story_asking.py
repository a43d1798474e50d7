"""A person asks for help in Spanish on a small phone and becomes a patient; another reads Arabic and could not get help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import story
from tests.browser.people import be
from tests.browser.server import Server


@pytest.fixture(scope="module")
def riverside(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("story-asking"), seeded)
    try:
        yield server.start()
    finally:
        server.stop()


def phone(browser: Browser, server: Server, *, script: bool) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        base_url=server.url,
        is_mobile=True,
        has_touch=True,
        java_script_enabled=script,
    )
    return context.new_page()


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.slow
def test_a_request_in_spanish_on_a_small_phone_becomes_a_patient(browser: Browser, riverside: Server) -> None:
    person = phone(browser, riverside, script=True)
    person.goto("/ask?l=es")
    expect(person.locator("html")).to_have_attribute("lang", "es")
    no_sideways_scroll(person)
    person.locator("#send").tap()  # nothing typed: each field says what is missing
    expect(person.locator("#problems")).to_be_visible()
    person.locator("#words").fill("Me quedé sin trabajo y no hay comida en la casa")
    person.locator("#name").fill("Marisol Vega")
    person.locator("#phone").fill("513 555 0186")
    person.locator("#zip").fill("45202")
    person.locator("#agree").check()
    person.locator("#may_text").check()
    for _again in range(20):  # typed faster than anybody types: the page asks to press once more
        with person.expect_navigation():
            person.locator("#send").tap()
        if not person.locator("#send-error").count():
            break
    expect(person.locator("h1")).to_have_text("Recibimos su pedido")
    assert "Vega" not in person.url
    person.context.close()

    desk = browser.new_context(base_url=riverside.url).new_page()
    be(desk, "Dana Cole", "/intake")
    desk.get_by_role("link", name="Marisol Vega").click()
    expect(desk.locator("blockquote")).to_contain_text("no hay comida")
    expect(desk.locator("#subneed")).to_have_value("food_pantry")
    desk.get_by_role("button", name="Take up").click()
    expect(desk).to_have_url(re.compile(r"/patients/[0-9a-f-]{36}"))
    expect(desk.locator("main")).to_contain_text("Marisol Vega")
    expect(desk.locator("main")).to_contain_text("Food pantry")
    desk.goto("/intake")
    expect(desk.locator("main")).to_contain_text("Taken up")
    desk.context.close()


@pytest.mark.slow
def test_a_patient_reading_arabic_says_that_it_was_closed(browser: Browser, riverside: Server) -> None:
    with story.on_stage(browser, riverside, "en") as stage:
        dana, phones = stage.person("Dana Cole"), stage.window()
        story.open_patient(dana)
        story.look_for(stage, dana)
        story.choose(stage, dana, story.PANTRY, story.KITCHEN)
        story.press_send(stage, dana, 2)
        story.phone_of(phones)
        story.skip_to_what_is_due(phones)
        link = story.link_in(story.wait_for_text(phones, "/r/"))
        page = phone(browser, riverside, script=False)
        page.goto(f"{link}?l=ar")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("article")).to_have_count(2)
        place = page.locator("article").filter(has_text=story.PANTRY)
        place.locator("summary").tap()
        place.get_by_role("button", name="لم أتمكن من الحصول على المساعدة").tap()
        page.locator("button[name=reason][value=closed]").tap()
        page.wait_for_url(re.compile("/thanks/could_not"))
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        page.locator("main a.b").tap()
        expect(page.locator(".told")).to_have_count(1)
        page.locator("button[name=of]").tap()
        expect(page.locator(".told")).to_have_count(0)
        assert page.context.cookies() == []
        page.context.close()

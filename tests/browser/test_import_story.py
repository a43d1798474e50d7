"""A directory administrator brings a table for the first time: by keys on a desktop, and on a small phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import people
from tests.browser.server import Server
from tests.browser.story import Stage, on_stage

ROWS = 30
FILE = "neighbors.csv"


@pytest.fixture(scope="module")
def queen_city(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    """A server of its own: what is imported here is found by no other story."""
    server = Server(tmp_path_factory.mktemp("imports"), seeded)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def stage(browser: Browser, queen_city: Server) -> Iterator[Stage]:
    with on_stage(browser, queen_city, "en") as stage:
        yield stage


def table(columns: str) -> bytes:
    """Programs of a made-up town, with the names of columns that a real list would have."""
    lines = [
        f"Neighbor House {at},Program {at},What we do number {at},513-555-01{at:02},{at} Oak St,Cincinnati,OH,45202,Mon 9-5"
        for at in range(10, 10 + ROWS)
    ]
    return "\n".join((columns, *lines, "")).encode()


def fits(page: Page) -> None:
    """Nothing is cut and nobody scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def press_until(page: Page, key: str, wanted: str) -> None:
    """Go on with one key until the focus is on the element with this id or name."""
    at = "[document.activeElement.id, document.activeElement.name, document.activeElement.value]"
    for _ in range(400):
        if wanted in page.evaluate(at):
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} is not reached by {key}")


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_a_new_user_imports_a_table_and_takes_it_back_without_a_mouse(stage: Stage, phone: bool) -> None:
    source = "neighbors by phone" if phone else "neighbors"
    page = people.be(stage.window(phone=phone), "Nadia Brooks", "/imports")
    columns = f"Agency,Program,Words of {source},Phone,Street,City,State,ZIP,Hours"
    fits(page)
    page.keyboard.press("i")
    page.wait_for_url("**/imports/new")
    fits(page)
    page.locator("#file").set_input_files({"name": FILE, "mimeType": "text/csv", "buffer": table(columns)})
    press_until(page, "Tab", "source")
    page.keyboard.type(source)
    press_until(page, "Tab", "full")
    page.keyboard.press("Enter")

    page.wait_for_url("**/columns")
    expect(page.locator("h1")).to_have_text("What is in each column?")
    fits(page)
    press_until(page, "Tab", "c.0.2.0")
    page.keyboard.type("What it offers")
    expect(page.locator("#preview")).to_contain_text("What we do number 10")
    press_until(page, "Tab", "save")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text(f"Import of {source}")
    fits(page)
    page.locator("main form button.main").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Take it back?")
    page.locator("section[aria-labelledby=undo-h] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main .st").first).to_contain_text("Taken back")
    fits(page)


@pytest.mark.slow
def test_without_script_the_same_pages_work(stage: Stage) -> None:
    page = people.be(stage.window(script=False, phone=True), "Nadia Brooks", "/imports/new")
    raw = table("Agency,Program,Remarks,Phone,Street,City,State,ZIP,Hours")
    page.locator("#file").set_input_files({"name": FILE, "mimeType": "text/csv", "buffer": raw})
    page.locator("#source").fill("no script")
    page.locator("main form button.main").click()
    page.locator("#c-0-2-0").select_option("service.description")
    page.locator("button[value=preview]").click()
    expect(page.locator("#preview")).to_contain_text("What we do number 10")
    page.locator("button[value=save]").click()
    for _ in range(300):
        if "/files/" not in page.url:
            break
        page.locator("a.btn").first.click()
    expect(page.locator("h1")).to_have_text("Import of no script")

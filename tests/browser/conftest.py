"""Browser stories: one browser and one demo server for the session, a fresh context for each test.

Pages, console errors and refusals of the content policy are findings: `page` fails the test that caused them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.browser_program import launch
from tests.browser.server import Server, seed

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# the browser says this for every 4xx answer of a page that shows its errors well
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo world, made once; every server gets a copy."""
    return seed(tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    """The demo, shared by stories that do not disturb each other."""
    server = Server(tmp_path_factory.mktemp("demo"), seeded)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def own_server(tmp_path: Path, seeded: Path) -> Iterator[Server]:
    """A demo of the test's own, for stories that kill the server or count rows."""
    server = Server(tmp_path, seeded)
    try:
        yield server.start()
    finally:
        server.stop()


def watched(page: Page, findings: list[str]) -> Page:
    page.on("pageerror", lambda error: findings.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            findings.append(f"console: {message.text}")
            if message.type == "error" and not message.text.startswith(EXPECTED)
            else None
        ),
    )
    return page


@pytest.fixture
def findings() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, base_url=server.url, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, findings: list[str]) -> Iterator[Page]:
    """A page at 1280 px whose scripts may not fail."""
    yield watched(context.new_page(), findings)
    assert findings == []


@pytest.fixture
def phone_page(browser: Browser, server: Server, findings: list[str]) -> Iterator[Page]:
    """A phone at 360 px, with touch."""
    context = browser.new_context(
        viewport=PHONE, base_url=server.url, is_mobile=True, has_touch=True, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    yield watched(context.new_page(), findings)
    context.close()
    assert findings == []


@pytest.fixture
def plain_page(browser: Browser, server: Server) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = browser.new_context(viewport=DESKTOP, base_url=server.url, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()

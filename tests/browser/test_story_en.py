"""The main story in a browser, with English staff pages; Rosa's text and page are Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import main_story
from tests.browser.server import Server
from tests.browser.story import on_stage


@pytest.fixture(scope="module")
def riverside(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("story-en"), seeded)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.mark.slow
def test_help_arrives_and_both_sides_say_so(browser: Browser, riverside: Server) -> None:
    with on_stage(browser, riverside, "en") as stage:
        main_story.help_arrives(stage)


@pytest.mark.slow
def test_an_agency_is_full_and_the_next_places_are_ready(browser: Browser, riverside: Server) -> None:
    with on_stage(browser, riverside, "en") as stage:
        main_story.agency_is_full(stage)

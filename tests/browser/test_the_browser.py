"""The browser itself: it starts, and it stays at home."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error


def test_a_page_can_be_read(browser):
    page = browser.new_page()
    page.set_content("<h1>Hope Pantry</h1>")
    assert page.get_by_role("heading").inner_text() == "Hope Pantry"
    page.close()


def test_the_browser_reaches_no_other_machine(browser):
    page = browser.new_page()
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://handrail.example/")
    page.close()

"""Signs in as a person of the demo, the way a visitor does."""

from __future__ import annotations

from playwright.sync_api import Page


def be(page: Page, name: str, to: str = "/") -> Page:
    """Be `name` and go to `to`."""
    page.goto("/dev/people")
    page.get_by_role("listitem").filter(has_text=name).get_by_role("button").click()
    page.goto(to)
    return page

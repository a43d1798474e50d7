"""`make screenshots`: the main pages of a fresh demo, at phone and desktop width, into docs/screenshots.

A page that cannot be reached is named at the end and the command fails: an old picture would show what is not there.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.browser_program import launch
from tests.browser.people import be
from tests.browser.server import Server

OUT = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 900}}
NAVIGATOR, CURATOR, DIRECTOR, PATIENT = "Dana Cole", "Sam Ortiz", "Priya Raman", "Rosa Martinez"
ROSAS_PHONE = "/dev/phone?phone=%2B15135550148"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: its file name, who looks at it, and how that person gets there."""

    name: str
    person: str | None
    open: Callable[[Page], object]
    dark: bool = False


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def record(page: Page) -> None:
    page.goto("/patients")
    page.get_by_role("link", name=PATIENT).first.click()
    page.wait_for_url("**/patients/*-*", wait_until="domcontentloaded")


def send(page: Page) -> None:
    """From Rosa's record: look for food, choose two places, and stop before sending."""
    record(page)
    page.locator("a[href*='need=food_pantry']").first.click()
    places = page.locator("input[name='listing']")
    for place in (places.nth(0), places.nth(1)):
        place.check()
    page.locator("button[name='do'][value='text']:visible").first.click()
    page.wait_for_url("**/send?*", wait_until="domcontentloaded")


def story(page: Page) -> None:
    """Send to Rosa and wait until her phone shows the text: the pages behind links need a real one."""
    be(page, NAVIGATOR)
    send(page)
    page.get_by_role("button", name="Send 1 text").click()
    page.goto(ROSAS_PHONE)
    page.locator("#thread a[href*='/r/']").first.wait_for(timeout=40_000)
    page.locator("#inbox a[href*='/r/']").first.wait_for(timeout=40_000)


def link_in(place: str) -> Callable[[Page], object]:
    """The page behind the newest link of Rosa's texts or of the agencies' mail."""

    def open_it(page: Page) -> None:
        page.goto(ROSAS_PHONE)
        page.goto(str(page.locator(f"{place} a[href*='/r/']").last.get_attribute("href")))

    return open_it


SHOTS = (
    Shot("today", NAVIGATOR, at("/today")),
    Shot("today-dark", NAVIGATOR, at("/today"), dark=True),
    Shot("search", None, at("/search?q=no+food+for+the+kids&near=45202")),
    Shot("patient-record", NAVIGATOR, record),
    Shot("send", NAVIGATOR, send),
    Shot("patient", None, link_in("#thread")),
    Shot("agency", None, link_in("#inbox")),
    Shot("review", CURATOR, at("/review")),
    Shot("report", DIRECTOR, at("/reports")),
    Shot("phone", None, at(ROSAS_PHONE)),
    Shot("ui", None, at("/dev/ui")),
)


def main(wanted: list[str]) -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    missing = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        try:
            browser = launch(playwright)
            play(browser, server)
            for shot in SHOTS:
                if not wanted or shot.name in wanted:
                    missing += [f"{shot.name} at {width}" for width in SIZES if not take(browser, server, shot, width)]
            browser.close()
        finally:
            server.stop()
        if missing:
            print(server.log.read_text()[-3000:])
    for name in missing:
        print(f"Not there: {name}")
    return int(bool(missing))


def play(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=SIZES["1280"], base_url=server.url)
    try:
        story(context.new_page())
    except Error as error:
        print(f"The story stopped: {str(error).splitlines()[0]}")
    finally:
        context.close()


def take(browser: Browser, server: Server, shot: Shot, width: str) -> bool:
    context = browser.new_context(
        viewport=SIZES[width],
        base_url=server.url,
        reduced_motion="reduce",
        color_scheme="dark" if shot.dark else "light",
        is_mobile=width == "360",
    )
    context.set_default_timeout(8_000)
    page = context.new_page()
    try:
        if shot.person:
            be(page, shot.person)
        answers: list[int] = []
        page.on(
            "response", lambda answer: answers.append(answer.status) if answer.request.is_navigation_request() else None
        )
        shot.open(page)
        found = bool(answers) and answers[-1] < 400
        if found:
            page.screenshot(path=OUT / f"{shot.name}-{width}.png", full_page=True)
            print(f"{shot.name}-{width}.png")
    except Error as error:
        print(f"{shot.name}-{width}: {str(error).splitlines()[0]}")
        found = False
    finally:
        context.close()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make screenshots`: the main pages of a fresh demo, at phone and desktop width, into docs/screenshots.

A page that cannot be reached is named at the end and the command fails: an old picture would show what is not there.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Response, sync_playwright

from tests.browser.browser_program import launch
from tests.browser.people import be
from tests.browser.server import Server

OUT = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
CODE = re.compile(r"\b\d{6}\b")
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
    needs_story: bool = False


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


LINKS: dict[str, str] = {}


def story(page: Page) -> None:
    """Send to Rosa and wait for her text and the agency's mail: the pages behind links need real ones."""
    be(page, NAVIGATOR)
    send(page)
    page.get_by_role("button", name="Send 1 text").click()
    page.goto(ROSAS_PHONE)
    for place in ("#thread", "#inbox"):
        found = page.locator(f"{place} a[href*='/r/']").last
        found.wait_for(timeout=40_000)
        LINKS[place] = str(found.get_attribute("href"))


def patient(page: Page) -> None:
    page.goto(LINKS["#thread"])


def agency(page: Page) -> None:
    """Mail programs look at links before people do, so the facts stand behind a button, and behind a mailed code."""
    page.goto(LINKS["#inbox"])
    page.locator("main button").first.click()
    page.wait_for_load_state()
    asks = page.get_by_label("Code")
    if asks.count():
        for code in mailed_codes(page.context.new_page()):
            if asks.count():
                asks.fill(code)
                page.get_by_role("button", name="Show the referral").click()
                page.wait_for_load_state()


def mailed_codes(phones: Page) -> list[str]:
    phones.goto(ROSAS_PHONE)
    inbox = phones.locator("#inbox")
    inbox.get_by_text(CODE).first.wait_for(timeout=40_000)
    found = list(dict.fromkeys(CODE.findall(inbox.inner_text())))
    phones.close()
    return found


SHOTS = (
    Shot("today", NAVIGATOR, at("/today")),
    Shot("today-dark", NAVIGATOR, at("/today"), dark=True),
    Shot("search", None, at("/search?q=no+food+for+the+kids&near=45202")),
    Shot("patient-record", NAVIGATOR, record),
    Shot("send", NAVIGATOR, send),
    Shot("patient", None, patient, needs_story=True),
    Shot("agency", None, agency, needs_story=True),
    Shot("review", CURATOR, at("/review")),
    Shot("report", DIRECTOR, at("/reports")),
    Shot("phone", None, at(ROSAS_PHONE), needs_story=True),
    Shot("ui", None, at("/dev/ui")),
)


def main(wanted: list[str]) -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        try:
            browser = launch(playwright)
            missing = take_all(browser, server, [shot for shot in SHOTS if not wanted or shot.name in wanted])
            browser.close()
        finally:
            server.stop()
        if missing:
            print(server.log.read_text()[-3000:])
    for name in missing:
        print(f"Not there: {name}")
    return int(bool(missing))


def take_all(browser: Browser, server: Server, shots: list[Shot]) -> list[str]:
    """The names of pictures that could not be taken."""
    after = [shot for shot in shots if shot.needs_story]
    missing = [shot.name for shot in shots if shot not in after and not take(browser, server, shot)]
    if after:
        play(browser, server)
    return missing + [shot.name for shot in after if not take(browser, server, shot)]


def play(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=SIZES["1280"], base_url=server.url)
    try:
        story(context.new_page())
    except Error as error:
        print(f"The story stopped: {str(error).splitlines()[0]}")
    finally:
        context.close()


def take(browser: Browser, server: Server, shot: Shot) -> bool:
    """One visit, both sizes."""
    scheme = "dark" if shot.dark else "light"
    context = browser.new_context(
        viewport=SIZES["360"], base_url=server.url, reduced_motion="reduce", color_scheme=scheme
    )
    context.set_default_timeout(8_000)
    page = context.new_page()
    try:
        if shot.person:
            be(page, shot.person)
        answers: list[int] = []
        page.on("response", lambda answer: answers.append(answer.status) if is_page(answer) else None)
        shot.open(page)
        found = bool(answers) and answers[-1] < 400
        for width, size in SIZES.items() if found else ():
            page.set_viewport_size(size)
            page.screenshot(path=OUT / f"{shot.name}-{width}.png", full_page=True)
            print(f"{shot.name}-{width}.png")
    except (Error, KeyError) as error:
        print(f"{shot.name}: {str(error).splitlines()[0]}")
        found = False
    finally:
        context.close()
    return found


def is_page(answer: Response) -> bool:
    return answer.request.is_navigation_request()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

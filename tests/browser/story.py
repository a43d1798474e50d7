"""The main story of the product, step by step, as its people live it. Tests choose the language and the order.

Every label is looked up in the catalog, so the same steps run in each language of the staff pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from i18n import catalog
from i18n.catalog import use_language
from tests.browser.conftest import DESKTOP, watched
from tests.browser.people import be
from tests.browser.server import Server

ROSA = "Rosa Martinez"
ROSAS_PHONE = "+15135550148"
PANTRY = "Hope Pantry"
KITCHEN = "St. Anne Kitchen"
MARKET = "Queen City Family Market"
NEED = "no food for the kids"
UNDO_SECONDS = 10
ARRIVES_MS = 40_000
"""Ten seconds to undo, then the provider, then the page that asks every two seconds; slow machines are slow."""


@dataclass
class Stage:
    """One demo server, one language of the staff pages, and the browsers of everybody in the story."""

    browser: Browser
    server: Server
    language: str
    findings: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def say(self, message: str, **values: object) -> str:
        """A sentence of the staff pages in the story's language."""
        with use_language(self.language):
            return catalog.gettext(message, **values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        with use_language(self.language):
            return catalog.ngettext(one, many, number, **values)

    def window(self, *, script: bool = True, phone: bool = False, touch: bool = False) -> Page:
        """A browser of somebody's own; its script errors and refused parts are findings."""
        size = {"width": 360, "height": 740} if phone or touch else DESKTOP
        context = self.browser.new_context(
            viewport=size,
            base_url=self.server.url,
            java_script_enabled=script,
            reduced_motion="reduce",
            is_mobile=touch,
            has_touch=touch,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        return watched(context.new_page(), self.findings)

    def person(self, name: str, *, touch: bool = False) -> Page:
        """The browser of one of the staff, speaking the story's language; with fingers where asked."""
        page = be(self.window(touch=touch), name, "/account")
        if self.language != "en":
            page.locator("#language").select_option(self.language)
            page.locator("form:has(#language) button").click()
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.findings == []


@contextmanager
def on_stage(browser: Browser, server: Server, language: str) -> Iterator[Stage]:
    stage = Stage(browser, server, language)
    try:
        yield stage
    finally:
        for context in stage.contexts:
            context.close()
    assert stage.findings == []


# Dana


def open_patient(page: Page, name: str = ROSA) -> None:
    page.goto("/patients?view=team")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}$"))


def look_for(stage: Stage, page: Page, words: str = NEED) -> None:
    """From the patient's page to the list of places, by mouse."""
    page.get_by_role("link", name=stage.say("Find help"), exact=True).and_(page.locator(".head a")).click()
    page.locator("#q").fill(words)
    page.locator("#ask button").click()
    page.locator("#found").wait_for()


def nearest_first(page: Page) -> None:
    """The one order in which the hour of the day moves nobody."""
    page.locator("#sort").select_option("near")
    page.wait_for_url(re.compile("sort=near"))


def choose(stage: Stage, page: Page, *names: str) -> None:
    for name in names:
        page.get_by_label(f"{stage.say('Choose')} {name}").check()
    page.get_by_role("button", name=re.compile(re.escape(stage.say("Text to %(who)s", who="")))).click()
    page.locator("form.comp").wait_for()


def preview(page: Page) -> str:
    """The exact text that would arrive."""
    return page.locator(".handset .bubble").inner_text()


def press_send(stage: Stage, page: Page, places: int) -> None:
    label = stage.count("Send 1 text, %(num)s referral", "Send 1 text, %(num)s referrals", places)
    page.get_by_role("button", name=label).click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}$"))


def undo(stage: Stage, page: Page) -> None:
    page.get_by_role("button", name=stage.say("Undo")).first.click()
    expect(page.get_by_text(stage.say("Taken back. Nothing was sent."))).to_be_visible()


# The phones


def phone_of(page: Page, number: str = ROSAS_PHONE) -> None:
    page.goto(f"/dev/phone?phone={number.replace('+', '%2B')}")


def texts(page: Page) -> list[str]:
    """What came to the phone that is shown."""
    return page.locator("#thread .bubble:not(.mine)").all_inner_texts()


def wait_for_text(page: Page, words: str | re.Pattern[str]) -> str:
    """The page asks for new texts by itself."""
    bubble = page.locator("#thread .bubble:not(.mine)").filter(has_text=words).last
    bubble.wait_for(timeout=ARRIVES_MS)
    return bubble.inner_text()


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+?/r/\w+", text)
    assert found, text
    return found[0]


def mail_to(page: Page, address: str, subject: str) -> str:
    """The newest mail to an agency with these words in its subject, opened among others that came."""
    phone_of(page)
    row = page.locator("#inbox .queue a").filter(has_text=address).filter(has_text=subject).first
    row.wait_for(timeout=ARRIVES_MS)
    row.click()
    opened = page.locator("#inbox .mail")
    expect(opened).to_contain_text(address)
    return opened.inner_text()


def three_days_later(page: Page) -> None:
    """The clock goes forward; what falls due on the way happens."""
    page.locator("button[name=by][value='3days']").click()
    page.wait_for_load_state()


def skip_to_what_is_due(page: Page) -> None:
    """No need to wait: the ten seconds of the undo are over by the product's clock."""
    page.locator("button[name=by][value='next']").click()
    page.wait_for_load_state()


def reply(page: Page, digit: str) -> None:
    page.locator(f"form button[name=b][value='{digit}']").click()
    page.locator("#thread .bubble.mine").filter(has_text=re.compile(rf"^\s*{digit}\s*$")).last.wait_for()


# Rosa


def rosa_reads(stage: Stage, address: str) -> Page:
    """Her page on a phone without JavaScript: Spanish, hours, call, directions, what to bring, and no secret in the title."""
    page = stage.window(script=False, phone=True)
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 lugares cerca de usted")
    place = page.locator("article").filter(has=page.get_by_role("heading", name=PANTRY))
    for words in ("1418 Vine St", "Qué llevar", "Gratis", "lunes, miércoles y viernes"):
        expect(place).to_contain_text(words)
    expect(place.get_by_role("link", name="Llamar al 513-555-0199")).to_have_attribute("href", "tel:+15135550199")
    expect(place.get_by_role("link", name="Cómo llegar")).to_be_visible()
    expect(page.get_by_role("button", name="Recibí ayuda")).to_be_visible()
    assert not any(word in page.title() for word in ("Rosa", "comida", "Comida", "food")), page.title()
    return page


# The pantry


def phone_of_agency(page: Page, name: str) -> None:
    page.goto("/dev/phone")
    href = page.locator("nav a", has_text=name).first.get_attribute("href")
    assert href, name
    page.goto(href)


def agency_opens(stage: Stage, address: str) -> Page:
    """A link that shows nobody until its button is pressed."""
    page = stage.window(phone=True)
    page.goto(f"{address}?l={stage.language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(stage.say("A referral for your agency"))
    assert "Rosa" not in page.content()
    page.get_by_role("button", name=stage.say("Open the referral")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(stage.say("Can you help %(name)s?", name="Rosa"))
    return page


def agency_answers(page: Page, answer: str) -> None:
    page.locator(f"button[name=answer][value={answer}]").click()


def propose_hours(stage: Stage, page: Page, hours: str) -> None:
    page.locator("#listing [name=hours]").fill(hours)
    page.get_by_role("button", name=stage.say("Send changes")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(stage.say("Saved, thank you"))


def open_referral(page: Page, patient: str, place: str) -> None:
    """The page of one attempt, by way of the patient's page."""
    open_patient(page, patient)
    heading = page.locator("section:has(#chain) a", has_text=place)
    if heading.count():
        heading.first.click()
    else:
        folded = page.locator("section:has(#chain) details", has_text=place).first
        folded.locator("summary").click()
        folded.locator("a[href*='/referrals/']").click()
    page.wait_for_url(re.compile(r"/referrals/[0-9a-f-]{36}$"))


def voices(page: Page) -> tuple[list[str], list[str]]:
    """What each side said, in the order of the rail."""
    return page.locator(".says.agency").all_inner_texts(), page.locator(".says.patient").all_inner_texts()


# The directory team and the director


def review(stage: Stage, page: Page, listing: str, words: str) -> None:
    """Sam sees the change as a difference and publishes it."""
    page.goto("/review")
    page.locator(".queue a").filter(has_text=listing).first.click()
    change = page.locator(".diff").filter(has=page.get_by_role("heading", name=stage.say("Hours")))
    expect(change.locator(".now-is ins").first).to_contain_text(words)
    change.get_by_label(stage.say("Approve")).check()
    page.get_by_role("button", name=stage.say("Save decisions")).click()
    expect(page.locator(".toast")).to_contain_text(
        stage.count("%(num)s field published.", "%(num)s fields published.", 1)
    )


def figure(stage: Stage, page: Page, label: str) -> tuple[int | None, int]:
    """What a figure of the report counts: so many of so many; None where telling would tell about fewer than 11."""
    page.goto("/reports?days=365")
    words = page.locator(".measure").filter(has=page.get_by_role("heading", name=stage.say(label))).inner_text()
    pattern = re.escape(stage.say("%(n)s of %(of)s", n="N", of="M")).replace("N", r"(\d+)").replace("M", r"(\d+)")
    counted = next(line for line in words.splitlines() if re.search(r"\d+$", line))
    shown = re.fullmatch(pattern, counted)
    return (int(shown[1]) if shown else None), int(re.findall(r"\d+", counted)[-1])

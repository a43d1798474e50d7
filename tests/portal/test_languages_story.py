"""A referral in each of the twelve languages: previewed, sent, seen on the phone, opened; letters and direction right."""

from __future__ import annotations

import re

import pytest

from i18n import catalog, locales
from messaging import sms_text
from resources_db.models.messages import Message
from resources_db.models.people import Patient
from resources_db.tenancy import system
from resources_db.vocab import Purpose
from tests.portal.caseload_world import press_send, release_all, rows, send_form

ROSA = "+15135550148"
TWELVE = [code for code, one in locales.LANGUAGES.items() if one.status.value in {"complete", "draft"}]


@pytest.fixture(autouse=True)
def _all_on(runtime):
    catalog.switch_on([code for code in TWELVE if code not in {"en", "es"}])
    runtime.languages_known_until = float("inf")


@pytest.mark.parametrize("code", TWELVE)
def test_what_is_previewed_is_sent_shown_and_opened_in_the_language_of_the_patient(
    browser, dana, world, runtime, clock, code
):
    language = locales.get(code)
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Patient, world.rosa.id).language = code
    preview, _form = send_form(dana, world)
    [shown] = preview.tree.all("span", **{"class": "fact", "lang": language.tag})
    assert shown.attrs["dir"] == "auto"

    press_send(dana, world)
    release_all(runtime, clock)
    [text] = [one for one in rows(runtime, Message) if one.purpose == Purpose.REFERRAL]
    assert text.lang == code
    assert _without_link(text.body) == _without_link(shown.text)
    assert text.segments == sms_text.measure(text.body).segments
    assert f"{text.segments} segment" in preview.text
    assert text.encoding in preview.text

    runtime.phone_company.accept(to=ROSA, body=text.body, callback="")
    phone = dana.get("/dev/phone?phone=%2B15135550148")
    [bubble] = phone.tree.all("p", **{"class": "bubble"})
    assert bubble.text == " ".join(text.body.split())
    assert bubble.all("span")[0].attrs["lang"] == language.tag

    page = browser.get(re.search(r"/r/[0-9A-Za-z]{22}", text.body)[0])
    html = page.tree.all("html")[0].attrs
    assert (html["lang"], html["dir"]) == (language.tag, language.direction)
    for number in page.tree.all("bdi", dir="ltr"):
        assert number.text.isascii()
    names = [link.text for link in page.tree.all("nav")[0].all("a")]
    assert len(names) == len(TWELVE) - 1
    thread = dana.get("/texts").tree.all("p", lang=language.tag)
    assert any(one.text == bubble.text for one in thread)


def _without_link(text):
    return re.sub(r"https?://\S+", "LINK", " ".join(text.split()))

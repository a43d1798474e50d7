"""The main story of the product through the front door, without JavaScript, on both databases.

Texts leave by the real client over HTTP to the phone simulator and come back through signed webhooks.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from resources_db.models.messages import Message
from resources_db.models.referrals import Referral, SendBatch
from resources_db.tenancy import system
from resources_db.vocab import BatchState, MessageState, ReferralState

ROSA, PANTRY = "+15135550148", "+15135550137"
HOURS = "Monday-Friday 9 am-5 pm; Saturday 10 am-12 pm"


@pytest.fixture
def dana(browser, town, let_happen):
    let_happen()  # the search index takes the directory up
    browser.be(town.dana)
    return browser


@pytest.fixture
def phones(another):
    return another()


def rows(runtime, model):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(model)).all()


def texts(phones, number):
    """What the phone shows, oldest first."""
    page = phones.get(f"/dev/phone?phone=%2B{number[1:]}")
    [thread] = page.tree.all("div", id="thread")
    return [one.text for one in thread.all("p") if one.attrs.get("class") == "bubble"]


def path_of(text):
    """The path of the link in a text; the browser of these tests knows one server only."""
    return urlsplit(re.search(r"https?://\S+/r/\w+", text)[0]).path


def send_page(dana, town):
    """From Rosa's page to the send page: the sentence, two places, the tray."""
    record = dana.get(f"/patients/{town.cast.rosa.id}")
    search = dana.get(next(href for href in record.links().values() if f"/search?for={town.cast.rosa.id}" in href))
    found = dana.submit(search.form("/search"), q="no food for the kids")
    assert "Why here:" in found.text
    boxes = found.tree.all("input", name="listing")[:2]
    assert {one.attrs["data-name"] for one in boxes} == {"Hope Pantry", "St. Anne Kitchen"}
    return dana.submit(found.form("/search"), listing=[one.attrs["value"] for one in boxes], do="text")


def press_send(dana, town):
    page = send_page(dana, town)
    assert "1 segment" in page.text
    bubble = next(one.text for one in page.tree.all("p") if one.attrs.get("class") == "bubble")
    return dana.submit(page.form(f"/patients/{town.cast.rosa.id}/send")), bubble


def clock(phones, by):
    page = phones.get("/dev/phone")
    return phones.submit(page.form("/dev/phone/clock"), by=by)


def reply(phones, number, words):
    page = phones.get(f"/dev/phone?phone=%2B{number[1:]}")
    return phones.submit(page.form("/dev/phone/reply"), b=words)


def test_help_arrives_and_both_sides_say_so(dana, phones, another, town, runtime, let_happen):
    # 1, 2. Found, checked, sent, taken back, sent again
    after, _ = press_send(dana, town)
    undone = dana.submit(after.form("/undo"))
    assert "Taken back. Nothing was sent." in undone.text
    clock(phones, "hour")
    let_happen()
    assert texts(phones, ROSA) == []
    after, frozen = press_send(dana, town)
    assert "Sending in" in after.text
    assert "comida" not in frozen.lower()
    assert "Rosa" not in frozen
    clock(phones, "next")
    let_happen()

    # 3. The text letter for letter, and a page without script
    assert texts(phones, ROSA) == [frozen]
    rosa = another()
    page = rosa.get(path_of(frozen))
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    assert page.h1 == "2 lugares cerca de usted"
    assert "Qué llevar" in page.text or "Cómo empezar" in page.text
    assert page.tree.all("a", href="tel:+15135550160")
    assert page.tree.all("script") == []
    assert "Set-Cookie" not in page.response.headers

    # 4. The pantry says yes and mends its hours; Sam decides
    [notice] = texts(phones, PANTRY)
    pantry, link = another(), path_of(notice)
    neutral = pantry.get(link)
    assert "Rosa" not in neutral.html
    referral = pantry.submit(neutral.form("/agency/open"))
    assert referral.h1 == "Can you help Rosa?"
    thanks = pantry.submit(referral.form("/agency/answer"), answer="yes")
    assert thanks.h1 == "Thank you"
    saved = pantry.submit(thanks.form("/agency/listing"), hours=HOURS, do="change")
    assert "The directory team looks at your changes" in saved.text
    sam = another()
    sam.be(town.sam)
    review = sam.get("/review")
    assert "Saturday" in " ".join(one.text for one in review.tree.all("ins"))
    decided = next(form for form in review.forms if "seen.hours" in form.values())
    sam.submit(decided, hours="approve")
    assert "sábado" in rosa.get(path_of(frozen)).text

    # 5. Three days later both are asked
    clock(phones, "3days")
    let_happen()
    question = texts(phones, ROSA)[-1]
    assert "1" in question
    assert question != frozen
    reply(phones, ROSA, "1")
    let_happen()
    assert "Gracias" in texts(phones, ROSA)[-1]
    again = pantry.get(link)
    if again.h1 == "A referral for your agency":
        again = pantry.submit(again.form("/agency/open"))
    pantry.submit(again.form("/agency/answer"), answer="helped")

    # Both voices in the record, one closed loop in the report, every text delivered once
    served = next(one for one in rows(runtime, Referral) if one.state is ReferralState.SERVED)
    record = dana.get(f"/referrals/{served.id}")
    for words in ("Yes, we can.", "We helped.", "I got help"):
        assert words in record.text
    priya = another()
    priya.be(town.priya)
    report = priya.get("/reports")
    assert "Did people get help?" in report.h1
    sent = [one for one in rows(runtime, Message) if one.purpose == "referral"]
    assert [one.state for one in sent] == [MessageState.DELIVERED]
    assert sorted(one.state for one in rows(runtime, SendBatch)) == sorted((BatchState.RELEASED, BatchState.UNDONE))


def test_an_agency_is_full_and_the_next_place_is_ready(dana, phones, another, town, let_happen):
    press_send(dana, town)
    clock(phones, "next")
    let_happen()
    [notice] = texts(phones, PANTRY)
    pantry = another()
    referral = pantry.submit(pantry.get(path_of(notice)).form("/agency/open"))
    reasons = pantry.submit(referral.form("/agency/answer"), answer="no")
    pantry.submit(reasons.form("/agency/answer"), reason="no-capacity")
    let_happen()
    today = dana.get("/today")
    assert "Rosa M." in today.text
    assert "Agency said full: Hope Pantry" in today.text


def test_a_second_press_of_the_same_form_sends_nothing_twice(dana, phones, town, let_happen):
    page = send_page(dana, town)
    form = page.form(f"/patients/{town.cast.rosa.id}/send")
    dana.submit(form)
    dana.submit(form)
    clock(phones, "next")
    let_happen()
    assert len(texts(phones, ROSA)) == 1
    assert len(texts(phones, PANTRY)) == 1

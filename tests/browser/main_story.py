"""The two ways the main story goes: help arrives and both sides say so, or the agency is full and Dana is told."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import story
from tests.browser.story import KITCHEN, MARKET, PANTRY, ROSA, ROSAS_PHONE, Stage

SATURDAY = "Monday, Wednesday, Friday 9 am-1 pm; Saturday 10 am-12 pm"
MAIL_OF_MARKET = "market@qcfamilymarket.example"
SERVED, AGREED = "Person was served", "Both sides say the same"


def help_arrives(stage: Stage) -> None:
    dana, phones = stage.person("Dana Cole"), stage.window()
    priya = stage.person("Priya Raman")
    before = {label: story.figure(stage, priya, label) for label in (SERVED, AGREED)}

    # 1, 2. Found, checked, sent, taken back, sent again
    story.open_patient(dana, ROSA)
    story.look_for(stage, dana)
    rows = dana.locator("li.place")
    expect(rows.filter(has_text=PANTRY).locator(".why")).to_contain_text("45202")
    story.choose(stage, dana, PANTRY, KITCHEN)
    frozen = story.preview(dana)
    expect(dana.locator(".handset .meta")).to_contain_text(stage.count("%(num)s segment", "%(num)s segments", 1))
    assert frozen.startswith("Riverside Care: Vea la ayuda para usted: ")
    assert not any(word in frozen.lower() for word in ("rosa", "comida", "food", "pantry"))
    story.press_send(stage, dana, 2)
    story.undo(stage, dana)
    story.phone_of(phones, ROSAS_PHONE)
    assert story.texts(phones) == []
    story.look_for(stage, dana)
    story.choose(stage, dana, PANTRY, KITCHEN)
    frozen = story.preview(dana)
    story.press_send(stage, dana, 2)
    expect(dana.locator(".toast")).to_contain_text(PANTRY)

    # 3. The text, letter for letter, and the page behind it
    story.phone_of(phones, ROSAS_PHONE)
    arrived = story.wait_for_text(phones, "/r/")
    assert arrived.split() == frozen.split()
    assert len(story.texts(phones)) == 1
    rosa = story.rosa_reads(stage, story.link_in(arrived))

    # 4. The pantry says yes and mends its hours; the directory team decides
    story.phone_of_agency(phones, PANTRY)
    link = story.link_in(story.wait_for_text(phones, "/r/"))
    pantry = story.agency_opens(stage, link)
    story.agency_answers(pantry, "yes")
    expect(pantry.get_by_role("heading", level=1)).to_have_text(stage.say("Thank you"))
    story.propose_hours(stage, pantry, SATURDAY)
    story.review(stage, stage.person("Sam Ortiz"), PANTRY, "Saturday")
    rosa.reload()
    expect(rosa.locator("article").filter(has_text=PANTRY)).to_contain_text("sábado")

    # 5. Three days later both are asked
    story.phone_of(phones, ROSAS_PHONE)
    story.three_days_later(phones)
    question = story.wait_for_text(phones, re.compile(r"Responda 1|1 si"))
    assert not any(word in question.lower() for word in ("comida", "pantry"))
    story.reply(phones, "1")
    story.wait_for_text(phones, re.compile("Gracias", re.IGNORECASE))
    pantry.goto(f"{link}?l={stage.language}")
    if pantry.locator("button[name=answer][value=helped]").count() == 0:
        pantry.locator("main form button").first.click()  # after half an hour its button is asked for again
    story.agency_answers(pantry, "helped")
    expect(pantry.get_by_role("heading", level=1)).to_have_text(stage.say("Thank you"))

    # The record has both voices, the report counts the loop
    story.open_referral(dana, ROSA, PANTRY)
    agencys, patients = story.voices(dana)
    assert stage.say("Yes, we can.") in "".join(agencys), agencys
    assert stage.say("We helped.") in agencys[-1], agencys
    assert stage.say("I got help") in patients[-1], patients
    served, of = story.figure(stage, priya, SERVED)
    assert served is not None
    assert before[SERVED][0] is not None
    assert (served - before[SERVED][0], of >= before[SERVED][1]) == (1, True)
    # that both were asked and answered is counted once more; how many agree may be too few to tell
    assert story.figure(stage, priya, AGREED)[1] == before[AGREED][1] + 1


def agency_is_full(stage: Stage, patient: str = "Gloria Simmons") -> None:
    dana, phones, first = stage.person("Dana Cole"), stage.window(), patient.partition(" ")[0]
    story.open_patient(dana, patient)
    story.look_for(stage, dana, "food")
    story.nearest_first(dana)
    story.choose(stage, dana, MARKET)
    story.press_send(stage, dana, 1)
    story.phone_of(phones)
    story.skip_to_what_is_due(phones)
    market = stage.window(phone=True)
    market.goto(f"{story.link_in(story.mail_to(phones, MAIL_OF_MARKET, 'new referral'))}?l={stage.language}")
    market.get_by_role("button", name=stage.say("Open the referral")).click()

    # A code proves that the reader owns the mailbox; before it no person is shown
    expect(market.get_by_role("heading", level=1)).to_have_text(stage.say("Type the code we sent you"))
    assert first not in market.content()
    digits = re.search(r"\b\d{6}\b", story.mail_to(phones, MAIL_OF_MARKET, "your code"))
    assert digits
    market.get_by_label(stage.say("Code"), exact=True).fill(digits[0])
    market.get_by_role("button", name=stage.say("Show the referral")).click()
    expect(market.get_by_role("heading", level=1)).to_have_text(stage.say("Can you help %(name)s?", name=first))
    story.agency_answers(market, "no")
    market.get_by_role("button", name=stage.say("We are full"), exact=True).click()
    expect(market.get_by_role("heading", level=1)).to_have_text(stage.say("Thank you"))

    # Dana's list holds it, with the next places ready
    dana.goto("/today")
    item = dana.locator("li.todo").filter(has_text=stage.say("Agency said full: %(agency)s", agency=MARKET))
    expect(item).to_contain_text(first)
    item.locator("[data-open]").click()
    best = dana.locator("#next li")
    expect(best).to_have_count(3)
    expect(best.filter(has_text=MARKET)).to_have_count(0)
    for place in best.all():
        place.get_by_role("checkbox").check()
    dana.get_by_role("button", name=stage.say("Check and send")).click()
    expect(dana.locator("li.mini")).to_have_count(3)

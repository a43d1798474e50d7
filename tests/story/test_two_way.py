"""Texts in both directions through the front door: real client, real HTTP, signed webhooks, no JavaScript.

The agency answers by a digit, Dana and Rosa write to each other, a visit is told, put into a calendar and reminded of.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import ReferralState
from tests.story.test_story_over_http import PANTRY, ROSA, clock, dana, path_of, phones, press_send, reply, texts

__all__ = ["dana", "phones"]


@pytest.fixture
def sent(dana, phones, town, let_happen):
    """Rosa has her text, Hope Pantry its notice by text, St. Anne Kitchen its notice by mail."""
    press_send(dana, town)
    clock(phones, "next")
    let_happen()
    return town


def referral_of(runtime, listing):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(Referral).where(Referral.service_id == listing.service.id)).one()


def conversation(dana, town):
    return dana.get(f"/patients/{town.cast.rosa.id}/texts")


def test_an_agency_answers_with_a_digit_and_the_patient_learns_that_there_is_news(
    sent, dana, phones, runtime, let_happen
):
    referral = referral_of(runtime, sent.cast.food_bank)
    assert f"Or answer our text: {referral.ref} 1" in phones.get(path_of(texts(phones, PANTRY)[0])).text
    reply(phones, PANTRY, "1")
    let_happen()
    referral = referral_of(runtime, sent.cast.food_bank)
    assert referral.state is ReferralState.ACCEPTED
    assert f"Saved for {referral.ref}: you can help." in texts(phones, PANTRY)[-1]
    assert len(texts(phones, ROSA)) == 1  # for ten minutes the agency may take it back
    clock(phones, "hour")
    let_happen()
    news = texts(phones, ROSA)[-1]
    assert "Hay noticias de la ayuda para usted" in news
    assert "Pueden ayudar. Le van a llamar." in phones.get(path_of(news)).text
    page = conversation(dana, sent)
    assert "News" in page.text
    assert "Delivered" in page.text
    assert "you can help" not in page.text  # what went to the agency is not in the patient's conversation


def test_dana_and_rosa_write_to_each_other(sent, dana, phones, let_happen):
    form = conversation(dana, sent).form(f"/patients/{sent.cast.rosa.id}/texts")
    after = dana.submit(form, words="Puede venir su hija?")
    assert "Sending in" in after.text
    clock(phones, "next")
    let_happen()
    assert texts(phones, ROSA)[-1] == "Riverside Care: Puede venir su hija?"
    reply(phones, ROSA, "sí, el lunes 😀")
    let_happen()
    assert "Rosa wrote" in dana.get("/today").text
    page = conversation(dana, sent)
    assert "sí, el lunes 😀" in page.text
    assert "Delivered" in page.text
    dana.submit(page.form(f"/patients/{sent.cast.rosa.id}/texts"), words="Bien, hasta el lunes.")
    assert "Rosa wrote" not in dana.get("/today").text


def test_a_text_taken_back_reaches_no_phone(sent, dana, phones, let_happen):
    form = conversation(dana, sent).form(f"/patients/{sent.cast.rosa.id}/texts")
    after = dana.submit(form, words="Por error")
    dana.submit(after.form("/undo"))
    clock(phones, "hour")
    let_happen()
    assert not [one for one in texts(phones, ROSA) if "Por error" in one]


def test_a_visit_is_told_put_into_the_calendar_and_reminded_of(sent, dana, phones, another, runtime, let_happen):
    pantry = another()
    opened = pantry.submit(pantry.get(path_of(texts(phones, PANTRY)[0])).form("/agency/open"))
    pantry.submit(opened.form("/agency/answer"), answer="yes")
    again = pantry.get(path_of(texts(phones, PANTRY)[0]))
    step = pantry.submit(again.form("/agency/answer"), answer="scheduled")
    pantry.submit(step.form("/agency/answer"), month="12", day="2", year="2026", clock="14:30")
    clock(phones, "hour")
    let_happen()
    told = texts(phones, ROSA)[-1]
    assert "Tiene cita el 2 dic, 2:30" in told
    rosa = another()
    shown = rosa.get(path_of(told))
    [link] = [one for one in shown.tree.all("a") if one.attrs["href"].endswith(".ics")]
    file = rosa.client.get(link.attrs["href"])
    assert file.status_code == 200
    assert b"DTSTART;TZID=America/New_York:20261202T143000" in file.data
    for _ in range(3):
        clock(phones, "3days")
        let_happen()
    assert sum("Tiene cita el 2 dic" in one for one in texts(phones, ROSA)) == 2


def test_an_agency_without_a_phone_gets_mail_and_it_stands_in_the_inbox(sent, phones):
    page = phones.get("/dev/phone")
    assert "new referral" in page.text
    assert "@" in page.text

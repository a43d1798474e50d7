"""Every text with its longest values: one segment, no name, no need, no question that is answered with YES."""

from __future__ import annotations

from datetime import date

import pytest

from i18n import catalog
from messaging import sms_text
from referrals import mails, texts
from referrals.mails import Notice
from referrals.texts import Place, Sender, Values
from resources_db.vocab import Purpose

LINK = "https://hndrl.example.z/r/" + "W" * 22
LONGEST = Sender(org="Riverside Care T", staff="Christophe", phone="+15135550142")
VALUES = Values(
    link=LINK,
    ref="K7QX",
    answer="We can help you soon",
    when="Nov 22 at 10:30 AM..",
    since=date(2026, 11, 22),
    place=Place("Queen City Family Market Vin", "Wed 10 AM-12:30 PM"[:15], "+15135550160"),
)


@pytest.mark.parametrize("language", [one.code for one in catalog.offered()])
@pytest.mark.parametrize("purpose", sorted(texts.TEXTS))
def test_every_text_is_within_its_budget_with_the_longest_values(purpose, language):
    text = texts.render(purpose, language, LONGEST, VALUES)
    assert text.fits, f"{text.measure.segments} segments, {text.measure.forcing}"
    assert "%(" not in text.body


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("purpose", sorted(texts.TEXTS))
def test_english_and_spanish_texts_need_no_letter_outside_gsm7(purpose, language):
    text = texts.render(purpose, language, LONGEST, VALUES)
    assert text.measure.encoding == sms_text.GSM7


@pytest.mark.parametrize("purpose", sorted(texts.TEXTS))
def test_no_text_asks_for_yes(purpose):
    words = texts.render(purpose, "en", LONGEST, VALUES).body.casefold().replace(":", " ").split()
    assert "yes" not in words


def test_a_name_that_does_not_fit_is_left_out_before_a_second_segment_is_sent():
    long = Sender(org="Riverside Care T", staff="Christophe-Marie-Antoinette", phone="+15135550142")
    text = texts.referral("en", long, LINK)
    assert "Christophe" not in text.body
    assert text.fits


def test_details_that_do_not_fit_become_the_neutral_text():
    place = Place("The Very Long Name of a Food Pantry in the North of the City " * 2, "Mon 9 AM-5 PM", "+15135550160")
    assert texts.referral("en", LONGEST, LINK, place).purpose is Purpose.REFERRAL
    short = Place("Hope Pantry", "Mon 9 AM-5 PM", "+15135550160")
    assert texts.referral("en", LONGEST, LINK, short).purpose is Purpose.DETAILS


@pytest.mark.bad_input(14)
def test_look_alikes_are_swapped_and_letters_are_kept():
    curly = Sender(org="Dana\u2019s \u201cCare\u201d", staff="Dana", phone="+15135550142")
    text = texts.render(Purpose.ANSWER_1, "en", curly)
    assert text.body.startswith('Dana\'s "Care":')
    assert "Muñoz" in texts.render(Purpose.ANSWER_3, "en", Sender("Care", "Muñoz", "+15135550142")).body


@pytest.mark.parametrize("write", [mails.new, mails.reminder, mails.stop])
def test_mails_to_agencies_carry_the_link_and_no_person(write):
    mail = write("en", LONGEST, Notice("Hope Pantry", "K7QX", LINK, date(2026, 11, 22)))
    assert LINK in mail.body
    assert "K7QX" in mail.subject
    assert "\n" not in mail.subject

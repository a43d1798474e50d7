"""Every text with its longest values: one segment, no name, no need, no question that is answered with YES."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from i18n import catalog, locales
from messaging import sms_text
from referrals import mails, telling, texts
from referrals.mails import Notice
from referrals.texts import Place, Sender, Values
from resources_db.models.referrals import Referral
from resources_db.vocab import Purpose

DRAFTS = [code for code, one in locales.LANGUAGES.items() if one.status is locales.CatalogState.DRAFT]
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


@pytest.mark.parametrize("language", ["en", "es", *DRAFTS])
@pytest.mark.parametrize("purpose", sorted(texts.TEXTS))
def test_every_text_is_within_its_budget_with_the_longest_values(purpose, language):
    catalog.switch_on(DRAFTS)
    text = texts.render(purpose, language, LONGEST, VALUES)
    assert text.language == language
    assert text.fits, f"{text.measure.segments} segments, {text.measure.forcing}"
    assert "%(" not in text.body


@pytest.mark.parametrize("language", ["en", "es", *DRAFTS])
def test_a_visit_said_in_words_is_within_the_budget_of_each_language(language):
    catalog.switch_on(DRAFTS)
    for month in range(1, 13):
        visit = Referral(next_on=date(2026, month, 28), next_at=datetime(2026, month, 28, 15, 45, tzinfo=UTC))
        when = telling.when_words(visit, "America/New_York", language)
        text = texts.render(Purpose.APPOINTMENT, language, LONGEST, replace(VALUES, when=when))
        assert text.fits, f"{text.body}: {text.measure}"


def test_a_mail_to_an_agency_is_never_in_a_language_that_only_patients_have():
    catalog.switch_on({"vi"})
    mail = mails.new("vi", LONGEST, Notice("Hope Pantry", "K7QX", LINK, date(2026, 11, 22)))
    assert (mail.language, mail.subject) == ("en", "Riverside Care T: new referral K7QX")


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

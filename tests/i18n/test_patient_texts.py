"""Every text to a phone, in every language we have words in, held to what phones, carriers and readers ask of it."""

import datetime as dt
import re
import unicodedata

import pytest

from i18n import budgets, checks, formatting, gsm7, locales, sources
from i18n.catalog import patient, use_language
from messaging import opt_out, sms_text
from messaging.opt_out import Kind

WITH_WORDS = sorted(
    code
    for code, one in locales.LANGUAGES.items()
    if one.status in {locales.CatalogState.COMPLETE, locales.CatalogState.DRAFT} and code != "en"
)
OFFERED = {"en", "es", "ar", "zh_Hans", "zh_Hant", "vi", "fil", "ht", "ko", "ru", "fr", "pt_BR"}
NATIVE_WORD = re.compile(r"\b(STOP|HELP) ?\(([^)]+)\)")
PHONE = "+15135550142"
PLAIN = {"org": "Riverside Care", "staff": "Dana", "place": "Hope Pantry", "place_phone": "513-555-0160"}


def _texts():
    return [message.id for message in sources.template("patient") if message.id and message.context == "sms"]


TEXTS = _texts()
SENTENCES = [text for text in TEXTS if "%(org)s" in text or "%(staff)s" in text]
"""The others are parts that fill a placeholder."""


def _in(code, text):
    with use_language(code, exact=True):
        return patient.plain_context("sms", text)


def _filled(code, text):
    with use_language(code, exact=True):
        values = budgets.Longest({**budgets.LONGEST, **PLAIN, "phone": formatting.phone(PHONE)})
        words = patient.plain_context("sms", text)
        return words % values


def test_there_are_words_in_the_twelve_languages_the_design_names():
    assert {*WITH_WORDS, "en"} == OFFERED


@pytest.mark.parametrize("code", WITH_WORDS)
def test_no_text_to_a_phone_is_missing_in_any_language(code):
    catalog = sources.read(sources.path_of(code, "patient"), code)
    gaps = [m.id for m in sources.template("patient") if m.context == "sms" and not catalog.get(m.id, "sms").string]
    assert gaps == []


@pytest.mark.parametrize("code", [*WITH_WORDS, "en"])
def test_each_text_with_its_longest_values_is_within_the_budget_of_its_language(code):
    dear = {text: budgets.over(_in(code, text), code) for text in TEXTS}
    assert {text: count for text, count in dear.items() if count} == {}


@pytest.mark.parametrize("code", WITH_WORDS)
def test_each_catalog_is_well_formed_for_phones_and_pages(code):
    catalog = sources.read(sources.path_of(code, "patient"), code)
    assert [str(one) for one in checks.check(catalog, sources.template("patient"), complete=False)] == []


@pytest.mark.parametrize("code", WITH_WORDS)
def test_the_words_carriers_ask_for_stay_in_latin_letters(code):
    for text in TEXTS:
        for word in ("STOP", "START"):
            assert (word in _in(code, text)) is (word in text), text


@pytest.mark.parametrize("code", WITH_WORDS)
def test_the_word_to_ask_for_help_is_one_we_understand(code):
    for text in (one for one in TEXTS if "HELP" in one):
        words = re.findall(r"[A-Z]{3,}", _in(code, text))
        assert [word for word in words if opt_out.read(word).kind is Kind.HELP], text


@pytest.mark.parametrize("code", WITH_WORDS)
def test_the_native_word_beside_stop_and_help_does_what_it_says(code):
    for text in TEXTS:
        for word, native in NATIVE_WORD.findall(_in(code, text)):
            assert opt_out.read(native).kind is Kind(word.lower()), (native, text)


@pytest.mark.parametrize("code", WITH_WORDS)
def test_languages_with_letters_of_their_own_name_their_own_stop_word_somewhere(code):
    latin = {"es", "fr", "pt_BR", "ht", "fil"}
    named = {native for text in TEXTS for _word, native in NATIVE_WORD.findall(_in(code, text))}
    assert bool(named) is (code not in latin)


@pytest.mark.parametrize("code", [*WITH_WORDS, "en"])
def test_no_letter_is_lost_or_replaced_on_the_way_to_the_phone(code):
    for text in TEXTS:
        body = _filled(code, text)
        sent = sms_text.fold(body)
        assert _letters(sent) == _letters(body)
        assert sent.count("?") == body.count("?")
        assert _as_phones_get_it(sent) == sent


def _letters(text):
    return [letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]


def _as_phones_get_it(text):
    if gsm7.count(text).encoding == "GSM-7":
        return "".join(letter for letter in text if letter in gsm7.BASIC or letter in gsm7.EXTENSION)
    return text.encode("utf-16-be").decode("utf-16-be")


@pytest.mark.parametrize("code", ["ht", "fil", "pt_BR", "es"])
def test_languages_of_one_segment_stay_in_the_alphabet_of_phones(code):
    assert {text: sms_text.measure(_filled(code, text)).forcing for text in TEXTS if not _plain(code, text)} == {}


def _plain(code, text):
    return sms_text.measure(_filled(code, text)).encoding == sms_text.GSM7


@pytest.mark.parametrize("code", [*WITH_WORDS, "en"])
def test_the_first_letter_of_a_text_gives_it_the_direction_of_its_language(code):
    # A phone takes the direction of a text from its first letter, and most texts begin with the name of the org.
    for text in SENTENCES:
        first = next(kind for kind in map(unicodedata.bidirectional, _filled(code, text)) if kind in {"L", "R", "AL"})
        assert (first != "L") is locales.get(code).rtl, _filled(code, text)


def test_a_phone_number_keeps_its_order_after_an_arabic_letter():
    with use_language("ar", exact=True):
        number = formatting.phone(PHONE)
    assert number == "513.555.0142"
    # after Arabic letters only a common separator (CS) holds the parts of a number together
    assert {unicodedata.bidirectional(mark) for mark in number} == {"EN", "CS"}


@pytest.mark.parametrize("code", WITH_WORDS)
def test_numbers_take_the_right_form_and_are_said_from_three_on(code):
    with use_language(code, exact=True):
        for n in (0, 1, 2, 3, 4, 5, 10, 11, 12, 21, 22, 25, 100, 101, 102, 111):
            words = patient.ngettext("%(num)s place near you", "%(num)s places near you", n)
            assert words
            assert n < 3 or str(n) in words


@pytest.mark.parametrize(
    ("code", "n", "words"),
    [
        ("ru", 1, "1 день назад"),
        ("ru", 3, "3 дня назад"),
        ("ru", 11, "11 дней назад"),
        ("ru", 21, "21 день назад"),
        ("ar", 2, "منذ يومين"),
        ("ar", 3, "منذ 3 أيام"),
        ("ar", 11, "منذ 11 يومًا"),
        ("ar", 100, "منذ 100 يوم"),
        ("fr", 2, "il y a 2 jours"),
        ("pt_BR", 2, "há 2 dias"),
        ("zh_Hans", 2, "2天前"),
        ("ko", 2, "2일 전"),
        ("vi", 2, "2 ngày trước"),
        ("ht", 2, "sa gen 2 jou"),
        ("fil", 2, "2 araw na ang nakalipas"),
    ],
)
def test_days_ago_read_as_each_language_counts(code, n, words):
    today = dt.date(2026, 11, 22)
    with use_language(code, exact=True):
        assert formatting.ago(_at(today - dt.timedelta(days=n)), _at(today)) == words


def _at(day):
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


@pytest.mark.parametrize("code", WITH_WORDS)
def test_no_text_asks_for_a_word_that_means_yes(code):
    for text in (one for one in TEXTS if "1 " in one):
        words = re.split(r"[\s,.;:()]+", _in(code, text).casefold())
        assert not {"yes", "sí", "oui", "sim", "wi", "да", "نعم", "네", "예", "vâng", "opo", "是的"} & set(words)

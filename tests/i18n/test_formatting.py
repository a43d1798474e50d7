import datetime as dt

import pytest

from i18n import formatting
from i18n.catalog import use_language

NOON_PLUS = dt.datetime(2026, 11, 22, 18, 5, tzinfo=dt.UTC)
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("code", "clock"),
    [
        ("en", "1:05 PM"),
        ("es", "1:05 p.m."),
        ("vi", "1:05 CH"),
        ("ar", "1:05 م"),
        ("ht", "1:05 PM"),
        ("zh_Hans", "下午1:05"),
        ("ko", "1:05 PM"),
        ("ru", "1:05 PM"),
        ("fr", "1:05 PM"),
        ("pt_BR", "1:05 PM"),
        ("fil", "1:05 PM"),
        ("hmn", "1:05 PM"),
    ],
)
def test_hours_are_twelve_hour_in_every_language_and_of_the_place(code, clock):
    with use_language(code, exact=True):
        assert formatting.time(NOON_PLUS, NEW_YORK) == clock


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Sunday, November 22"),
        ("es", "domingo 22 de noviembre"),
        ("ht", "dimanch 22 novanm"),
        ("ar", "الأحد، 22 نوفمبر"),
        ("fr", "dimanche 22 novembre"),
        ("ko", "11월 22일 일요일"),
        ("zh_Hans", "11月22日星期日"),
        ("zh_Hant", "11月22日星期日"),
        ("ru", "воскресенье, 22 ноября"),
    ],
)
def test_a_day_is_written_out_as_its_readers_write_it(code, text):
    with use_language(code, exact=True):
        assert formatting.long_day(NOON_PLUS.date()) == text


def test_sentences_stand_in_a_row_as_the_language_sets_them():
    assert formatting.sentences(["A bag", "No papers needed"]) == "A bag. No papers needed"
    assert formatting.sentences(["We checked today.", "On Nov 20 they said: full."]) == (
        "We checked today. On Nov 20 they said: full."
    )
    with use_language("zh_Hant", exact=True):
        assert formatting.sentences(["一個袋子", "不需要文件"]) == "一個袋子。不需要文件"
        assert formatting.sentences(["今天核對過。", "有名額。"]) == "今天核對過。有名額。"
    assert formatting.sentences([]) == ""


def test_spanish_money_numbers_and_lists_are_those_of_the_united_states():
    with use_language("es"):
        assert formatting.number(12345.6) == "12,345.6"
        assert formatting.money(25) == "$25"
        assert formatting.money(25.5) == "$25.50"
        assert formatting.list_of(["pan", "leche", "huevos"]) == "pan, leche y huevos"


def test_haitian_creole_has_its_own_days_and_months_not_french_ones():
    with use_language("ht", exact=True):
        assert formatting.date(dt.date(2026, 8, 5)) == "5 out 2026"
        assert formatting.weekday(2) == "mèkredi"
        assert formatting.list_of(["diri", "pwa"]) == "diri ak pwa"


def test_a_language_without_cldr_data_formats_as_english():
    with use_language("hmn", exact=True):
        assert formatting.date(dt.date(2026, 11, 22)) == "Nov 22, 2026"


def test_arabic_keeps_latin_digits():
    with use_language("ar", exact=True):
        assert "22" in formatting.day(dt.date(2026, 11, 22))


def test_spanish_short_dates_need_no_letter_outside_the_phone_alphabet():
    with use_language("es"):
        for month in range(1, 13):
            assert formatting.short_date(dt.date(2026, month, 3)).isascii()


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0, "0.0 mi"), (1287, "0.8 mi"), (1609.344, "1.0 mi"), (3218.7, "2 mi"), (16000, "9.9 mi"), (40000, "25 mi")],
)
def test_distance_is_in_miles_to_a_tenth_below_ten(metres, text):
    assert formatting.miles(metres) == text


def test_phone_numbers_are_shown_as_they_are_said_and_short_codes_as_they_are():
    assert formatting.phone("+15135550142") == "513-555-0142"
    assert formatting.phone("211") == "211"


def test_age_counts_in_whole_steps():
    now = NOON_PLUS
    assert formatting.ago(now, now) == "just now"
    assert formatting.ago(now - dt.timedelta(minutes=1), now) == "1 minute ago"
    assert formatting.ago(now - dt.timedelta(hours=5), now) == "5 hours ago"
    assert formatting.ago(now - dt.timedelta(days=9), now) == "9 days ago"
    assert formatting.days_ago(now.date() - dt.timedelta(days=1), now.date()) == "yesterday"


def test_opening_hours_read_as_on_a_sign():
    text = formatting.day_and_hours([0, 2, 4], dt.time(9), dt.time(13))
    assert text == "Monday, Wednesday, and Friday, 9:00 AM to 1:00 PM"


def test_a_language_is_called_as_the_reader_calls_it():
    assert formatting.language_name("ht") == "Haitian Creole"
    with use_language("es"):
        assert formatting.language_name("ht") == "criollo haitiano"
        assert formatting.language_name("zh_Hans") == "chino simplificado"
        assert formatting.language_name("hmn") == "hmong"
        assert formatting.language_name("mam") == "Mam"

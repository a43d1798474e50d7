"""Times, dates, money, distances, lists and phones in the language of the moment, through Babel.

Its few words are patient words, so that a patient page never mixes two languages. Hours are always 12-hour,
as on signs in the US. Times come in aware and are shown in the zone of the place.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers

from i18n.catalog import current_language, patient
from i18n.haitian import DAYS, MONTHS
from i18n.locales import SOURCE, get

METRES_A_MILE = 1609.344
_ROUNDED_FROM = 10
_NUMBERS_KEPT = 4_096
Zone = str | ZoneInfo
_ANY_DAY = dt.date(2024, 1, 1)
_LONG_DAY = {
    "en": "EEEE, MMMM d",
    "es": "EEEE d 'de' MMMM",
    "fr": "EEEE d MMMM",
    "ko": "M월 d일 EEEE",
    "zh_Hans": "M月d日EEEE",
    "zh_Hant": "M月d日EEEE",
}
_CHINESE = frozenset({"zh_Hans", "zh_Hant"})


def _locale() -> str:
    return current_language().format_locale


@cache
def _babel(locale: str) -> Locale:
    return Locale.parse(locale)


def _zone(tz: Zone) -> ZoneInfo:
    return tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz)


def _tidy(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def local(moment: dt.datetime, tz: Zone) -> dt.datetime:
    """A moment as the wall clock of a place shows it."""
    return moment.astimezone(_zone(tz))


def time(moment: dt.datetime | dt.time, tz: Zone = "UTC") -> str:
    """A clock time, 12-hour: "2:30 p.m." in es, "2:30 PM" in en. A bare time is local already."""
    wall = local(moment, tz) if isinstance(moment, dt.datetime) else moment
    return _clock(wall.hour, wall.minute, _clock_locale())


@cache
def _clock(hour: int, minute: int, locale: str) -> str:
    wall = dt.datetime.combine(_ANY_DAY, dt.time(hour, minute))
    return _tidy(dates.format_skeleton("hm", wall, tzinfo=None, locale=locale))


def _clock_locale() -> str:
    return "en_US" if current_language().code == "ko" else _locale()


def hours(opens: dt.time, closes: dt.time) -> str:
    """A span of opening hours: "9:00 AM to 1:00 PM"."""
    # Translators: opening hours, "9:00 AM to 1:00 PM"
    return patient.gettext("%(opens)s to %(closes)s", opens=time(opens), closes=time(closes))


def date(day_: dt.date) -> str:
    """A date with its month in letters: "Nov 22, 2026"."""
    if current_language().code == "ht":
        return f"{day_.day} {MONTHS[day_.month - 1]} {day_.year}"
    return _tidy(dates.format_date(day_, "medium", locale=_locale()))


def date_time(moment: dt.datetime, tz: Zone) -> str:
    """A date and clock time of a place."""
    wall = local(moment, tz)
    # Translators: a date and a clock time, "Nov 22, 2026, 2:30 PM"
    return patient.gettext("%(date)s, %(time)s", date=date(wall.date()), time=time(wall, tz))


def day(day_: dt.date) -> str:
    """A day soon or lately, without its year: "Sun, Nov 22"."""
    if current_language().code == "ht":
        return f"{DAYS[day_.weekday()]} {day_.day} {MONTHS[day_.month - 1]}"
    return _skeleton("MMMEd", day_, _locale())


def long_day(day_: dt.date) -> str:
    """A day written out: "Sunday, November 22"."""
    if current_language().code == "ht":
        return day(day_)
    pattern = _LONG_DAY.get(current_language().code)
    if pattern is not None:
        return _tidy(dates.format_date(day_, pattern, locale=_locale()))
    comma = "،" if current_language().rtl else ","
    return f"{weekday(day_.weekday())}{comma} {_tidy(dates.format_skeleton('MMMMd', day_, locale=_locale()))}"


def sentences(parts: Iterable[str]) -> str:
    """Sentences in a row, as the language sets them; one without an end gets a full stop before the next."""
    stop, gap = ("。", "") if current_language().code in _CHINESE else (".", " ")
    said = ""
    for part in parts:
        said += (gap if said.endswith(("。", ".")) else stop + gap) + part if said else part
    return said


def short_date(day_: dt.date) -> str:
    """A date without weekday and year: "Nov 22". In es it needs no letter outside GSM-7."""
    if current_language().code == "ht":
        return f"{day_.day} {MONTHS[day_.month - 1]}"
    return _skeleton("MMMd", day_, _locale())


@lru_cache(_NUMBERS_KEPT)
def _skeleton(parts: str, day_: dt.date, locale: str) -> str:
    return _tidy(dates.format_skeleton(parts, day_, locale=locale))


def weekday(number: int, *, short: bool = False) -> str:
    """The name of a weekday, Monday is 0."""
    if current_language().code == "ht":
        return DAYS[number]
    names = dates.get_day_names("abbreviated" if short else "wide", "stand-alone", locale=_babel(_locale()))
    return str(names[number])


def month(number: int) -> str:
    """The name of a month, January is 1."""
    if current_language().code == "ht":
        return MONTHS[number - 1]
    return str(dates.get_month_names("wide", "stand-alone", locale=_locale())[number])


def day_and_hours(days: Iterable[int], opens: dt.time, closes: dt.time) -> str:
    """Days with their hours: "Monday, Wednesday, and Friday, 9:00 AM to 1:00 PM"."""
    names = list_of(weekday(number) for number in days)
    # Translators: weekdays and their opening hours, "Monday and Friday, 9:00 AM to 1:00 PM"
    return patient.gettext("%(days)s, %(hours)s", days=names, hours=hours(opens, closes))


def number(value: float | Decimal) -> str:
    """A number with the separators of the language."""
    return _decimal(value, None, _locale())


@lru_cache(_NUMBERS_KEPT, typed=True)
def _decimal(value: float | Decimal, pattern: str | None, locale: str) -> str:
    return _tidy(numbers.format_decimal(value, pattern, locale=locale))


def percent(share: float) -> str:
    """A share of one as whole percent."""
    return _tidy(numbers.format_percent(share, locale=_locale()))


def money(amount: float | Decimal) -> str:
    """US dollars, without cents when there are none."""
    whole = amount == int(amount)
    pattern = "¤#,##0" if whole and _locale().startswith(("en", "es_US")) else None
    return _tidy(numbers.format_currency(amount, "USD", pattern, locale=_locale(), currency_digits=pattern is None))


def miles(metres: float) -> str:
    """A distance in miles, to a tenth under ten miles."""
    far = metres / METRES_A_MILE
    tenths = round(far, 1)
    whole = far >= _ROUNDED_FROM or (tenths.is_integer() and tenths > 1)
    shown = number(round(far)) if whole else _decimal(tenths, "0.0", _locale())
    # Translators: a distance, "1.2 mi"
    return patient.gettext("%(miles)s mi", miles=shown)


def list_of(items: Iterable[str]) -> str:
    """Things joined as the language joins them."""
    if current_language().code == "ht":
        return _joined_in_haitian(list(items))
    return lists.format_list(list(items), locale=_babel(_locale()))


def _joined_in_haitian(items: list[str]) -> str:
    return f"{', '.join(items[:-1])} ak {items[-1]}" if len(items) > 1 else "".join(items)


def phone(e164: str) -> str:
    """A phone number as it is said here: 513-555-0142; a foreign or short one as it is.

    In a language written from right to left its parts are joined by dots: after an Arabic letter a phone would put
    the parts of 513-555-0142 in the wrong order (Unicode bidirectional algorithm, rules W2 and W4).
    """
    digits = e164.removeprefix("+1")
    if e164.startswith("+1") and len(digits) == 10:
        mark = "." if current_language().rtl else "-"
        return mark.join((digits[:3], digits[3:6], digits[6:]))
    return e164


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago something was, in whole steps: "just now", "5 minutes ago", "3 days ago"."""
    gone = now - then
    if gone < dt.timedelta(minutes=1):
        # Translators: how long ago something was said or checked
        return patient.gettext("just now")
    if gone < dt.timedelta(hours=1):
        return patient.ngettext("%(num)s minute ago", "%(num)s minutes ago", int(gone.total_seconds() // 60))
    if gone < dt.timedelta(days=1):
        return patient.ngettext("%(num)s hour ago", "%(num)s hours ago", int(gone.total_seconds() // 3600))
    return patient.ngettext("%(num)s day ago", "%(num)s days ago", gone.days)


def language_name(code: str) -> str:
    """What the language of the moment calls a language: "Vietnamese", "vietnamita"."""
    if current_language().code == SOURCE:
        return get(code).english_name
    return _babel(_locale()).languages.get(code) or get(code).english_name


def days_ago(then: dt.date, today: dt.date) -> str:
    """How many calendar days ago a day was."""
    days = (today - then).days
    if days <= 0:
        # Translators: the day something was said or checked
        return patient.gettext("today")
    if days == 1:
        return patient.gettext("yesterday")
    return patient.ngettext("%(num)s day ago", "%(num)s days ago", days)

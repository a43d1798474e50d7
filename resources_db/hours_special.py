"""Takes holidays and dated closures out of a text about hours, and turns Spanish hours into English ones. Pure.

What is taken out is understood in full; what is not stays in the text, where it lowers the confidence.
"""

import re
from dataclasses import dataclass
from datetime import date

from resources_db import holidays
from resources_db.hours_rules import DAY, HoursRule
from resources_db.vocab import ScheduleKind

_DAY_NAMES = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b[.,]?\s*)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_DATE = rf"{_DAY_NAMES}(?:(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+20\d\d|\d{{1,2}}/\d{{1,2}}/(?:20)?\d\d)(?!\d)"
_IN_WORDS = re.compile(rf"({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(20\d\d)")
_IN_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/((?:20)?\d\d)")
_NAME = rf"(?:{'|'.join(holidays.WRITTEN.values())}|{holidays.ALL_OF_THEM})"
_JOINED = rf"{_NAME}(?:\s*(?:,|;|&|\band\b|\bor\b|\by\b)+\s*(?:on )?(?:the )?(?:and )?{_NAME})*"
_CLOSED = (
    r"(?:we are |are )?(?:closed|not open|except|excluding|excl\.?|cerrado|no (?:service|food|meals?|pantry))"
    r"(?:\s+(?:on|for|during|el|los|en))?"
)
_HOLIDAYS = re.compile(
    rf"[(,;.\s]*\b{_CLOSED}[\s:]+(?P<after>{_JOINED})\b[\s)]*|(?P<before>\b{_JOINED})\s*[:-]?\s*(?:closed|cerrado)\b",
)
_DAY = r"(?:weekends?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\.?)"
_DAYS_TOO = re.compile(
    rf"\b(?P<days>closed\s+(?:on\s+)?{_DAY}(?:\s*(?:,|&|-|and|or|to)?\s*{_DAY})*)"
    rf"\s*(?:,|&|and|or)+\s*(?:and |on )?(?P<names>{_JOINED})\b"
)
_DATES = re.compile(
    rf"[(,;.\s]*\bclosed(?:\s+(?:on|from))?\s+(?P<first>{_DATE})(?:\s*(?:-|to|through|thru)\s*(?P<last>{_DATE}))?[\s)]*"
)
_SPANISH = re.compile(
    r"\b(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bados?|domingos?|todos los d[ií]as|diario)\b"
)
_FROM_SPANISH = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (r"\bde la mañana\b", "am"), (r"\bde la (?:tarde|noche)\b", "pm"), (r"\bmediod[ií]a\b", "noon"),
        (r"\bmedianoche\b", "midnight"), (r"\b(?:todos los d[ií]as|diariamente|diario)\b", "daily"),
        (r"\bprimer(?:o|a|os|as)?\b", "first"), (r"\bsegund[oa]s?\b", "second"), (r"\btercer(?:o|a|os|as)?\b", "third"),
        (r"\bcuart[oa]s?\b", "fourth"), (r"\búltim[oa]s?\b", "last"), (r"\bcada mes\b|\bdel mes\b", "of the month"),
        (r"\bexcepto\b", "except"), (r"\b(?:con|previa|por|sin) cita\b|\bcita previa\b", "appointment"),
        (r"\bllam(?:e|ar)\b", "call"), (r"\bcerrado\b", "closed"), (r"\bhorario\b|\bhoras\b|\babiert[oa]\b", "hours"),
        (r"\bhasta\b", "to"), (r"\bdesde\b|\bde(?: las?)?\b|\blos\b|\blas?\b|\bel\b|\bcada\b", " "), (r"\by\b", "and"),
        (r"(?<=\d)\s+a\s+(?=\d)|(?<=[ap]m)\s+a\s+(?=\d)|(?<=[a-zé]{2})\s+a\s+(?=[a-z\d])", " - "),
    )
)  # fmt: skip
_DOTTED = re.compile(r"\b([ap])\.\s?m\b\.?")


@dataclass(frozen=True, slots=True)
class Plainer:
    """The rest of a text, and what was taken out of it."""

    text: str
    rules: tuple[HoursRule, ...] = ()


def take_out(text: str) -> Plainer:
    """The text in lower case without its closures on holidays and dates, which come as rules."""
    plain = _DOTTED.sub(r"\1m", text.lower().replace("\u2019", "'"))
    if _SPANISH.search(plain):
        plain = _english(plain)
    found: dict[HoursRule, None] = {}
    plain = _DAYS_TOO.sub(lambda match: match["days"] + _closed_on(match["names"], found), plain)
    plain = _HOLIDAYS.sub(lambda match: _closed_on(match["after"] or match["before"], found), plain)
    plain = _DATES.sub(lambda match: _closed_dates(match, found), plain)
    return Plainer(plain, tuple(found))


def _english(text: str) -> str:
    for pattern, english in _FROM_SPANISH:
        text = pattern.sub(english, text)
    return " ".join(text.split(" "))


def _closed_on(words: str, found: dict[HoursRule, None]) -> str:
    for name in holidays.names_in(words):
        found[HoursRule(0, DAY, kind=ScheduleKind.HOLIDAY, closed=True, holiday=name)] = None
    return " ; "


def _closed_dates(match: re.Match[str], found: dict[HoursRule, None]) -> str:
    first = _date(match["first"])
    last = _date(match["last"]) if match["last"] else first
    if first is None or last is None or last < first:
        return match.group()
    found[HoursRule(0, DAY, kind=ScheduleKind.EXCEPTION, closed=True, valid_from=first, valid_to=last)] = None
    return " ; "


def _date(text: str) -> date | None:
    words, numbers = _IN_WORDS.search(text), _IN_NUMBERS.search(text)
    try:
        if words:
            return date(int(words[3]), _MONTHS.index(words[1][:3]) + 1, int(words[2]))
        if numbers:
            return date(2000 + int(numbers[3]) % 100, int(numbers[1]), int(numbers[2]))
    except ValueError:
        pass
    return None

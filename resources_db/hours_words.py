"""Splits a text about opening hours into days, times, dashes and words. Pure; the meaning is made in hours_text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["day", "nth", "date", "month", "time", "dash", "and", "closed", "always", "doubt", "word", "sep", "line"]
ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as written: hour, minute, am/pm if given, and whether it can only be a 24-hour time."""

    hour: int
    minute: int
    half: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str = ""
    days: tuple[int, ...] = ()
    nth: int = 0
    clock: Clock | None = None


_DAYS = (
    (r"mondays?|mons?\.?|mo|m|lunes", (0,)),
    (r"tuesdays?|tues?\.?|tu|t|martes", (1,)),
    (r"wednesdays?|weds?\.?|we|w|miercoles|miércoles", (2,)),
    (r"thursdays?|thurs?\.?|thu\.?|thrus|th|r|jueves", (3,)),
    (r"fridays?|fri\.?|fr|f|viernes", (4,)),
    (r"saturdays?|sat\.?|sa|s[áa]bados?", (5,)),
    (r"sundays?|sun\.?|su|domingos?", (6,)),
    (r"week ?days?|business days", (0, 1, 2, 3, 4)),
    (r"week ?ends?", (5, 6)),
    (r"daily|every ?day|(?:7|seven) days(?: (?:a|per) week)?|all week", ALL_WEEK),
    (r"mwf", (0, 2, 4)),
    (r"tth|tuth|t/th", (1, 3)),
    (r"m[tu]*wthf|mtwrf", (0, 1, 2, 3, 4)),
)
_EVERY_DAY = 9
"""Begins with a number, so it is looked for before the times."""
_NTH = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
}
_DOUBT = (
    r"except|by appointments?|appointments?|appt|var(?:y|ies)|calls?|contact|seasonal|seasons?|"
    r"summer|winter|spring|fall|school|holidays?|other|alternat\w*|may|usually|generally|about|approx\w*|"
    r"subject|until supplies|while supplies|weather|tbd|tba|unknown|bi-?weekly|every (?:2|two) weeks|temporar\w*|"
    r"excluding|unless|only if|during|until further"
)
_FILLER = (
    r"hours?|opens?|from|of|the|each|every|on|times?|hrs|site|operation|between|at|is|are|days?|overnight|"
    r"next(?: day| morning)?|only|office|business|regular|normal|walk[- ]?ins?|welcome|schedule|public|we"
)

_DATE = (
    r"(?:(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?(?:\s*\d{1,2}(?:st|nd|rd|th)?(?![\d:])(?!\s*[ap]m))?(?:,?\s*20\d\d)?"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?!\d)|20\d\d-\d\d-\d\d)"
)

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("always", r"24\s*/\s*7|24[ -]?(?:hours?|hrs?)(?: (?:a|per) day)?|all day|open 24"),
    ("month", r"(?:of (?:the|each|every)|each|every|per|a) months?|monthly"),
    ("date", _DATE),
    (f"day{_EVERY_DAY}", rf"(?:{_DAYS[_EVERY_DAY][0]})(?![a-z])"),
    ("closed", r"closed|not open|cerrado"),
    ("noon", r"(?:12(?::00)?\s*)?noon"),
    ("midnight", r"(?:12(?::00)?\s*)?midnight"),
    ("time", r"(?P<h1>\d{1,2})[:.](?P<m1>\d{2})(?::00)?\s*(?P<p1>am|pm|a|p)?(?![a-z0-9])"),
    ("time_joined", r"(?P<h2>\d{1,2})(?P<m2>\d{2})\s*(?P<p2>am|pm)(?![a-z0-9])"),
    ("time_24", r"(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)(?![a-z0-9])"),
    ("nth", rf"(?:{'|'.join(_NTH)}|\d{{1,2}}(?:st|nd|rd|th))(?![a-z0-9])"),
    ("time_hour", r"(?P<h4>\d{1,2})\s*(?P<p4>am|pm|a|p)?(?![a-z0-9:])"),
    *((f"day{i}", rf"(?:{words})(?![a-z])") for i, (words, _) in enumerate(_DAYS) if i != _EVERY_DAY),
    ("dash", r"-+|to(?![a-z])|til+(?![a-z])|until(?![a-z])|through(?![a-z])|thru(?![a-z])"),
    ("and", r"[,&/+]|and(?![a-z])|y(?![a-z])"),
    ("sep", r"[;|\n]|(?<=[a-z)])\.(?=\s|$)"),
    ("doubt", rf"(?:{_DOUBT})(?![a-z])"),
    ("filler", rf"(?:{_FILLER})(?![a-z])|[:.()*]"),
    ("space", r"[ \t\r]+"),
    ("line", r"(?:crisis|hot|help|emergency|support|shelter|intake)[ -]?(?:lines?)?(?![a-z])"),
    ("word", r"[^\s;,&/+|-]+"),
)
_SCANNER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS))
_DASHES = ("ôçô", "gçô", "–", "—", "−", "\u2011", "\u2010")


def tokens(text: str) -> Iterator[Token]:
    """The parts of a text in lower case."""
    lowered = text
    for dash in _DASHES:
        lowered = lowered.replace(dash, "-")
    for found in _SCANNER.finditer(lowered):
        token = _token(found)
        if token is not None:
            yield token


def _token(found: re.Match[str]) -> Token | None:
    name, text = _name(found), found.group()
    if name in ("space", "filler"):
        return None
    if name.startswith("day"):
        return Token("day", text, days=_DAYS[int(name[3:])][1])
    if name == "nth":
        return Token("nth", text, nth=_NTH.get(text) or int(text[:-2]))
    if name in ("noon", "midnight"):
        return Token("time", text, clock=Clock(12, 0, "pm" if name == "noon" else "am"))
    if name.startswith("time"):
        return _time(found, text)
    return Token(_plain(name), text)


def _name(found: re.Match[str]) -> str:
    return next(name for name, _ in _PATTERNS if found.group(name) is not None)


def _plain(name: str) -> Kind:
    kinds: tuple[Kind, ...] = ("always", "closed", "dash", "and", "sep", "doubt", "month", "date", "line")
    return next((kind for kind in kinds if kind == name), "word")


def _time(found: re.Match[str], text: str) -> Token:
    groups = found.groupdict()
    for mark in "1234":
        if groups.get(f"h{mark}") is not None:
            written = groups[f"h{mark}"] or "0"
            minute = int(groups.get(f"m{mark}") or 0)
            half = (groups.get(f"p{mark}") or "")[:1]
            certain = not half and (mark == "3" or int(written) > 12 or (len(written) == 2 and written[0] == "0"))
            if int(written) > 24 or minute > 59 or (half and not 1 <= int(written) <= 12):
                return Token("word", text)
            return Token("time", text, clock=Clock(int(written), minute, f"{half}m" if half else "", certain=certain))
    return Token("word", text)

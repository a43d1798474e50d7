"""US holidays by name: on which day of a year, on which days they are observed, and how directories write them. Pure.

The federal days and their observance: 5 U.S.C. 6103.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache, partial
from types import MappingProxyType

_SATURDAY, _SUNDAY = 5, 6


def _fixed(year: int, month: int, day: int) -> date:
    return date(year, month, day)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth weekday of a month; -1 is the last."""
    if nth < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Western Easter Sunday: the anonymous Gregorian reckoning."""
    golden, century = year % 19, year // 100
    skipped, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - moon + 15) % 30
    leap, left = divmod(year % 100, 4)
    weekday = (32 + 2 * rest + 2 * leap - epact - left) % 7
    fix = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * fix + 114, 31)
    return date(year, month, day + 1)


def _after_thanksgiving(year: int) -> date:
    return _nth(year, 11, 3, 4) + timedelta(days=1)


def _good_friday(year: int) -> date:
    return _easter(year) - timedelta(days=2)


_DAYS: MappingProxyType[str, Callable[[int], date]] = MappingProxyType(
    {
        "new_year": partial(_fixed, month=1, day=1),
        "mlk": partial(_nth, month=1, weekday=0, nth=3),
        "presidents": partial(_nth, month=2, weekday=0, nth=3),
        "good_friday": _good_friday,
        "easter": _easter,
        "memorial": partial(_nth, month=5, weekday=0, nth=-1),
        "juneteenth": partial(_fixed, month=6, day=19),
        "independence": partial(_fixed, month=7, day=4),
        "labor": partial(_nth, month=9, weekday=0, nth=1),
        "columbus": partial(_nth, month=10, weekday=0, nth=2),
        "veterans": partial(_fixed, month=11, day=11),
        "thanksgiving": partial(_nth, month=11, weekday=3, nth=4),
        "after_thanksgiving": _after_thanksgiving,
        "christmas_eve": partial(_fixed, month=12, day=24),
        "christmas": partial(_fixed, month=12, day=25),
        "new_years_eve": partial(_fixed, month=12, day=31),
    }
)
NAMES = tuple(_DAYS)
FEDERAL = (
    "new_year", "mlk", "presidents", "memorial", "juneteenth", "independence", "labor", "columbus", "veterans",
    "thanksgiving", "christmas",
)  # fmt: skip
MAJOR = ("new_year", "memorial", "independence", "labor", "thanksgiving", "christmas")
_MOVED = frozenset({"new_year", "juneteenth", "independence", "veterans", "christmas"})
"""Days of the month that are observed on the weekday beside them when they fall on a weekend."""

WRITTEN: MappingProxyType[str, str] = MappingProxyType(
    {
        "after_thanksgiving": r"(?:the )?(?:day|friday) after thanksgiving(?: day)?|black friday",
        "new_years_eve": r"new year'?s? eve",
        "christmas_eve": r"(?:christmas|x-?mas) eve|nochebuena",
        "new_year": r"new year'?s?(?: day)?|año nuevo",
        "mlk": r"(?:dr\.? )?(?:martin luther king|m\.?l\.?k\.?),?(?: jr\.?)?(?:'s)?(?: birthday| day)?",
        "presidents": r"president'?s'? day|washington'?s birthday",
        "good_friday": r"good friday|viernes santo",
        "easter": r"easter(?: sunday)?",
        "memorial": r"memorial day",
        "juneteenth": r"juneteenth(?: day)?",
        "independence": r"independence day|(?:the )?(?:4th|fourth) of july|july (?:4th|fourth|4)(?!\d)",
        "labor": r"labou?r day",
        "columbus": r"columbus day|indigenous people'?s'? day",
        "veterans": r"veteran'?s'? day",
        "thanksgiving": r"thanksgiving(?: day)?|día de acción de gracias",
        "christmas": r"(?:christmas|x-?mas)(?: day)?|navidad",
    }
)
"""How each is written in lower case; longer names stand before the ones they hold."""
ALL_OF_THEM = (
    r"(?:all |most |any )?(?:major |federal |legal |national |state |public |bank |court |observed |us |u\.?s\.? )*"
    r"holidays?(?: observed)?|(?:d[ií]as )?(?:feriados|festivos)"
)
_ONE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in WRITTEN.items()))
_ANY = re.compile(ALL_OF_THEM)


@lru_cache(maxsize=256)
def days(year: int) -> dict[date, tuple[str, ...]]:
    """The holidays of a year by their own days, not those on which they are observed."""
    found: dict[date, tuple[str, ...]] = {}
    for name, reckon in _DAYS.items():
        day = reckon(year)
        found[day] = (*found.get(day, ()), name)
    return found


def falls_on(name: str, day: date, *, observed: bool = True) -> bool:
    """Is this day the holiday, or the weekday on which it is observed? An unknown name never is."""
    if name not in _DAYS:
        return False
    if name in days(day.year).get(day, ()):
        return True
    return observed and name in _MOVED and _is_observed(name, day)


def federal_on(day: date) -> str:
    """The federal holiday of a day, observed ones too; empty on other days."""
    return next((name for name in FEDERAL if falls_on(name, day)), "")


def names_in(text: str) -> tuple[str, ...]:
    """The holidays a phrase names; "holidays" means the federal ones."""
    lowered = text.lower().replace("\u2019", "'")
    named = [found.lastgroup or "" for found in _ONE.finditer(lowered)]
    return known([*named, *(FEDERAL if _ANY.search(lowered) else ())])


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that are holidays, in the order of the year."""
    wanted = set(names)
    return tuple(name for name in NAMES if name in wanted)


def _is_observed(name: str, day: date) -> bool:
    if day in (date.min, date.max):
        return False
    if day.weekday() == _SATURDAY - 1:
        moved = day + timedelta(days=1)
    elif day.weekday() == (_SUNDAY + 1) % 7:
        moved = day - timedelta(days=1)
    else:
        return False
    return name in days(moved.year).get(moved, ())

"""Lines for danger in the words of a person who asks for help, in the languages of patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n.catalog import patient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from i18n.lazy import LazyText

P = patient.lazy_gettext
# Translators: buttons that dial a number; keep the number as it is.
C911, C988, C211 = P("Call 911"), P("Call 988"), P("Call 211")
POISON, HOTLINE, CHILDHELP = P("Poison Help 800-222-1222"), P("Hotline 800-799-7233"), P("Childhelp 800-422-4453")
NUMBERS = {
    "911": C911,
    "988": C988,
    "211": C211,
    "+18002221222": POISON,
    "+18007997233": HOTLINE,
    "+18004224453": CHILDHELP,
}
LINES: dict[str, tuple[LazyText, tuple[str, ...]]] = {
    # Translators: shown first when the words of a person tell of danger. Plain and short.
    "suicide": (P("Thinking of suicide? Call or text 988 now. It is free, day and night."), ("988", "911")),
    "overdose": (
        P("Overdose? Call 911 now. Give naloxone if you have it. Stay with the person."),
        ("911", "+18002221222"),
    ),
    "poison": (P("Poison? Call Poison Help now. If the person collapses, call 911."), ("+18002221222", "911")),
    "violence": (
        P("In danger now? Call 911. The National Domestic Violence Hotline helps day and night."),
        ("911", "+18007997233"),
    ),
    "child_abuse": (
        P("A child in danger now? Call 911. The Childhelp hotline helps day and night."),
        ("911", "+18004224453"),
    ),
    "medical": (P("This may be an emergency. Call 911 now."), ("911",)),
    "no_shelter": (P("No place to sleep tonight? Call 211, day and night. In danger? Call 911."), ("211", "911")),
}

ANY = ("suicide", "violence")
"""What stands where it is known only that there was danger."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and the numbers to tap."""

    text: str
    calls: tuple[tuple[str, str], ...]


def lines(kinds: Iterable[str]) -> list[Line]:
    """What stands above everything else, in the reader's language; unknown kinds say nothing."""
    return [
        Line(str(LINES[kind][0]), tuple((number, str(NUMBERS[number])) for number in LINES[kind][1]))
        for kind in kinds
        if kind in LINES
    ]

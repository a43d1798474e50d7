"""The words for the order of the answers: each part of the table of weights, with the reason it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from i18n.catalog import gettext as _

_PARTS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "distance": (lambda: _("How close it is"), lambda: _("A place nobody can reach helps nobody.")),
    "room": (lambda: _("Whether it has room"), lambda: _("Being turned away costs a trip and trust.")),
    "open": (lambda: _("How soon it is open"), lambda: _("Help today is better than help next week.")),
    "language": (lambda: _("The language spoken there"), lambda: _("People must be understood at the door.")),
    "standing": (
        lambda: _("Help that people got there"),
        lambda: _("It counts how many people sent there for this were helped. A new place counts like the others."),
    ),
    "area": (lambda: _("The area it serves"), lambda: _("A place for this area will not send people away.")),
    "text": (lambda: _("Your own words"), lambda: _("Words you typed stand in what the place says.")),
    "fresh": (lambda: _("How lately it was checked"), lambda: _("Old facts waste calls.")),
}
_PENALTIES: Mapping[str, Callable[[], str]] = {
    "full": lambda: _("It said that it is full."),
    "alert": lambda: _("It has a notice: something is unusual now."),
    "doubted": lambda: _("Somebody told us that a fact here is wrong, and nobody has checked it since."),
    "outside": lambda: _("It serves another area."),
    "guessed": lambda: _("We guessed from its words what it helps with."),
    "unsaid": lambda: _("It does not say that it is for the people you asked for."),
    "beside_filters": lambda: _("It does not pass all your filters."),
}


def part(name: str) -> str:
    """What one weight of the table is about."""
    return _PARTS[name][0]()


def because(name: str) -> str:
    """Why it counts."""
    return _PARTS[name][1]()


def penalty(name: str) -> str:
    """What puts a listing lower."""
    return _PENALTIES[name]()

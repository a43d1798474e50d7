"""Why the list is in this order: the table of weights in words, and for each place how it does in every part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from i18n.catalog import current_language
from i18n.catalog import gettext as _
from portal import order_words
from search import ranking
from search.criteria import Sort

if TYPE_CHECKING:
    from search.answer import Hit, Order
    from search.criteria import SearchCriteria

_GRADES = (0.85, 0.6, 0.35, 0.05)
_HEAVY, _MIDDLING = 0.15, 0.08
_FULLY = 0.95
_STANDING = "standing"  # an operator can turn it off: then it counts alike for all, and is not worth a line


@dataclass(frozen=True, slots=True)
class Weight:
    """One part of the order, how much it counts, and why it counts at all."""

    label: str
    counts: str
    because: str


@dataclass(frozen=True, slots=True)
class Part:
    """How one place does in one part; `share` is the length of the bar, of 100."""

    label: str
    grade: str
    share: int


@dataclass(frozen=True, slots=True)
class Explained:
    """One place: its parts, the heaviest first, and what puts it lower or higher than they say."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    text: str
    weights: tuple[Weight, ...]


def panel(criteria: SearchCriteria, *, standing: bool) -> Panel:
    """The table belongs to the best match; the other orders say themselves what they do."""
    text = {
        Sort.BEST: _(
            "First comes how well a place serves what was asked: the very need, then near needs. "
            "Then these count, the heaviest first."
        ),
        Sort.NEAR: _("The nearest place is first. Places without an address come last."),
        Sort.SOONEST: _("Open places are first, those open longest on top. Then comes who opens soonest."),
        Sort.NAME: _("Places stand by name."),
    }[criteria.sort]
    return Panel(text, _weights(current_language().code, standing=standing) if criteria.sort is Sort.BEST else ())


@cache
def _weights(_language: str, *, standing: bool) -> tuple[Weight, ...]:
    """One tuple a language: the words are the same for every page."""
    return tuple(
        Weight(order_words.part(one.name), _counts(one.weight), order_words.because(one.name))
        for one in ranking.weights()
        if standing or one.name != _STANDING
    )


def _counts(weight: float) -> str:
    if weight >= _HEAVY:
        return _("counts a lot")
    return _("counts some") if weight >= _MIDDLING else _("counts a little")


def place(hit: Hit, criteria: SearchCriteria, *, standing: bool) -> Explained | None:
    """None where the list is not by best match."""
    if hit.order is None or criteria.sort is not Sort.BEST:
        return None
    language = current_language().code
    heaviest = sorted(hit.order.parts, key=lambda part: -part.weight)
    parts = tuple(
        _part(language, one.name, sum(one.value < least for least in _GRADES), round(one.value * 100))
        for one in heaviest
        if standing or one.name != _STANDING
    )
    return Explained(parts, tuple(_notes(hit.order)))


@cache
def _part(_language: str, name: str, grade: int, share: int) -> Part:
    """A few hundred a language; a page says eighty of them."""
    grades = (_("very good"), _("good"), _("fair"), _("little"), _("nothing"))
    return Part(order_words.part(name), grades[grade], share)


def _notes(order: Order) -> list[str]:
    said = [_("It has the name you typed, so it stands on top.")] if order.named else []
    if order.need < _FULLY:
        said.append(_("It does not serve the very need, so it stands lower."))
    lower = [order_words.penalty(name) for name in order.penalties]
    return [*said, *(_("Lower in the list: %(reason)s", reason=one) for one in lower)]

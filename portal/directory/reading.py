"""How a question was read: chips to take away, what else may have been meant, mended spelling, what it narrows to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import need_words, search_words
from portal.directory import filters, ways
from resources_db.needs import NEEDS

if TYPE_CHECKING:
    from portal.directory.asking import Ask
    from portal.directory.ways import Way
    from search.answer import SearchAnswer
    from search.criteria import SearchCriteria

_MOST_OFFERED = 8
_SPREAD_MILES = (2, 5, 10, 25)


@dataclass(frozen=True, slots=True)
class Mended:
    """A word we took for a slip, and the way to search for it as typed."""

    text: str
    exactly: Way


def chips(ask: Ask, answer: SearchAnswer) -> tuple[Way, ...]:
    """Everything the answer is about; each is removed by one tap."""
    criteria, counts = ask.criteria, answer.facets.need
    several = len(answer.understood) > 1
    needs = tuple(
        ways.to(
            ask, need_words.need(item.need), criteria.without_chip(item.need),
            count=formatting.number(counts.get(item.need, 0)) if several else "",
        )
        for item in answer.understood
    )  # fmt: skip
    read = [
        *([(need_words.domain(criteria.domain), replace(criteria, domain="", offset=0))] if criteria.domain else []),
        *(
            (search_words.constraint(item.field, item.value), criteria.without_chip(item.field))
            for item in answer.constraints
        ),
        *folded_filters(criteria),
    ]
    return (*needs, *(ways.to(ask, label, fewer) for label, fewer in read))


def folded_filters(criteria: SearchCriteria) -> list[tuple[str, SearchCriteria]]:
    """Filters that stand behind "More filters", so that nothing narrows the list unseen."""
    asked = replace(criteria, offset=0)
    chosen: list[tuple[str, SearchCriteria]] = []
    if asked.open_at:
        chosen.append((search_words.open_at(asked.open_at), replace(asked, open_at=None)))
    labels = filters.cost_labels()
    chosen += [
        (labels[cost], replace(asked, cost=tuple(one for one in asked.cost if one is not cost))) for cost in asked.cost
    ]
    if asked.checked:
        label = ngettext("Checked in the last %(num)s day", "Checked in the last %(num)s days", asked.checked)
        chosen.append((label, replace(asked, checked=0)))
    if asked.by_phone:
        chosen.append((_("By phone or online"), replace(asked, by_phone=False)))
    if asked.who:
        chosen.append((search_words.who(asked.who), replace(asked, who=None)))
    if asked.wheelchair:
        chosen.append((_("Step-free"), replace(asked, wheelchair=False)))
    return chosen


def instead(ask: Ask, answer: SearchAnswer) -> tuple[Way, ...]:
    """The likeliest other meanings, each in the place of what was read."""
    read = tuple(item.need for item in answer.understood if not item.chosen)
    return tuple(ways.to(ask, need_words.need(need), _only(ask.criteria, need, read)) for need in answer.instead)


def narrower(ask: Ask, answer: SearchAnswer) -> tuple[Way, ...]:
    """Where the list is about a whole domain: one need of it, with how many places serve it."""
    counts = answer.facets.need
    if not ask.criteria.domain or answer.understood:
        return ()
    offered = sorted(counts, key=lambda need: -counts[need])[:_MOST_OFFERED]
    return tuple(
        ways.to(ask, need_words.need(need), _only(ask.criteria, need, ()), count=formatting.number(counts[need]))
        for need in offered
        if NEEDS[need].domain == ask.criteria.domain
    )


def _only(criteria: SearchCriteria, need: str, read: tuple[str, ...]) -> SearchCriteria:
    """Only this need; what was read from the words must not be read again."""
    without = tuple(dict.fromkeys((*criteria.without, *(one for one in read if one != need))))
    return replace(criteria, needs=(need,), without=tuple(one for one in without if one != need), offset=0)


def mended(ask: Ask, answer: SearchAnswer) -> tuple[Mended, ...]:
    return tuple(
        Mended(
            _("We read “%(typed)s” as “%(read)s”.", typed=one.typed, read=one.read),
            ways.to(ask, _("Search for “%(typed)s” exactly", typed=one.typed), ask.criteria.without_chip("spelling")),
        )
        for one in answer.corrections
    )


def spread(answer: SearchAnswer) -> str:
    """How near the places lie, all pages together."""
    near = [(miles, answer.facets.distance.get(str(miles), 0)) for miles in _SPREAD_MILES]
    told: list[str] = []
    before = 0
    for miles, number in near:
        if number > before:
            said = formatting.miles(miles * formatting.METRES_A_MILE)
            # Translators: how many places lie within a distance, "8 within 5 mi"; joined with dots
            told.append(_("%(number)s within %(distance)s", number=formatting.number(number), distance=said))
        before = number
    return " · ".join(told)

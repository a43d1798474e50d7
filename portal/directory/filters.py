"""The filters of the search form: what can be ticked or chosen, what is set now, how many places each would leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import current_language, ngettext
from i18n.catalog import gettext as _
from portal import search_words
from portal.directory import ways
from search.audience import Group
from search.criteria import CHECKED_DAYS, MILE, Cost, OpenWhen, SearchCriteria, Sort, Travel
from search.ranking import HALF_AT_M

if TYPE_CHECKING:
    from portal.directory.asking import Ask
    from portal.directory.ways import Way
    from portal.patient_context import PatientContext
    from search.answer import Facets

_MILES = (2, 5, 10, 25, 50)


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    name: str
    value: str
    checked: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class More:
    """The filters behind "More filters"; `on` is how many of them are set, `open` whether they are shown."""

    day: str
    time: str
    time_error: str
    languages: tuple[Choice, ...]
    costs: tuple[Chip, ...]
    checked: tuple[Choice, ...]
    by_phone: Chip
    wheelchair: Chip
    who: tuple[Choice, ...]
    travels: tuple[Choice, ...]
    travel_hint: str
    on: int
    open: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """Everything beside the sentence; `clear` is there when something is set that can be cleared."""

    distances: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    more: More
    sorts: tuple[Choice, ...]
    clear: Way | None


def of(ask: Ask, place: str, facets: Facets | None) -> Filters:
    """`place` is where from, in words, when it is known; without an answer nothing is counted."""
    criteria = ask.criteria
    return Filters(
        distances=_distances(criteria, place),
        chips=_chips(criteria, ask.patient, facets),
        more=_more(ask, facets),
        sorts=tuple(Choice(sort.value, label, criteria.sort is sort) for sort, label in _sorts().items()),
        clear=_clear(ask),
    )


def _chips(criteria: SearchCriteria, patient: PatientContext | None, facets: Facets | None) -> tuple[Chip, ...]:
    """The four questions a navigator asks on the phone."""
    when = criteria.open_when or OpenWhen.NOW
    language = _language(criteria, patient)
    speaks = _("Speaks %(language)s", language=search_words.language_name(language))
    now = facets.open_now if facets and when is OpenWhen.NOW else None
    return (
        _tick(search_words.open_when(when), "open", when.value, criteria.open_when is not None, now),
        _tick(speaks, "language", language, criteria.language == language, _of(facets, "language", language)),
        _tick(_("Has room"), "has_room", "1", criteria.has_room, facets.has_room if facets else None),
        _tick(_("No papers"), "no_papers", "1", criteria.no_papers, facets.no_papers if facets else None),
    )


def _tick(label: str, name: str, value: str, checked: bool, count: int | None) -> Chip:
    """The number stands beside what is not set: what is set has left as many as the list says."""
    return Chip(label, name, value, checked, "" if checked or count is None else formatting.number(count))


def _of(facets: Facets | None, name: str, value: str) -> int | None:
    counts = {"language": facets.language, "cost": facets.cost, "checked": facets.checked}[name] if facets else None
    return None if counts is None else counts.get(value, 0)


def _language(criteria: SearchCriteria, patient: PatientContext | None) -> str:
    """The language asked for, else the patient's, else the page's, else Spanish: the one most asked for here."""
    wanted = (
        criteria.language,
        patient.language.split("_")[0] if patient else "",
        current_language().code.split("_")[0],
    )
    return next((code for code in wanted if code and code != "en"), criteria.language or "es")


def _distances(criteria: SearchCriteria, place: str) -> tuple[Choice, ...]:
    """How far; a distance that came in the address is offered too."""
    offered = {round(miles * MILE): formatting.miles(miles * MILE) for miles in _MILES}
    offered.setdefault(criteria.radius_m, formatting.miles(criteria.radius_m))
    return tuple(
        Choice(str(metres), _distance(label, place), metres == criteria.radius_m)
        for metres, label in sorted(offered.items())
    )


def _distance(label: str, place: str) -> str:
    if not place:
        return _("Within %(distance)s", distance=label)
    return _("Within %(distance)s of %(place)s", distance=label, place=place)


def _more(ask: Ask, facets: Facets | None) -> More:
    criteria = ask.criteria
    set_now = (
        criteria.open_at, criteria.checked, criteria.by_phone, criteria.travel, criteria.who, criteria.wheelchair,
        *criteria.cost,
    )  # fmt: skip
    wall = criteria.open_at
    return More(
        day=f"{wall:%Y-%m-%d}" if wall else ask.day,
        time=f"{wall:%H:%M}" if wall else ask.time,
        time_error="" if wall or not (ask.day or ask.time) else _("Choose a day and a time."),
        languages=_languages(criteria, ask.patient, facets),
        costs=_costs(criteria, facets),
        checked=_checked(criteria, facets),
        by_phone=_tick(
            _("By phone or online"), "by_phone", "1", criteria.by_phone, facets.by_phone if facets else None
        ),
        wheelchair=_tick(_("Step-free"), "wheelchair", "1", criteria.wheelchair, None),
        who=_who(criteria),
        travels=_travels(criteria),
        travel_hint=_travel_hint(criteria.travel),
        on=sum(bool(one) for one in set_now),
        open=ask.more or bool(not wall and (ask.day or ask.time)),
    )


def _languages(criteria: SearchCriteria, patient: PatientContext | None, facets: Facets | None) -> tuple[Choice, ...]:
    """Further languages spoken by what was found, the most spoken first; counted while none is asked for."""
    counts = facets.language if facets else {}
    others = sorted((code for code in counts if code != _language(criteria, patient)), key=lambda code: -counts[code])
    named = ((code, search_words.language_name(code), None if criteria.language else counts[code]) for code in others)
    return (
        Choice("", _("Another language"), chosen=False),
        *(Choice(code, _with_count(name, count), chosen=False) for code, name, count in named),
    )


def _costs(criteria: SearchCriteria, facets: Facets | None) -> tuple[Chip, ...]:
    """More than one may be ticked: once one is, the others are not in the list and cannot be counted."""
    return tuple(
        _tick(label, "cost", cost.value, cost in criteria.cost, None if criteria.cost else _of(facets, "cost", cost))
        for cost, label in cost_labels().items()
    )


def cost_labels() -> dict[Cost, str]:
    return {
        Cost.FREE: _("Free"),
        Cost.SLIDING: _("By income"),
        Cost.PAID: _("Costs money"),
        Cost.UNKNOWN: _("Cost not known"),
    }


def _checked(criteria: SearchCriteria, facets: Facets | None) -> tuple[Choice, ...]:
    """The counts hold while nothing narrower is chosen."""
    chosen = criteria.checked
    return (
        Choice("", _("Any time"), not chosen),
        *(
            Choice(
                str(days),
                _with_count(checked_label(days), _of(facets, "checked", str(days)) if not chosen else None),
                chosen == days,
            )
            for days in CHECKED_DAYS
        ),
    )


def checked_label(days: int) -> str:
    return ngettext("In the last %(num)s day", "In the last %(num)s days", days)


def _with_count(label: str, count: int | None) -> str:
    # Translators: a choice and how many places it leaves, "Vietnamese (4)"
    return label if count is None else _("%(label)s (%(number)s)", label=label, number=formatting.number(count))


def _who(criteria: SearchCriteria) -> tuple[Choice, ...]:
    return (
        Choice("", _("Anybody"), criteria.who is None),
        *(Choice(group.value, search_words.who(group), criteria.who is group) for group in Group),
    )


def _travels(criteria: SearchCriteria) -> tuple[Choice, ...]:
    words = {"": _("Not said"), Travel.WALK: _("On foot"), Travel.BUS: _("By bus"), Travel.CAR: _("By car")}
    return tuple(Choice(value, label, (criteria.travel or "") == value) for value, label in words.items())


def _travel_hint(travel: Travel | None) -> str:
    """What the choice does, as the table of weights says it."""
    if travel is None:
        return _("Says how much a long way counts.")
    half = formatting.miles(HALF_AT_M[travel])
    return _("The order changes: a place %(distance)s away counts half as near.", distance=half)


def _sorts() -> dict[Sort, str]:
    return {
        Sort.BEST: _("Best match"),
        Sort.NEAR: _("Nearest"),
        Sort.SOONEST: _("Soonest open"),
        Sort.NAME: _("Name"),
    }


def _clear(ask: Ask) -> Way | None:
    """The same question in the same order without any filter."""
    asked = replace(ask.criteria, offset=0)
    bare = SearchCriteria(
        q=asked.q, near=asked.near, needs=asked.needs, domain=asked.domain, without=asked.without,
        sort=asked.sort, limit=asked.limit, lang=asked.lang,
    )  # fmt: skip
    return None if asked == bare else ways.to(ask, _("Clear filters"), bare)

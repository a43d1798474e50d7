"""The filters of the search form: chips to tick and lists to choose from, with what is set now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import current_language
from i18n.catalog import gettext as _
from portal import search_words
from search.criteria import MILE, OpenWhen

if TYPE_CHECKING:
    from portal.patient_context import PatientContext
    from search.criteria import SearchCriteria

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


def chips(criteria: SearchCriteria, patient: PatientContext | None) -> tuple[Chip, ...]:
    """The four questions a navigator asks on the phone."""
    when = criteria.open_when or OpenWhen.NOW
    language = _language(criteria, patient)
    return (
        Chip(search_words.open_when(when), "open", when.value, criteria.open_when is not None),
        Chip(
            _("Speaks %(language)s", language=search_words.language_name(language)),
            "language",
            language,
            criteria.language == language,
        ),
        Chip(_("Has room"), "has_room", "1", criteria.has_room),
        Chip(_("No papers"), "no_papers", "1", criteria.no_papers),
    )


def _language(criteria: SearchCriteria, patient: PatientContext | None) -> str:
    """The language asked for, else the patient's, else the page's, else Spanish: the one most asked for here."""
    wanted = (
        criteria.language,
        patient.language.split("_")[0] if patient else "",
        current_language().code.split("_")[0],
    )
    return next((code for code in wanted if code and code != "en"), criteria.language or "es")


def distances(criteria: SearchCriteria, place: str) -> tuple[Choice, ...]:
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

"""Patients as lists and heads of pages show them: short name, language, age, place, number."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for

from i18n import catalog, formatting, locales
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from referrals import people

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.people import Household
    from resources_db.models.people import Patient


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One patient in a list."""

    id: uuid.UUID
    name: str
    href: str
    tagline: str


def person(patient: Patient, *, now: datetime) -> PersonRow:
    """The patient as one row."""
    facts = (language_name(patient.language), age(patient, now.date()), zip_words(patient.zip))
    return PersonRow(
        id=patient.id,
        name=people.full_name(patient),
        href=url_for("caseload.record", patient_id=patient.id),
        tagline=" · ".join(fact for fact in facts if fact),
    )


def language_name(code: str) -> str:
    """The name of a language for staff."""
    return formatting.language_name(code)


def language_off(code: str) -> tuple[str, str] | None:
    """What to say before sending where a language has no texts that are switched on; None where it has."""
    spoken = catalog.spoken(code)
    if spoken == code:
        return None
    return (
        _("We have no texts in %(language)s that are switched on.", language=language_name(code)),
        _("Texts go out in %(language)s.", language=language_name(spoken)),
    )


def language_tag(code: str) -> str:
    """The BCP 47 tag of a language."""
    return locales.get(code).tag


def age(patient: Patient, today: date) -> str:
    """Whole years, or nothing when the date of birth is not known."""
    if not patient.birth_date:
        return ""
    born = date.fromisoformat(patient.birth_date)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return ngettext("%(num)s year old", "%(num)s years old", years)


def zip_words(zip_code: str) -> str:
    """The ZIP with its word."""
    return _("ZIP %(zip)s", zip=zip_code) if zip_code else ""


def days(number: int) -> str:
    """So many days."""
    return ngettext("%(num)s day", "%(num)s days", number)


def household_words(home: Household | None) -> str:
    """Who lives there: "2 adults, 3 kids"."""
    if home is None:
        return ""
    parts = [
        ngettext("%(num)s adult", "%(num)s adults", home.adults) if home.adults else "",
        ngettext("%(num)s kid", "%(num)s kids", home.children) if home.children else "",
    ]
    return ", ".join(part for part in parts if part)


def search_for(patient_id: uuid.UUID, subneed: str = "") -> str:
    """The search page for a patient, with a need already understood. The address holds ids and codes only."""
    pairs = {"for": str(patient_id), **({"need": subneed} if subneed else {})}
    return f"{url_for('directory.search')}?{urlencode(pairs)}"

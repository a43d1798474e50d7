"""The patient somebody searches for: the few facts that the search page shows and prefills. Addresses hold ids only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, current_app, request, url_for

from i18n import formatting
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.permissions import allows
from referrals import people
from referrals.errors import NotFoundError
from resources_db import audit
from resources_db.models.people import Patient
from search.criteria import Travel

ARGUMENT = "for"
TRAVEL: Mapping[str, Travel] = {"walks": Travel.WALK, "bus": Travel.BUS, "car": Travel.CAR}
"""How a record says that somebody gets about. Rides from family are no habit that tells how far is far."""
_RECORD = "caseload.record"
_COMPOSE = "caseload.compose"


@dataclass(frozen=True, slots=True)
class PatientContext:
    """What may stand on a search page about the patient it is for."""

    id: uuid.UUID
    name: str
    first_name: str
    zip_code: str
    language: str
    language_name: str
    travel: Travel | None
    household: str
    href: str
    compose_href: str


def of_request() -> PatientContext | None:
    """The patient named in the address, for staff who may read patients. Anything else than a known id is a 404."""
    typed = request.args.get(ARGUMENT, "")
    member = current.member()
    if not typed or not allows("person.read", member.role if member else None):
        return None
    try:
        return _read(uuid.UUID(typed))
    except (ValueError, NotFoundError):
        abort(404)


def _read(patient_id: uuid.UUID) -> PatientContext:
    with db.reading() as session:
        found = _context(people.get(session, patient_id))
    if not htmx.wants_fragment():
        with db.transaction() as session:
            audit.record(
                session,
                action="person.read",
                subject_kind="patient",
                subject_id=str(patient_id),
                now=db.now(),
                detail={"page": "search"},
            )
    return found


def short_name(patient: Patient) -> str:
    """The first name and the first letter of the last: enough to tell two people apart on a screen others see."""
    last = (patient.last_name or "").strip()
    return f"{patient.first_name} {last[:1]}." if last else patient.first_name


def _context(patient: Patient) -> PatientContext:
    return PatientContext(
        id=patient.id,
        name=short_name(patient),
        first_name=patient.first_name,
        zip_code=patient.zip or "",
        language=patient.language,
        language_name=formatting.language_name(patient.language),
        travel=TRAVEL.get(patient.travel or ""),
        household=_household(patient),
        href=_address(_RECORD, patient.id),
        compose_href=_address(_COMPOSE, patient.id),
    )


def _address(endpoint: str, patient_id: uuid.UUID) -> str:
    """Where a page of the caseload is; empty in an installation without it."""
    return url_for(endpoint, patient_id=patient_id) if endpoint in current_app.view_functions else ""


def _household(patient: Patient) -> str:
    home = people.household_of(patient)
    if home is None:
        return ""
    parts = [
        ngettext("%(num)s adult", "%(num)s adults", home.adults) if home.adults else "",
        ngettext("%(num)s kid", "%(num)s kids", home.children) if home.children else "",
    ]
    return ", ".join(part for part in parts if part)

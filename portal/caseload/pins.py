"""A tier that somebody pins: how soon a person should hear from us, with a reason and a last day. Ends by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, table_ask, tier_words
from portal.caseload.blueprint import blueprint
from referrals import people, pinning
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PROBLEMS = {
    ("tier", "missing"): lazy("Choose how soon."),
    ("because", "missing"): lazy("Write in a few words why."),
    ("because", "too_long"): lazy("Up to 200 letters, please."),
    ("until", "not_a_date"): lazy("Type the last day as year-month-day, such as 2026-12-01."),
    ("until", "past"): lazy("Choose a day from today on."),
    ("until", "too_far"): lazy("At most 90 days. You can pin it again then."),
}
USUAL_DAYS = 14


@blueprint.get("/patients/<uuid:patient_id>/pin")
@needs("person.edit")
def pin(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The form: how soon, why, until when."""
    until = _today() + dt.timedelta(days=USUAL_DAYS)
    with db.reading() as session:
        patient = people.get(session, patient_id)
        typed = {"until": until.isoformat()}
        if patient.pinned_tier is not None:
            last = patient.pinned_until or until
            typed = {
                "tier": table_ask.TIER_KEYS[patient.pinned_tier],
                "because": patient.pinned_because,
                "until": max(last, _today()).isoformat(),
            }
    return _page(patient_id, typed)


@blueprint.post("/patients/<uuid:patient_id>/pin")
@needs("person.edit")
def set_pin(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Pin it; undo takes the pin away."""
    try:
        with db.transaction() as session:
            pinning.pin(
                session,
                patient_id,
                tier=table_ask.TIERS.get(request.form.get("tier", "")),
                because=request.form.get("because", ""),
                until=_day(),
                today=_today(),
                now=db.now(),
            )
    except BadInputError as error:
        words = str(PROBLEMS[(error.field, error.problem)])
        return _page(patient_id, request.form.to_dict(), problem=(error.field, words), status=422)
    back = url_for("caseload.record", patient_id=patient_id)
    return htmx.redirect(back, toast=_("Pinned."), undo_url=url_for("caseload.unpin", patient_id=patient_id))


@blueprint.post("/patients/<uuid:patient_id>/unpin")
@needs("person.edit")
def unpin(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The facts decide again."""
    with db.transaction() as session:
        pinning.unpin(session, patient_id, now=db.now())
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("The facts decide again."))


def _today() -> dt.date:
    member = current.member()
    assert member is not None
    return formatting.local(db.now(), member.timezone).date()


def _day() -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get("until", "").strip())
    except ValueError:
        raise BadInputError("until", "not_a_date") from None


def _page(
    patient_id: uuid.UUID, typed: dict[str, str], *, problem: tuple[str, str] = ("", ""), status: int = 200
) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        person = presenters.person(patient, now=db.now())
        pinned = patient.pinned_tier is not None
    return htmx.render(
        "caseload/pin.html",
        status=status,
        person=person,
        typed=typed,
        pinned=pinned,
        choices=[(key, str(tier_words.TIERS[tier])) for key, tier in table_ask.TIERS.items()],
        problem=problem,
    )

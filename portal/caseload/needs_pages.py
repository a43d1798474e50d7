"""A patient's needs: add one, say what became of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import NeedForm, show_problem
from portal.security import safe_next
from referrals import needs as needs_rules
from referrals import people
from referrals.errors import BadInputError
from resources_db.vocab import HelpWanted, NeedSource, NeedStatus, Priority

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SETTLED = {"met": NeedStatus.MET, "unmet": NeedStatus.UNMET_CLOSED, "not_wanted": NeedStatus.NOT_WANTED}


@blueprint.get("/patients/<uuid:patient_id>/needs/new")
@needs("person.edit")
def new_need(patient_id: uuid.UUID) -> ResponseReturnValue:
    """An empty form for a need."""
    return _page(patient_id, _form())


@blueprint.post("/patients/<uuid:patient_id>/needs/new")
@needs("person.edit")
def add_need(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Write a need down. The same open need twice stays one."""
    form = _form()
    try:
        at_risk = date.fromisoformat(form.date_at_risk.data.strip()) if form.date_at_risk.data else None
    except ValueError:
        show_problem(form, "date_at_risk", "not_a_date")
        return _page(patient_id, form, status=422)
    if not form.validate():
        return _page(patient_id, form, status=422)
    try:
        with db.transaction() as session:
            patient = people.get(session, patient_id)
            needs_rules.add(
                session,
                patient_id=patient.id,
                org_id=patient.org_id,
                subneed=form.subneed.data,
                source=NeedSource(form.source.data),
                help_wanted=HelpWanted(form.help_wanted.data),
                urgency=Priority(form.urgency.data),
                date_at_risk=at_risk,
                now=db.now(),
            )
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, status=422)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Need added."))


@blueprint.post("/needs/<uuid:need_id>/settle")
@needs("person.edit")
def settle_need(need_id: uuid.UUID) -> ResponseReturnValue:
    """Met, not met, or no longer wanted, as the care team learned it by talking."""
    status = SETTLED.get(request.form.get("as", ""))
    if status is None:
        abort(400)
    with db.transaction() as session:
        need = needs_rules.get(session, need_id)
        needs_rules.set_status(session, need, status, method="talk", now=db.now())
        patient_id = need.patient_id
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."))


def safe_return(path: str) -> str:
    """A page of ours to go back to, or nothing."""
    return safe_next(path) if path else ""


def _form() -> NeedForm:
    form = NeedForm(request.form if request.method == "POST" else None)
    form.offer_needs()
    return form


def _page(patient_id: uuid.UUID, form: NeedForm, *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
    return htmx.render("caseload/need_form.html", status=status, form=form, person=person)

"""Patients: find one, write one down, change one. A name never stands in an address, so finding is a POST."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import request, url_for
from sqlalchemy import select

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import PatientForm, show_problem
from referrals import endings, people
from referrals.endings import Ending
from referrals.errors import BadInputError
from resources_db import audit
from resources_db.models.tenants import CareTeam

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient

MOST_TYPED = 100


@blueprint.post("/patients/find")
@needs("person.find")
def find() -> ResponseReturnValue:
    """Patients by name or phone; a single one opens at once."""
    typed = request.form.get("q", "").strip()[:MOST_TYPED]
    with db.transaction() as session:
        found = people.find(session, typed) if typed else []
        audit.record(
            session,
            action="person.find",
            subject_kind="patient",
            subject_id="",
            now=db.now(),
            detail={"found": len(found)},
        )
        rows = [presenters.person(patient, now=db.now()) for patient in found]
    if len(rows) == 1:
        return htmx.redirect(url_for("caseload.record", patient_id=rows[0].id))
    return htmx.render("caseload/found.html", block="found", rows=rows, typed=typed)


@blueprint.get("/patients/new")
@needs("person.edit")
def new() -> ResponseReturnValue:
    """An empty form for a new patient."""
    return _form_page(_new_form(), None)


@blueprint.post("/patients/new")
@needs("person.edit")
def create() -> ResponseReturnValue:
    """Write a patient down; the person who does it leads."""
    form = _new_form()
    if not form.validate():
        return _form_page(form, None, status=422)
    member = current.member()
    assert member is not None
    try:
        with db.transaction() as session:
            team = session.scalars(select(CareTeam.id).order_by(CareTeam.created_at)).first()
            assert team is not None, "every care org has a team"
            patient = people.create(
                session, care_team_id=team, facts=form.facts(), lead_id=member.user_id, now=db.now()
            )
            patient_id = patient.id
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _form_page(form, None, status=422)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."))


@blueprint.get("/patients/<uuid:patient_id>/edit")
@needs("person.edit")
def edit(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The form of a patient, filled. It shows all that is known, so reading it is audited as reading the patient is."""
    with db.transaction() as session:
        patient = people.get(session, patient_id)
        audit.record(
            session,
            action="person.read",
            subject_kind="patient",
            subject_id=patient_id,
            now=db.now(),
            detail={"page": "edit"},
        )
        form = _filled_form(patient)
        return _form_page(form, patient_id, version=patient.version)


@blueprint.post("/patients/<uuid:patient_id>/edit")
@needs("person.edit")
def change(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Change a patient; a page that is older than the record is refused with what was typed kept."""
    with db.reading() as session:
        form = _new_form(people.get(session, patient_id).timezone)
    version = request.form.get("version", type=int)
    if not form.validate():
        return _form_page(form, patient_id, version=version, status=422)
    try:
        with db.transaction() as session:
            patient = people.edit(session, patient_id, facts=form.facts(), now=db.now(), expected_version=version)
            _contact(session, patient, prohibited=form.contact_prohibited.data)
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _form_page(form, patient_id, version=version, status=422)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."))


def _contact(session: Session, patient: Patient, *, prohibited: bool) -> None:
    """A person whom nobody may contact any more: what is under way ends. And the other way round."""
    if prohibited and not patient.contact_prohibited:
        endings.end(session, patient.id, Ending.UNSAFE, key=f"form:{patient.version}", now=db.now())
    elif patient.contact_prohibited and not prohibited and patient.closed_at is None:
        endings.reopen(session, patient.id, now=db.now())


def _new_form(zone: str | None = None) -> PatientForm:
    form = PatientForm(request.form if request.method == "POST" else None)
    form.offer_languages()
    form.offer_zones(zone)
    return form


def _filled_form(patient: Patient) -> PatientForm:
    home = people.household_of(patient)
    form = PatientForm(
        obj=patient,
        data={"adults": home.adults if home else None, "children": home.children if home else None},
    )
    form.offer_languages()
    form.offer_zones(patient.timezone)
    return form


def _form_page(
    form: PatientForm, patient_id: uuid.UUID | None, *, version: int | None = None, status: int = 200
) -> ResponseReturnValue:
    return htmx.render("caseload/patient_form.html", form=form, patient_id=patient_id, version=version, status=status)

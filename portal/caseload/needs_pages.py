"""A patient's needs: add one, change it, say what became of it, open it again."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Literal

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx, need_words
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import NeedForm, show_problem
from portal.security import safe_next
from referrals import need_changes, people
from referrals import needs as needs_rules
from referrals.errors import BadInputError
from referrals.need_changes import SETTLED
from resources_db.vocab import HelpWanted, NeedSource, Priority

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


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
    valid, at_risk = form.validate(), _date(form)
    if not valid or at_risk is False:
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
                details=(form.details.data or "").strip(),
                now=db.now(),
            )
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, status=422)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Need added."))


@blueprint.get("/needs/<uuid:need_id>/edit")
@needs("person.edit")
def edit_need(need_id: uuid.UUID) -> ResponseReturnValue:
    """The form of a need, filled."""
    with db.reading() as session:
        need = needs_rules.get(session, need_id)
        form = NeedForm(
            data={
                "help_wanted": need.help_wanted.value,
                "urgency": need.urgency.value,
                "date_at_risk": need.date_at_risk.isoformat() if need.date_at_risk else "",
                "details": need.details,
            }
        )
        patient_id, subneed = need.patient_id, needs_rules.subneed_of(need)
    form.offer_needs()
    return _page(patient_id, form, need_id=need_id, name=need_words.need(subneed))


@blueprint.post("/needs/<uuid:need_id>/edit")
@needs("person.edit")
def change_need(need_id: uuid.UUID) -> ResponseReturnValue:
    """The wish for help, how soon, until when, what to know. Every change is kept in the need's history."""
    with db.reading() as session:
        need = needs_rules.get(session, need_id)
        patient_id, subneed, source = need.patient_id, needs_rules.subneed_of(need), need.source
    form = _form()
    form.subneed.data, form.source.data = subneed, source.value
    valid, at_risk = form.validate(), _date(form)
    name = need_words.need(subneed)
    if not valid or at_risk is False:
        return _page(patient_id, form, status=422, need_id=need_id, name=name)
    try:
        with db.transaction() as session:
            need_changes.edit(
                session,
                need_id,
                help_wanted=HelpWanted(form.help_wanted.data),
                urgency=Priority(form.urgency.data),
                date_at_risk=at_risk,
                details=form.details.data or "",
                now=db.now(),
            )
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, status=422, need_id=need_id, name=name)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."))


@blueprint.post("/needs/<uuid:need_id>/settle")
@needs("person.edit")
def settle_need(need_id: uuid.UUID) -> ResponseReturnValue:
    """Met, not met, or no longer wanted, and how the care team learned it; undo opens it again."""
    status, method = SETTLED.get(request.form.get("as", "")), request.form.get("method", "talk")
    if status is None or method not in need_changes.METHODS:
        abort(400)
    with db.transaction() as session:
        patient_id = need_changes.settle(session, need_id, status, method=method, now=db.now()).patient_id
    undo_url = url_for("caseload.reopen_need", need_id=need_id)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."), undo_url=undo_url)


@blueprint.post("/needs/<uuid:need_id>/reopen")
@needs("person.edit")
def reopen_need(need_id: uuid.UUID) -> ResponseReturnValue:
    """It was not settled after all."""
    with db.reading() as session:
        patient_id = needs_rules.get(session, need_id).patient_id
    back = url_for("caseload.record", patient_id=patient_id)
    try:
        with db.transaction() as session:
            need_changes.reopen(session, need_id, now=db.now())
    except BadInputError:
        return htmx.redirect(back, toast=_("This need is open again already, further up."))
    return htmx.redirect(back, toast=_("The need is open again. Its days count on."))


def safe_return(path: str) -> str:
    """A page of ours to go back to, or nothing."""
    return safe_next(path) if path else ""


def _form() -> NeedForm:
    form = NeedForm(request.form if request.method == "POST" else None)
    form.offer_needs()
    return form


def _date(form: NeedForm) -> date | Literal[False] | None:
    """The day that was typed, None for an empty field, False (with the words beside the field) for no day."""
    typed = (form.date_at_risk.data or "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        show_problem(form, "date_at_risk", "not_a_date")
        return False


def _page(
    patient_id: uuid.UUID, form: NeedForm, *, status: int = 200, need_id: uuid.UUID | None = None, name: str = ""
) -> ResponseReturnValue:
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
    return htmx.render("caseload/need_form.html", status=status, form=form, person=person, need_id=need_id, name=name)

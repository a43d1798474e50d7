"""What a patient agreed to: record it, take it back. Without it nothing of the person leaves the house."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import catalog
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import needs_pages, presenters
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import AgreementForm, show_problem
from referrals import consent, people, revocation, senders, texting
from referrals.consent import BEHAVIORAL, ConsentForm, Recipient
from referrals.errors import BadInputError
from resources_db.needs import DOMAINS
from resources_db.vocab import ConsentMethod, TextingLevel

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

HOW = {ConsentMethod.VERBAL: "spoken", ConsentMethod.E_SIGN: "page", ConsentMethod.PAPER_SCAN: "paper"}


@blueprint.get("/patients/<uuid:patient_id>/consent")
@needs("consent.record")
def ask_consent(patient_id: uuid.UUID) -> ResponseReturnValue:
    """What to read aloud, and the form that keeps the answer."""
    form = _form()
    member = current.member()
    form.witness.data = member.name if member else ""
    form.texts.data = True
    # A page that knows who is missing says so: one agreement then covers all of them.
    form.domains.data = [domain for domain in request.args.getlist("share") if domain in DOMAINS]
    return _page(patient_id, form)


@blueprint.post("/patients/<uuid:patient_id>/consent")
@needs("consent.record")
def record_consent(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the patient agreed to; the welcome text goes out while they are still there."""
    form = _form()
    if not form.validate():
        return _page(patient_id, form, status=422)
    try:
        with db.transaction() as session:
            _record(session, patient_id, form, db.now())
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, status=422)
    back = needs_pages.safe_return(request.form.get("back", ""))
    return htmx.redirect(back or url_for("caseload.record", patient_id=patient_id), toast=_("Agreement saved."))


@blueprint.post("/patients/<uuid:patient_id>/consent/<uuid:consent_id>/revoke")
@needs("consent.revoke")
def revoke_consent(patient_id: uuid.UUID, consent_id: uuid.UUID) -> ResponseReturnValue:
    """The patient takes the agreement back: sending stops, links close, agencies are told to stop."""
    with db.transaction() as session:
        if consent.get(session, consent_id).patient_id != patient_id:
            abort(404)
        revocation.revoke(session, consent_id, how="staff", now=db.now())
    return htmx.redirect(
        url_for("caseload.record", patient_id=patient_id), toast=_("Agreement ended. Agencies are told to stop.")
    )


@blueprint.post("/patients/<uuid:patient_id>/texts/stop")
@needs("consent.revoke")
def stop_texts(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The patient wants no more texts."""
    with db.transaction() as session:
        texting.withdraw(session, patient_id=patient_id, how="staff", now=db.now())
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("No more texts to this patient."))


def _form() -> AgreementForm:
    form = AgreementForm(request.form if request.method == "POST" else None)
    form.offer_domains()
    return form


def _record(session: Session, patient_id: uuid.UUID, form: AgreementForm, now: datetime) -> None:
    patient = people.get(session, patient_id)
    method = ConsentMethod(form.method.data)
    domains: list[str] = form.domains.data or []
    if not domains and not form.texts.data:
        raise BadInputError("recipients", "missing")
    if domains:
        agreed = ConsentForm(
            recipients=tuple(Recipient(domain=domain) for domain in domains),
            method=method,
            language=patient.language,
            witness=form.witness.data or "",
            flags=(BEHAVIORAL,) if "behavioral_health" in domains else (),
            interpreter=form.interpreter.data,
        )
        consent.record(session, patient_id=patient_id, form=agreed, now=now)
    if form.texts.data:
        texting.record(
            session,
            patient_id=patient_id,
            level=TextingLevel.DETAILS if form.details.data else TextingLevel.NEUTRAL,
            how=HOW[method],
            language=patient.language,
            interpreter=form.interpreter.data,
            now=now,
        )


def _page(patient_id: uuid.UUID, form: AgreementForm, *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        sender = senders.of_org(session, patient.org_id)
        return htmx.render(
            "caseload/consent.html",
            status=status,
            form=form,
            person=presenters.person(patient, now=db.now()),
            has_phone=bool(patient.phone),
            script=texting.script(patient.language, sender.phone),
            script_english=texting.script("en", sender.phone),
            language_tag=presenters.language_tag(catalog.spoken(patient.language)),
            language_off=presenters.language_off(patient.language),
            back=needs_pages.safe_return(request.values.get("back", "")),
            ready=bool(request.args.getlist("share")),
        )

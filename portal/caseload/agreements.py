"""What a patient agreed to: record it, take it back. Without it nothing of the person leaves the house."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import catalog
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import agreement_asking, needs_pages, presenters
from portal.caseload.agreement_forms import AgreementForm
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import show_problem
from referrals import consent, people, revocation, senders, texting
from referrals.consent import BEHAVIORAL, ConsentForm, Recipient
from referrals.errors import BadInputError
from referrals.record_note import CHART
from resources_db.vocab import ConsentMethod, TextingLevel

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.caseload.agreement_asking import Asked

HOW = {ConsentMethod.VERBAL: "spoken", ConsentMethod.E_SIGN: "page", ConsentMethod.PAPER_SCAN: "paper"}


@blueprint.get("/patients/<uuid:patient_id>/consent")
@needs("consent.record")
def ask_consent(patient_id: uuid.UUID) -> ResponseReturnValue:
    """What to read aloud, and the form that keeps the answer; what somebody wants to send is ticked already."""
    form, asked = _form(patient_id)
    member = current.member()
    form.witness.data = member.name if member else ""
    form.domains.data = list(asked.domains)
    form.texts.data = True
    return _page(patient_id, form, asked)


@blueprint.post("/patients/<uuid:patient_id>/consent")
@needs("consent.record")
def record_consent(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the patient agreed to; the welcome text goes out while they are still there."""
    form, asked = _form(patient_id)
    if not form.validate():
        return _page(patient_id, form, asked, status=422)
    try:
        with db.transaction() as session:
            _record(session, patient_id, form, asked, db.now())
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, asked, status=422)
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


def _form(patient_id: uuid.UUID) -> tuple[AgreementForm, Asked]:
    form = AgreementForm(request.form if request.method == "POST" else None)
    with db.reading() as session:
        asked = agreement_asking.read(session, patient_id, now=db.now())
    form.offer((str(agency.id), agency.name) for agency in asked.general)
    return form, asked


def _record(session: Session, patient_id: uuid.UUID, form: AgreementForm, asked: Asked, now: datetime) -> None:
    patient = people.get(session, patient_id)
    method = ConsentMethod(form.method.data)
    domains: list[str] = form.domains.data or []
    recipients = [Recipient(domain=domain) for domain in domains]
    recipients += [Recipient(organization_id=uuid.UUID(number)) for number in form.agencies.data or []]
    if not recipients and not form.texts.data:
        raise BadInputError("recipients", "missing")
    if recipients:
        agreed = ConsentForm(
            recipients=tuple(recipients),
            method=method,
            language=patient.language,
            witness=form.witness.data or "",
            given_by=form.given_by.data or "patient",
            flags=_flags(domains, form, asked),
            interpreter=form.interpreter.data,
            expires_at=now + timedelta(days=int(form.lasts.data)),
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


def _flags(domains: list[str], form: AgreementForm, asked: Asked) -> tuple[str, ...]:
    behavioral = (BEHAVIORAL,) if _behavioral(domains, form, asked) else ()
    return (*behavioral, CHART) if form.chart.data else behavioral


def _behavioral(domains: list[str], form: AgreementForm, asked: Asked) -> bool:
    """Whether behavioral health was agreed to by its own tick, or by the name of an agency that was asked for it."""
    return "behavioral_health" in (*domains, *(asked.domains if form.agencies.data else ()))


def _page(patient_id: uuid.UUID, form: AgreementForm, asked: Asked, *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        sender = senders.of_org(session, patient.org_id)
        return htmx.render(
            "caseload/consent.html",
            status=status,
            form=form,
            asked=asked,
            person=presenters.person(patient, now=db.now()),
            has_phone=bool(patient.phone),
            script=texting.script(patient.language, sender.phone),
            script_english=texting.script("en", sender.phone),
            language_tag=presenters.language_tag(catalog.spoken(patient.language)),
            language_off=presenters.language_off(patient.language),
            back=needs_pages.safe_return(request.values.get("back", "")),
        )

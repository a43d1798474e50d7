"""The signed agreement for substance use treatment (42 CFR Part 2): one page with every element the rule asks for."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import agreement_asking, needs_pages, presenters
from portal.caseload.agreement_forms import ProtectedForm
from portal.caseload.blueprint import blueprint
from portal.caseload.forms import show_problem
from referrals import consent, people, senders
from referrals.consent import PART2, ConsentForm, Recipient
from referrals.errors import BadInputError
from resources_db.vocab import ConsentMethod

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from portal.caseload.agreement_asking import Asked

USUAL: Final = timedelta(days=90)
WORDING: Final = "part2-2026-11"


@blueprint.get("/patients/<uuid:patient_id>/consent/protected")
@needs("consent.record")
def ask_protected(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The form, filled as far as the send tells; nothing is ticked that the person must be asked."""
    form, asked, today = _form(patient_id)
    member = current.member()
    form.discloser.data = member.org_name if member else ""
    form.agencies.data = [str(one.id) for one in asked.protected]
    form.purpose.data = _("To ask for help and to arrange it")
    form.until.data, form.signed_on.data = today + USUAL, today
    return _page(patient_id, form, asked)


@blueprint.post("/patients/<uuid:patient_id>/consent/protected")
@needs("consent.record")
def record_protected(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Keep it when every element is there."""
    form, asked, _today = _form(patient_id)
    if not form.validate():
        return _page(patient_id, form, asked, status=422)
    try:
        with db.transaction() as session:
            patient = people.get(session, patient_id)
            zone = senders.org_of(session, patient.org_id).timezone
            agreed = _agreed(form, patient.language, zone)
            consent.record(session, patient_id=patient_id, form=agreed, now=db.now())
    except BadInputError as error:
        show_problem(form, error.field, error.problem)
        return _page(patient_id, form, asked, status=422)
    back = needs_pages.safe_return(request.form.get("back", ""))
    return htmx.redirect(back or url_for("caseload.record", patient_id=patient_id), toast=_("Agreement saved."))


def _form(patient_id: uuid.UUID) -> tuple[ProtectedForm, Asked, date]:
    form = ProtectedForm(request.form if request.method == "POST" else None)
    with db.reading() as session:
        asked = agreement_asking.read(session, patient_id, now=db.now())
        zone = senders.org_of(session, people.get(session, patient_id).org_id).timezone
    form.offer([(str(one.id), one.name) for one in asked.protected], asked.facts)
    return form, asked, formatting.local(db.now(), zone).date()


def _agreed(form: ProtectedForm, language: str, zone: str) -> ConsentForm:
    assert form.until.data is not None  # the form asks for it
    ends = datetime.combine(form.until.data, time.max, ZoneInfo(zone)).astimezone(UTC)
    return ConsentForm(
        recipients=tuple(Recipient(organization_id=uuid.UUID(number)) for number in form.agencies.data or ()),
        method=ConsentMethod(form.method.data),
        language=language,
        given_by=form.given_by.data or "patient",
        fields=tuple(form.fields.data or ()),
        flags=(PART2,),
        interpreter=form.interpreter.data,
        wording=WORDING,
        expires_at=ends,
        discloser=form.discloser.data or "",
        purpose=form.purpose.data or "",
        signed_on=form.signed_on.data,
        told=tuple(form.told.data or ()),
    )


def _page(patient_id: uuid.UUID, form: ProtectedForm, asked: Asked, *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
    return htmx.render(
        "caseload/protected.html",
        status=status,
        form=form,
        asked=asked,
        person=person,
        back=needs_pages.safe_return(request.values.get("back", "")),
    )

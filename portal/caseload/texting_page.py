"""What staff decide about texts to a patient: whether a doubtful reply meant STOP, whether a phone works again."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import texting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/patients/<uuid:patient_id>/texts/decide")
@needs("consent.revoke")
def decide_texts(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody has read what may have meant STOP."""
    decision = request.form.get("decision", "")
    if decision not in {"stop", "go_on"}:
        abort(400)
    with db.transaction() as session:
        texting.decide(session, patient_id=patient_id, go_on=decision == "go_on", now=db.now())
    words = _("Texts go on.") if decision == "go_on" else _("No more texts to this number.")
    return _back(patient_id, words)


@blueprint.post("/patients/<uuid:patient_id>/texts/again")
@needs("consent.record")
def text_again(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The phone that could not be reached works again."""
    with db.transaction() as session:
        texting.try_again(session, patient_id=patient_id, now=db.now())
    return _back(patient_id, _("The next text is tried again."))


def _back(patient_id: uuid.UUID, words: str) -> ResponseReturnValue:
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=words)

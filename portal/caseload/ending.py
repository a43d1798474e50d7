"""The page for a whole patient: died, moved away, wrong record, or nobody may contact the person. And the way back."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from referrals import endings, people
from referrals.endings import Ending

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from i18n.lazy import LazyText

MOST_KEY = 80
CHOICES: dict[Ending, LazyText] = {
    Ending.DIED: lazy("The person died"),
    Ending.MOVED: lazy("The person moved away"),
    Ending.WRONG_RECORD: lazy("This is the wrong record: facts of somebody else were sent"),
    Ending.UNSAFE: lazy("Nobody may contact the person now: it is not safe"),
}
CLOSED: dict[str, LazyText] = {
    Ending.DIED.value: lazy("Closed: the person died."),
    Ending.MOVED.value: lazy("Closed: the person moved away."),
    Ending.WRONG_RECORD.value: lazy("Closed: facts of somebody else were sent."),
}


@blueprint.get("/patients/<uuid:patient_id>/end")
@needs("person.edit")
def ask_ending(patient_id: uuid.UUID) -> ResponseReturnValue:
    """What would happen, before it does."""
    return _page(patient_id)


@blueprint.post("/patients/<uuid:patient_id>/end")
@needs("person.edit")
def end_patient(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw, stop and close in one transaction."""
    chosen = request.form.get("why", "")
    if chosen not in set(Ending):
        return _page(patient_id, problem=_("Choose what happened."), status=422)
    key = request.form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16)
    with db.transaction() as session:
        withdrawn = endings.end(session, patient_id, Ending(chosen), key=key, now=db.now())
    stopped = ngettext("%(num)s referral was stopped.", "%(num)s referrals were stopped.", withdrawn)
    target = url_for("caseload.record", patient_id=patient_id)
    undo = url_for("caseload.reopen_patient", patient_id=patient_id)
    return htmx.redirect(target, toast=_("Saved. %(more)s", more=stopped), undo_url=undo if not withdrawn else None)


@blueprint.post("/patients/<uuid:patient_id>/reopen")
@needs("person.edit")
def reopen_patient(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The record is open again; agencies were told to stop, so what was withdrawn has to be sent anew."""
    with db.transaction() as session:
        endings.reopen(session, patient_id, now=db.now())
    return htmx.redirect(
        url_for("caseload.record", patient_id=patient_id),
        toast=_("The record is open again. Stopped referrals stay stopped: send them again if they are needed."),
    )


def _page(patient_id: uuid.UUID, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        shut = patient.closed_at is not None
        return htmx.render(
            "caseload/end.html",
            status=status,
            person=presenters.person(patient, now=db.now()),
            patient_id=patient_id,
            closed=str(CLOSED.get(patient.closed_why or "", _("This patient’s record is closed."))) if shut else "",
            prohibited=patient.contact_prohibited,
            open_referrals=endings.open_count(session, patient_id),
            choices=[(one.value, str(words)) for one, words in CHOICES.items()],
            chosen=request.form.get("why", ""),
            problem=problem,
            key=secrets.token_urlsafe(16),
        )

"""Notes: the team's own, and the one for the health record that is copied by one key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Response, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from referrals import notes as note_rules
from referrals import people
from resources_db import audit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_NOTE = 4_000


@blueprint.get("/patients/<uuid:patient_id>/note")
@needs("person.read")
def note(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The note for the health record in a field, for those who copy by hand."""
    text = _text(patient_id)
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
    return htmx.render("caseload/note.html", person=person, text=text)


@blueprint.get("/patients/<uuid:patient_id>/note.txt")
@needs("person.read")
def note_text(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The same note as plain text, for the copy key."""
    return Response(_text(patient_id), mimetype="text/plain")


@blueprint.post("/patients/<uuid:patient_id>/notes")
@needs("referral.note.internal")
def add_note(patient_id: uuid.UUID) -> ResponseReturnValue:
    """A note of the team; it never leaves the org."""
    typed = request.form.get("body", "").strip()[:MOST_NOTE]
    if typed:
        with db.transaction() as session:
            note_rules.add(session, patient_id=patient_id, body=typed, now=db.now())
    words = _("Note saved.") if typed else _("The note was empty, so nothing was saved.")
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=words)


def _text(patient_id: uuid.UUID) -> str:
    member = current.member()
    assert member is not None
    with db.transaction() as session:
        audit.record(session, action="person.note", subject_kind="patient", subject_id=patient_id, now=db.now())
        return note_rules.for_record(session, patient_id, navigator_id=member.user_id, now=db.now())

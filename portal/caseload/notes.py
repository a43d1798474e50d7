"""Notes: the team's own, and the one for the health record that is copied by one key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Response, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from referrals import notes as note_rules
from referrals import people, record_note
from referrals.record_note import Choice
from resources_db import audit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_NOTE = 4_000


@blueprint.get("/patients/<uuid:patient_id>/note")
@needs("person.read")
def note(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The note for the health record in a field, for those who copy by hand; sensitive needs by tick only."""
    choice = _choice()
    text = _text(patient_id, choice)
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
        ticks = record_note.ticks(session, patient_id, now=db.now(), need_id=choice.need_id)
    boxes = [
        {
            "id": one.need_id,
            "label": need_words.need(one.subneed),
            "allowed": one.allowed,
            "ticked": one.need_id in choice.ticked,
        }
        for one in ticks
    ]
    here = url_for("caseload.note", patient_id=patient_id)
    one_need = str(choice.need_id or "")
    return htmx.render("caseload/note.html", person=person, text=text, boxes=boxes, here=here, one_need=one_need)


@blueprint.get("/patients/<uuid:patient_id>/note.txt")
@needs("person.read")
def note_text(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The same note as plain text, for the copy key."""
    return Response(_text(patient_id, _choice()), mimetype="text/plain")


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


def _choice() -> Choice:
    ticked = request.args.getlist("also", type=uuid.UUID)
    return Choice(need_id=request.args.get("need", type=uuid.UUID), ticked=frozenset(ticked))


def _text(patient_id: uuid.UUID, choice: Choice) -> str:
    member = current.member()
    assert member is not None
    with db.transaction() as session:
        audit.record(
            session,
            action="person.note",
            subject_kind="patient",
            subject_id=patient_id,
            now=db.now(),
            detail={"sensitive": len(choice.ticked)} if choice.ticked else None,
        )
        return record_note.write(session, patient_id, navigator_id=member.user_id, now=db.now(), choice=choice)

"""The tablet goes to the patient and comes back. In between this browser shows the questions and nothing else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import session as web_session
from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx, screening_words
from portal.auth import current, handed_over
from portal.auth.guards import needs, public
from portal.screening.blueprint import blueprint
from referrals import people, screening, screening_links
from referrals.errors import NotFoundError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SCREENING = "handed_over_screening"


@blueprint.get("/screenings/<uuid:screening_id>/tablet")
@needs("screening.ask")
def before_tablet(screening_id: uuid.UUID) -> ResponseReturnValue:
    """What happens when the tablet is handed over."""
    with db.reading() as session:
        row = screening.get(session, screening_id)
        patient = people.get(session, row.patient_id)
    return htmx.render(
        "screening/tablet.html",
        person=screening_words.head(patient),
        first_name=patient.first_name,
        screening_id=screening_id,
        language_name=formatting.language_name(row.language),
    )


@blueprint.post("/screenings/<uuid:screening_id>/tablet")
@needs("screening.ask")
def hand_over(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Lock this browser to the questions, and show the first one."""
    with db.transaction() as session:
        token = screening_links.hand_over(session, screening.get(session, screening_id, lock=True), now=db.now())
    web_session[SCREENING] = str(screening_id)
    handed_over.hand_over()
    return htmx.redirect(url_for("links.open_link", token=token))


@blueprint.get("/tablet")
@public
def back() -> ResponseReturnValue:
    """Whoever takes the tablet back proves who they are. Says nothing of anybody."""
    person = current.member()
    demo = person is not None and person.demo
    return htmx.render("screening/back.html", demo=demo, locked=handed_over.is_handed_over())


@blueprint.post("/tablet/back")
@public
def take_back() -> ResponseReturnValue:
    """The tablet is back: its page closes, the care team goes on with what was answered."""
    if current.member() is None or not handed_over.take_back():
        return htmx.redirect(url_for("screening.back"))
    where = _close_page()
    return htmx.redirect(where, toast=_("The tablet is yours again."))


def _close_page() -> str:
    """Shut the patient's page, and say where its answers stand."""
    try:
        screening_id = uuid.UUID(str(web_session.pop(SCREENING, "")))
        with db.transaction() as session:
            screening_links.hand_back(session, screening.get(session, screening_id), now=db.now())
    except (ValueError, NotFoundError):
        return "/"
    return url_for("screening.result", screening_id=screening_id)

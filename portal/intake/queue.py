"""The care team's queue of requests from the public: read one, take it up, answer no; each no can be taken back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, g, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx, nav
from portal.auth import current
from portal.auth.guards import needs
from portal.auth.permissions import allows
from portal.intake import rows, taking
from portal.templating import count_in_bar
from referrals import intake, take_up, takers
from referrals.errors import BadInputError, NotFoundError, TooLateError
from resources_db import audit
from resources_db.listing_key import ListingKey
from resources_db.models.tenants import Org
from resources_db.repositories import listings
from resources_db.vocab import IntakeState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from referrals.intake import Request
    from resources_db.repositories.listing import Listing

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

REMEMBERED: Final = timedelta(days=14)
NEW_PATIENT: Final = "new"
SAID: Final = {
    IntakeState.ANSWERED: "no",
    IntakeState.DUPLICATE: "duplicate",
    IntakeState.NOT_REAL: "not-real",
}


@blueprint.get("")
@needs("intake.work")
def queue() -> ResponseReturnValue:
    """Who waits, danger first; below it what was decided lately. Names are shown, so the look is audited."""
    person, now = _person(), db.now()
    with db.transaction() as session:
        waiting = intake.waiting(session)
        decided = intake.decided(session, since=now - REMEMBERED)
        places = _places(session, waiting)
        org = session.get_one(Org, person.org_id)
        on, areas = takers.settings_of(org)
        detail: dict[str, object] = {"waiting": len(waiting)}
        audit.record(session, action="intake.list", subject_kind="org", subject_id=org.id, now=now, detail=detail)
    return htmx.render(
        "intake/queue.html",
        waiting=[rows.waiting(one, places, now, person.timezone) for one in waiting],
        decided=[rows.decided(one, person.timezone) for one in decided],
        on=on,
        areas=" ".join(areas),
        may_switch=allows("org.settings", person.role),
    )


@blueprint.get("/<uuid:request_id>")
@needs("intake.work")
def read(request_id: uuid.UUID) -> ResponseReturnValue:
    """One request: everything that was typed, whom it may be from, and what can be done with it."""
    return _page(request_id, {})


@blueprint.post("/<uuid:request_id>/take-up")
@needs("intake.work")
def take(request_id: uuid.UUID) -> ResponseReturnValue:
    """Make a patient of the request, or tie it to one that was chosen from the matches."""
    chosen = request.form.get("patient", "")
    try:
        patient_id = None if chosen == NEW_PATIENT else uuid.UUID(chosen)
    except ValueError:
        return _page(request_id, {"patient": _("Choose who this is.")}, status=422)
    decision = take_up.Decision(patient_id, request.form.get("subneed", ""))
    try:
        with db.transaction() as session:
            patient = take_up.take_up(session, request_id, decision, now=db.now())
            where = url_for("caseload.record", patient_id=patient.id)
    except TooLateError:
        return _gone()
    return htmx.redirect(where, toast=_("Taken up. Call them: it stands on your list."))


@blueprint.post("/<uuid:request_id>/no")
@needs("intake.work")
def refuse(request_id: uuid.UUID) -> ResponseReturnValue:
    """Answer no, or call it a duplicate or not real."""
    state = next((one for one, word in SAID.items() if word == request.form.get("answer")), None)
    if state is None:
        return _page(request_id, {"answer": _("Choose an answer.")}, status=422)
    try:
        with db.transaction() as session:
            intake.refuse(session, request_id, state=state, why=request.form.get("why", ""), now=db.now())
    except BadInputError:
        return _page(request_id, {"why": _("Choose a reason.")}, status=422)
    except TooLateError:
        return _gone()
    undo = url_for("intake.put_back", request_id=request_id)
    return htmx.redirect(url_for("intake.queue"), toast=_("Answered. It waits again if you undo."), undo_url=undo)


@blueprint.post("/<uuid:request_id>/put-back")
@needs("intake.work")
def put_back(request_id: uuid.UUID) -> ResponseReturnValue:
    """The request waits again."""
    try:
        with db.transaction() as session:
            intake.put_back(session, request_id, now=db.now())
    except TooLateError:
        return _gone()
    return htmx.redirect(url_for("intake.queue"), toast=_("It waits again."))


@blueprint.post("/settings")
@needs("org.settings")
def switch() -> ResponseReturnValue:
    """Take requests from the public, or stop."""
    on, areas = request.form.get("on") == "on", request.form.get("areas", "")
    person = _person()
    try:
        with db.transaction() as session:
            takers.switch(session, person.org_id, on=on, areas=areas, now=db.now())
    except BadInputError:
        words = _("Type ZIPs, or their first 3 or 4 digits, with spaces between them.")
        return htmx.render("intake/settings.html", status=422, on=on, areas=areas, problem=words)
    except NotFoundError:
        return htmx.redirect("/")
    taking.forget()
    words = _("Requests from the public are on.") if on else _("Requests from the public are off.")
    return htmx.redirect(url_for("intake.queue"), toast=words)


def _page(request_id: uuid.UUID, problems: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    person, now = _person(), db.now()
    with db.transaction() as session:
        found = intake.opened(intake.get(session, request_id))
        alike = take_up.matches(session, found) if found.state is IntakeState.NEW else ()
        again = len(intake.same_number(session, intake.get(session, request_id)))
        place = _places(session, [found]).get(found.service_id) if found.service_id else None
        audit.record(session, action="intake.read", subject_kind="intake", subject_id=request_id, now=now)
        page = rows.page(found, alike, place, again, now, person.timezone)
    return htmx.render("intake/request.html", status=status, page=page, problems=problems, typed=request.form)


def _gone() -> ResponseReturnValue:
    return htmx.redirect(url_for("intake.queue"), toast=_("Somebody was faster: this request is settled."))


def _places(session: Session, requests: tuple[Request, ...] | list[Request]) -> dict[uuid.UUID, Listing]:
    """The places people asked about, in one query."""
    keys = [ListingKey(one.service_id, one.location_id) for one in requests if one.service_id]
    return {one.key.service_id: one for one in listings.load(session, keys, include_staff=True)} if keys else {}


def _person() -> Member:
    person = current.member()
    assert person is not None
    return person


def _waiting() -> int:
    """How many wait; asked once a request."""
    person = current.member()
    if person is None or not allows("intake.work", person.role):
        return 0
    if "intake_waiting" not in g:
        with db.reading() as session:
            g.intake_waiting = intake.count(session)
    return int(g.intake_waiting)


def _is_shown() -> bool:
    person = current.member()
    if person is None:
        return False
    own = any(one.org_id == person.org_id for one in taking.all_of_them())
    return own or allows("org.settings", person.role) or _waiting() > 0


count_in_bar("intake", _waiting)
nav.show_when("intake", _is_shown)

"""What is done about an item of Today by one key: done, snooze, a call written down, the next place; and taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx, next_places
from portal.auth.guards import needs
from portal.caseload import presenters, today, today_view
from portal.caseload.blueprint import blueprint
from referrals import calls, rereferral, senders, sight, texting, worklist
from referrals.errors import BadInputError, NotFoundError, TooLateError
from referrals.needs import is_protected, subneed_of
from resources_db.vocab import ContactResult

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from resources_db.models.referrals import WorklistItem

OPENS_AT = dt.time(8)
SNOOZES = {"tomorrow": 1, "3days": 3}
FARTHEST_DAYS = 366
R = ContactResult
CALLED: dict[ContactResult, LazyText] = {
    R.REACHED: lazy("Written down: you talked."),
    R.LEFT_MESSAGE: lazy("Written down: you left a message."),
    R.NO_ANSWER: lazy("Written down: no answer."),
    R.WRONG_NUMBER: lazy("Written down: wrong number. Texts to it stop."),
}


@blueprint.post("/today/<uuid:item_id>")
@needs("person.edit")
def act(item_id: uuid.UUID) -> ResponseReturnValue:
    """One thing done about one item, named by the button; it can be taken back for ten seconds."""
    what = request.form.get("do", "done")
    with db.transaction() as session:
        item = worklist.get(session, item_id)
        zone = senders.org_of(session, item.org_id).timezone
        if what == "wake":
            worklist.wake(session, item_id)
            return _after(_("Back on the list."))
        if what in set(R):
            words, undo = _called(session, item, R(what), zone)
        elif what in SNOOZES or what == "date":
            try:
                until = _morning(what, request.form.get("day", ""), zone)
            except ValueError:
                return _after(_("Choose a day that lies ahead, within a year."))
            worklist.snooze(session, item_id, until=until, now=db.now())
            words = _("Sleeps until %(day)s.", day=formatting.day(formatting.local(until, zone).date()))
            undo = _undo(item_id)
        elif texting.waits_for(session, item):
            return _after(_("Open the patient first and decide: may texts go on?"))
        else:
            worklist.done(session, item_id, now=db.now())
            words, undo = _("Done. It comes back if you undo."), _undo(item_id)
    return _after(words, undo)


@blueprint.post("/today/<uuid:item_id>/undo")
@needs("person.edit")
def take_back(item_id: uuid.UUID) -> ResponseReturnValue:
    """Bring an item back as it was: not done, awake, the call not made."""
    with db.transaction() as session:
        try:
            call = request.args.get("call", type=uuid.UUID)
            if call is not None:
                calls.undo(session, call, item_id=item_id, now=db.now())
            else:
                worklist.undo(session, item_id, now=db.now())
            words = _("Back on the list.")
        except TooLateError:
            words = _("Too late to undo. You can write a reminder on the patient's page.")
    return _after(words, row=item_id)


@blueprint.get("/today/<uuid:item_id>/next")
@needs("referral.create")
def next_place(item_id: uuid.UUID) -> ResponseReturnValue:
    """The send page with the best of the next places chosen; the search where none is left. Nothing is written."""
    now = db.now()
    with db.reading() as session:
        item = worklist.peek(session, item_id)
        places = rereferral.of_item(session, item, next_places.finder(session, db.runtime().search), now=now)
        last, need = rereferral.last_of(session, item), rereferral.need_of(session, item)
        if need is not None and is_protected(need) and not sight.sees_need(need):
            raise NotFoundError
        patient_id, subneed = item.patient_id, subneed_of(need) if need is not None else ""
        previous = last.id if last is not None else None
    if not places:
        return htmx.redirect(presenters.search_for(patient_id, subneed))
    return htmx.redirect(
        url_for(
            "caseload.compose",
            patient_id=patient_id,
            listing=[str(places[0].key)],
            next=[str(one.key) for one in places[1:]],
            need=[subneed],
            previous=previous,
            today="y",
        )
    )


@blueprint.post("/patients/<uuid:patient_id>/calls")
@needs("person.edit")
def log_call(patient_id: uuid.UUID) -> ResponseReturnValue:
    """A call to a patient, written down from the patient's page."""
    result = request.form.get("do", "")
    if result not in set(R):
        raise BadInputError("do", "unknown")
    with db.transaction() as session:
        calls.log(session, patient_id=patient_id, result=R(result), now=db.now())
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=str(CALLED[R(result)]))


def _called(session: Session, item: WorklistItem, result: ContactResult, zone: str) -> tuple[str, str]:
    logged = calls.log(session, patient_id=item.patient_id, result=result, item_id=item.id, now=db.now())
    words = str(CALLED[result])
    if logged.sleeps_until is not None:
        again = formatting.date_time(logged.sleeps_until, zone)
        words = formatting.sentences([words, _("It comes back %(when)s.", when=again)])
    return words, _undo(item.id, call=logged.attempt.id)


def _undo(item_id: uuid.UUID, call: uuid.UUID | None = None) -> str:
    pairs = today_view.asked().pairs() | ({"call": str(call)} if call is not None else {})
    way = url_for("caseload.take_back", item_id=item_id)
    return f"{way}?{urlencode(pairs)}" if pairs else way


def _morning(what: str, typed: str, zone: str) -> dt.datetime:
    """The morning an item sleeps until. Raises ValueError for a day that is none, has come, or is too far."""
    local = formatting.local(db.now(), zone)
    day = local.date() + dt.timedelta(days=SNOOZES[what]) if what in SNOOZES else dt.date.fromisoformat(typed.strip())
    if not local.date() < day <= local.date() + dt.timedelta(days=FARTHEST_DAYS):
        raise ValueError(what)
    return dt.datetime.combine(day, OPENS_AT, local.tzinfo).astimezone(dt.UTC)


def _after(words: str, undo: str | None = None, row: uuid.UUID | None = None) -> ResponseReturnValue:
    """htmx gets the new list at once; a plain form goes back to it."""
    view = today_view.asked()
    if htmx.wants_fragment():
        return htmx.with_toast(today.page(view), words, undo_url=undo, seconds=10)
    htmx.say_later(words, undo)
    return htmx.redirect(view.href() + (f"#todo-{row}" if row is not None else ""))

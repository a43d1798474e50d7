"""One referral: what the navigator learned is written down through the one door, in the words of who said it."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import next_places, presenters, reason_words
from portal.caseload.blueprint import blueprint
from portal.caseload.record import attempt_card
from referrals import lifecycle, people, progress, reasons, record, senders
from referrals.by import By
from referrals.errors import ChangedMeanwhileError, MoveRefusedError
from referrals.lifecycle import RefusalCode
from referrals.progress import Said
from resources_db import audit
from resources_db.vocab import Channel, Reason, ReferralState, Side

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from i18n.lazy import LazyText

S = ReferralState
MOST_TEXT = 1_000
MOST_KEY = 80

REFUSED: dict[RefusalCode, LazyText] = {
    RefusalCode.ENDED: lazy("This referral has ended. Send a new one instead."),
    RefusalCode.NO_SUCH_MOVE: lazy("This step is not possible from where the referral is now."),
    RefusalCode.NOT_YOURS: lazy("Only the agency can say this."),
    RefusalCode.REASON_MISSING: lazy("Choose a reason."),
    RefusalCode.REASON_WRONG: lazy("This reason does not go with this answer. Choose another one."),
    RefusalCode.TEXT_MISSING: lazy("Write a few words about the reason."),
    RefusalCode.SAID_BY_MISSING: lazy("Write who at the agency said it, such as “phone: Denise”."),
    RefusalCode.DATE_MISSING: lazy("Type the date as year-month-day."),
    RefusalCode.STATUS_WRONG: lazy("This step is not possible from where the referral is now."),
    RefusalCode.BACKWARD_ATTEMPT: lazy("A later try is written down already."),
    RefusalCode.TOO_FEW_ATTEMPTS: lazy("Could not reach needs three tries over five work days."),
}
FIELD_OF = {
    RefusalCode.REASON_MISSING: "reason",
    RefusalCode.REASON_WRONG: "reason",
    RefusalCode.TEXT_MISSING: "text",
    RefusalCode.SAID_BY_MISSING: "said_by",
    RefusalCode.DATE_MISSING: "next_on",
}
LEARNED: dict[ReferralState, LazyText] = {
    S.ACCEPTED: lazy("The agency says yes"),
    S.CONTACTING: lazy("The agency tries to reach the patient"),
    S.SCHEDULED: lazy("There is a date"),
    S.MISSED: lazy("The patient missed the date"),
    S.NEEDS_CLIENT: lazy("The agency needs papers"),
    S.RECEIVING: lazy("Help has begun"),
    S.WAITLISTED: lazy("The patient is on a waitlist"),
    S.SERVED: lazy("The patient got help there"),
    S.PARTLY_SERVED: lazy("The patient got part of it"),
    S.DECLINED: lazy("The agency says no"),
    S.NOT_SERVED: lazy("The agency could not help after all"),
    S.WITHDRAWN: lazy("We stop this referral"),
}


@blueprint.get("/referrals/<uuid:referral_id>")
@needs("referral.read")
def referral(referral_id: uuid.UUID) -> ResponseReturnValue:
    """One referral: its rail, and the form for what was learned by phone. It names the patient, so it is audited."""
    with db.transaction() as session:
        audit.record(
            session,
            action="person.read",
            subject_kind="patient",
            subject_id=progress.seen(session, referral_id).patient_id,
            now=db.now(),
            detail={"page": "referral"},
        )
    return _page(referral_id, {})


@blueprint.post("/referrals/<uuid:referral_id>")
@needs("referral.move")
def move_referral(referral_id: uuid.UUID) -> ResponseReturnValue:
    """Write down what was learned. A page older than the referral is refused with the present state."""
    typed = request.form
    to = typed.get("to", "")
    if to not in set(LEARNED):
        return _page(referral_id, {"to": _("Choose what you learned.")}, status=422)
    try:
        day = _day(typed.get("next_on", ""))
    except ValueError:
        return _page(referral_id, {"next_on": str(REFUSED[RefusalCode.DATE_MISSING])}, status=422)
    try:
        clock = _clock(typed.get("at_clock", ""))
    except ValueError:
        return _page(referral_id, {"at_clock": _("Type the time such as 14:30, or leave it empty.")}, status=422)
    said = Said(
        reason=Reason(typed["reason"]) if typed.get("reason") in set(Reason) else None,
        text=typed.get("text", "")[:MOST_TEXT],
        next_on=day,
        at_clock=clock,
    )
    ours = to == S.WITHDRAWN
    by = By(Side.NAVIGATOR, Channel.PHONE, "" if ours else typed.get("said_by", "").strip())
    try:
        with db.transaction() as session:
            moved = progress.move(
                session,
                referral_id,
                to=S(to),
                by=by,
                key=typed.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16),
                now=db.now(),
                said=said,
                expected_version=typed.get("version", type=int),
            )
            patient_id = moved.referral.patient_id
    except MoveRefusedError as error:
        code = error.refusal.code
        return _page(referral_id, {FIELD_OF.get(code, "to"): str(REFUSED[code])}, status=422)
    except ChangedMeanwhileError:
        words = _("Somebody was faster. The page shows how it stands now; what you typed is kept.")
        return _page(referral_id, {"to": words}, status=409)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Saved."))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text.strip()) if text.strip() else None


def _clock(text: str) -> dt.time | None:
    return dt.time.fromisoformat(text.strip()).replace(tzinfo=None) if text.strip() else None


def _page(referral_id: uuid.UUID, problems: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        found = record.attempt(session, referral_id)
        patient = people.get(session, found.referral.patient_id)
        zone = senders.org_of(session, found.referral.org_id).timezone
        state = found.referral.state
        possible = [to for to in lifecycle.next_moves(state, Side.NAVIGATOR) if to in LEARNED]
        possible += [S.SCHEDULED] if state is S.SCHEDULED else []  # the date has changed
        contact = found.contact
        return htmx.render(
            "caseload/referral.html",
            block="main",
            status=status,
            person=presenters.person(patient, now=db.now()),
            first_name=patient.first_name,
            card=attempt_card(found, patient.first_name, patient.language, zone),
            choices=[(to.value, str(LEARNED[to])) for to in possible],
            reasons=_reasons(possible),
            typed=request.form,
            problems=problems,
            version=found.referral.version,
            key=secrets.token_urlsafe(16),
            contact_words=" · ".join(word for word in (contact.name, contact.best_time) if word) if contact else "",
            next_search=presenters.search_for(patient.id, found.subneed),
            next_places=next_places.of(session, found.referral, now=db.now()),
            referral_id=referral_id,
        )


def _reasons(possible: list[ReferralState]) -> list[tuple[str, str]]:
    """The reasons any of the possible answers may need, each once."""
    codes = dict.fromkeys(code for to in possible for code in reasons.allowed(to, Side.NAVIGATOR))
    return [("", _("No reason needed")), *((code.value, reason_words.agency(code)) for code in codes)]

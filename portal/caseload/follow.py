"""One referral: what the navigator learned is written down through the one door, in the words of who said it."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import learned, next_places, presenters
from portal.caseload.blueprint import blueprint
from portal.caseload.learned import FIELD_OF, LEARNED, REFUSED, Picked
from portal.caseload.record import attempt_card
from referrals import by, corrections, heard, lifecycle, people, progress, record, senders
from referrals.answers import PatientSays
from referrals.by import By
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, TooLateError
from referrals.lifecycle import RefusalCode
from referrals.outcomes import Agreement
from referrals.progress import Said
from resources_db import audit
from resources_db.vocab import Channel, ReferralState, Side

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.record import Attempt
    from resources_db.models.referrals import Referral

S = ReferralState
MOST_TEXT = 1_000
MOST_KEY = 80
TODAY = "today"
BY_PHONE = By(Side.NAVIGATOR, Channel.PHONE)


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
    picked = learned.read(request.form.get("to", ""), request.form.get("reason", ""))
    if picked is None:
        return _page(referral_id, {"to": _("Choose what you learned.")}, status=422)
    try:
        said = _said(picked)
    except ValueError as problem:
        field = str(problem)
        words = str(REFUSED[RefusalCode.DATE_MISSING])
        clock = _("Type the time such as 14:30, or leave it empty.")
        return _page(referral_id, {field: words if field == "next_on" else clock}, status=422)
    try:
        with db.transaction() as session:
            now_at = _write(picked, referral_id, said, session=session)
            patient_id = now_at.patient_id
            back = corrections.may_undo(session, now_at, by=by.NAVIGATOR, now=db.now()) and picked.to is not None
            undo = url_for("caseload.wrong_button", referral_id=now_at.id) if back else None
    except MoveRefusedError as error:
        code = error.refusal.code
        return _page(referral_id, {FIELD_OF.get(code, "to"): str(REFUSED[code])}, status=422)
    except ChangedMeanwhileError as error:
        return _page(referral_id, {"to": _faster(error)}, status=409)
    return htmx.redirect(_onward(patient_id), toast=_("Saved."), undo_url=undo)


@blueprint.post("/referrals/<uuid:referral_id>/wrong")
@needs("referral.move")
def wrong_button(referral_id: uuid.UUID) -> ResponseReturnValue:
    """The wrong button was pressed: the question is open again, as a new referral that says what it corrects."""
    key = f"wrong:{request.form.get('key', '')[:MOST_KEY] or referral_id}"
    with db.transaction() as session:
        try:
            again = corrections.undo(session, referral_id, by=by.NAVIGATOR, key=key, now=db.now())
        except TooLateError:
            return htmx.redirect(
                url_for("caseload.referral", referral_id=referral_id),
                toast=_("Too late to take back. Write what is true as a new word."),
            )
        words = (
            _("Taken back. Choose what is right.")
            if again.state in lifecycle.OPEN
            else _("The agreement or the need has ended, so it stays as it is. A note says that it was a mistake.")
        )
        target = url_for("caseload.referral", referral_id=again.id, _anchor="learned")
    return htmx.redirect(target, toast=words)


def _write(picked: Picked, referral_id: uuid.UUID, said: Said, *, session: Session) -> Referral:
    """Through the one door: an agency's word, the patient's, or what the care team found."""
    key = request.form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16)
    now = db.now()
    if picked.found:
        helped = picked.found == heard.HELPED
        return heard.found_out(session, referral_id, helped=helped, text=said.text, key=key, now=now)
    if picked.word is not None:
        patient = people.get(session, progress.seen(session, referral_id).patient_id)
        says = PatientSays(picked.word, text=said.text, language=patient.language, referral_id=referral_id)
        return heard.from_patient(session, referral_id, says, by=BY_PHONE, key=key, now=now)
    assert picked.to is not None
    ours = picked.to is S.WITHDRAWN
    told_by = "" if ours else request.form.get("said_by", "").strip()
    return progress.move(
        session,
        referral_id,
        to=picked.to,
        by=By(Side.NAVIGATOR, Channel.PHONE, told_by),
        key=key,
        now=now,
        said=said,
        expected_version=request.form.get("version", type=int),
    ).referral


def _said(picked: Picked) -> Said:
    """What was typed beside the answer; raises ValueError naming the box that does not hold."""
    typed = request.form
    try:
        day = _day(typed.get("next_on", ""))
    except ValueError:
        raise ValueError("next_on") from None
    try:
        clock = _clock(typed.get("at_clock", ""))
    except ValueError:
        raise ValueError("at_clock") from None
    return Said(reason=picked.reason, text=typed.get("text", "")[:MOST_TEXT], next_on=day, at_clock=clock)


def _faster(error: ChangedMeanwhileError) -> str:
    """What the loser of a race is told: how it stands now, who said so, and when."""
    state = LEARNED.get(error.state)
    member = current.member()
    if state is None or error.at is None or member is None:
        return _("Somebody was faster. The page shows how it stands now; what you typed is kept.")
    return _(
        "Somebody was faster: “%(state)s”, %(when)s. The page shows how it stands now; what you typed is kept.",
        state=str(state),
        when=formatting.date_time(error.at, member.timezone),
    )


def _onward(patient_id: uuid.UUID) -> str:
    if request.form.get("back") == TODAY:
        return url_for("caseload.today")
    return url_for("caseload.record", patient_id=patient_id)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text.strip()) if text.strip() else None


def _clock(text: str) -> dt.time | None:
    return dt.time.fromisoformat(text.strip()).replace(tzinfo=None) if text.strip() else None


def _page(referral_id: uuid.UUID, problems: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    now = db.now()
    with db.reading() as session:
        found = record.attempt(session, referral_id)
        patient = people.get(session, found.referral.patient_id)
        zone = senders.org_of(session, found.referral.org_id).timezone
        contact = found.contact
        groups = learned.groups(found)
        return htmx.render(
            "caseload/referral.html",
            block="main",
            status=status,
            person=presenters.person(patient, now=now),
            first_name=patient.first_name,
            closed=patient.closed_at is not None,
            prohibited=patient.contact_prohibited,
            safe_contact=patient.safe_contact,
            card=attempt_card(found, patient.first_name, patient.language, zone),
            groups=groups,
            ended=found.referral.state in lifecycle.TERMINAL,
            below=found.referral.state in lifecycle.TERMINAL and found.outcome.agreement is not Agreement.DISAGREE,
            send_href=_send_href(found),
            wrong=corrections.may_undo(session, found.referral, by=by.NAVIGATOR, now=now),
            said_by=request.form.get("said_by", _who_says(found)),
            typed=request.form,
            back=request.form.get("back", request.args.get("back", "")),
            problems=problems,
            version=found.referral.version,
            key=secrets.token_urlsafe(16),
            service_id=found.referral.service_id,
            contact_words=" · ".join(word for word in (contact.name, contact.best_time) if word) if contact else "",
            next_search=presenters.search_for(patient.id, found.subneed),
            next_places=next_places.of(session, found.referral, now=now),
            referral_id=referral_id,
        )


def _send_href(found: Attempt) -> str:
    """Where a draft is looked at and sent; nothing for what has left."""
    if found.referral.state is not S.DRAFT or found.listing is None:
        return ""
    return url_for("caseload.compose", patient_id=found.referral.patient_id, listing=str(found.listing.key))


def _who_says(found: Attempt) -> str:
    """Who most likely said it: who said the last word, else the contact on file, else the place. It can be changed."""
    told = next((event.said_by for event in reversed(found.events) if event.said_by), None)
    name = found.contact.name if found.contact is not None and found.contact.name else found.place
    return told or (_("phone: %(name)s", name=name) if name else "")

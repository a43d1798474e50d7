"""The patient's page behind a link: places, one question, five answers. No script, no cookie; a GET changes nothing."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n import formatting
from portal import db, errors, htmx, limits
from portal.auth import link_guard
from portal.auth.guards import link
from portal.links import opens
from portal.patient import new_link, places, visits
from portal.patient.answer_words import HEAR_FROM_US, REASONS, SOLVED, THANKS
from portal.patient.blueprint import asked, blueprint, speak
from portal.patient.page import Behind, Spot, behind
from referrals import business_days, by, links, progress, take_back
from referrals.answers import PatientSays
from referrals.errors import NotFoundError, TooLateError
from resources_db.limits import Limit
from resources_db.vocab import LinkPurpose, PatientReason, PatientWord, Question

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["blueprint", "new_link", "visits"]

MOST_KEY: Final = 80
ANSWERS_BY_LINK: Final = Limit("patient.answers", 60, timedelta(hours=1))
ABOUT_NEED: Final = frozenset(word for word, _, _ in SOLVED)


@opens(LinkPurpose.PATIENT)
def page(token: str) -> ResponseReturnValue:
    """The places, or a page that says nothing where the need is sensitive."""
    with db.reading() as session:
        found = behind(session, link_guard.opened(), db.now())
    if found is None:
        return errors.link_not_working()
    speak(found)
    if found.sensitive:
        open_url = url_for("patient.open_page", token=token, l=asked())
        return _show("patient/neutral.html", token, found, open_url=open_url)
    return _places(token, found)


@blueprint.post("/r/<token>/open")
@link("patient")
def open_page(token: str) -> ResponseReturnValue:
    """The places of a sensitive send: only a pressed button shows them, and they stay out of the browser's history."""
    with db.transaction() as session:
        found = behind(session, link_guard.opened(), db.now())
        links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
    if found is None:
        return errors.link_not_working()
    speak(found)
    return _places(token, found)


@blueprint.post("/r/<token>/answer")
@link("patient")
def answer(token: str) -> ResponseReturnValue:
    """Keep the patient's word about one place, or about all. "I could not" asks one reason first."""
    limits.count(ANSWERS_BY_LINK, link_guard.opened().id.hex)
    word, reason = _word(), _reason()
    with db.reading() as session:
        found = behind(session, link_guard.opened(), db.now())
    ref = request.form.get("place", "")
    spot = found.spot(ref) if found is not None else None
    if found is None or word is None or (ref and spot is None) or not _fits(word, spot, found):
        return errors.link_not_working()
    key = request.form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16)
    speak(found)
    if word is PatientWord.COULD_NOT and reason is None:
        offered = [(code.value, str(words)) for code, words in REASONS.items()]
        name = spot.listing.name if spot and len(found.spots) > 1 and not found.sensitive else ""
        return _show("patient/reasons.html", token, found, key=key, reasons=offered, ref=ref, place_name=name)
    with db.transaction() as session:
        links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
        says = _says(word, reason, spot, found)
        progress.answer(session, found.batch_id, says=says, by=by.PATIENT_LINK, key=f"page:{key}", now=db.now())
    if word is PatientWord.WRONG_PERSON:
        return _thanks(token, found, word)  # the link is closed now, so there is no page to go to
    return htmx.redirect(url_for("patient.thanks", token=token, said=word.value, l=asked()))


@blueprint.post("/r/<token>/back")
@link("patient")
def back(token: str) -> ResponseReturnValue:
    """The wrong button was pressed: the answer counts no more, and the page asks again."""
    limits.count(ANSWERS_BY_LINK, link_guard.opened().id.hex)
    with db.reading() as session:
        found = behind(session, link_guard.opened(), db.now())
    if found is None:
        return errors.link_not_working()
    try:
        answer_id = uuid.UUID(request.form.get("of", ""))
        with db.transaction() as session:
            take_back.take_back(session, found.batch_id, answer_id, by=by.PATIENT_LINK, now=db.now())
    except TooLateError:
        pass  # the page shows the answer as it stands; another one may be given any time
    except (ValueError, NotFoundError):
        return errors.link_not_working()
    return htmx.redirect(url_for("links.open_link", token=token, l=asked()))


@blueprint.get("/r/<token>/thanks/<said>")
@link("patient")
def thanks(token: str, said: str) -> ResponseReturnValue:
    """Says that the answer arrived and what happens next."""
    with db.reading() as session:
        found = behind(session, link_guard.opened(), db.now())
    if found is None or said not in set(THANKS):
        return errors.link_not_working()
    speak(found)
    return _thanks(token, found, PatientWord(said))


def _thanks(token: str, found: Behind, word: PatientWord) -> ResponseReturnValue:
    title, text = THANKS[word]
    day = formatting.local(business_days.later(db.now(), 1, found.zone), found.zone).date()
    newest = found.given[0] if found.given else None
    return _show(
        "patient/thanks.html",
        token,
        found,
        said=str(title),
        said_more=str(text),
        by_day=formatting.long_day(day) if word in HEAR_FROM_US else "",
        undo=newest.undo if newest is not None and newest.word is word else "",
        back_url=url_for("patient.back", token=token, l=asked()),
    )


def _places(token: str, found: Behind) -> ResponseReturnValue:
    context = places.context(found, token, db.now())
    return _show(
        "patient/places.html",
        token,
        found,
        back_url=url_for("patient.back", token=token, l=asked()),
        key=secrets.token_urlsafe(16),
        **context,
    )


def _show(template: str, token: str, found: Behind, **more: object) -> ResponseReturnValue:
    code = asked()
    context = {
        "sender": found.sender.org,
        "navigator": found.sender.staff,
        "phone": found.sender.phone,
        "answer_url": url_for("patient.answer", token=token, l=code),
        "not_for_me": url_for("patient.answer", token=token, l=code),
        "here_url": url_for("links.open_link", token=token, l=code),
        "leave": found.sensitive,
        **more,
    }
    return htmx.render(template, block=None, status=200, **context)


def _says(word: PatientWord, reason: PatientReason | None, spot: Spot | None, found: Behind) -> PatientSays:
    spoken = asked() or found.language
    if word in ABOUT_NEED and spot is not None:
        return PatientSays(word, question=Question.DAY_30, language=spoken, need_id=spot.need_id)
    about = spot.referral_id if spot is not None else None
    return PatientSays(word, reason=reason, language=spoken, referral_id=about)


def _fits(word: PatientWord, spot: Spot | None, found: Behind) -> bool:
    """Whether the page could have sent this: "solved" is about a need it asks about, or was just told."""
    if word not in ABOUT_NEED:
        return True
    told = {one.need_id for one in found.given if one.need_id is not None}
    return spot is not None and spot.need_id in {*found.solved_asked, *told}


def _word() -> PatientWord | None:
    asked = request.form.get("answer", "")
    return PatientWord(asked) if asked in set(THANKS) else None


def _reason() -> PatientReason | None:
    asked = request.form.get("reason", "")
    return PatientReason(asked) if asked in set(PatientReason) else None

"""The patient's page behind a link: places, one question, five answers. No script, no cookie; a GET changes nothing."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n import catalog
from i18n.catalog import patient as patient_words
from portal import db, errors, htmx, place_words
from portal.auth import link_guard
from portal.auth.guards import link
from portal.links import opens
from portal.patient import visits
from portal.patient.blueprint import asked, blueprint, speak
from portal.patient.page import Behind, behind
from referrals import by, links, progress
from referrals.answers import PatientSays
from resources_db.repositories import listing_texts
from resources_db.vocab import LinkPurpose, PatientReason, PatientWord

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MAP_SEARCH: Final = "https://www.openstreetmap.org/search"
MOST_KEY: Final = 80
P = patient_words.lazy_gettext

# Translators: Why a patient could not get help; each is a button.
REASONS: Final = {
    PatientReason.NO_ANSWER: P("Nobody answered"),
    PatientReason.CLOSED: P("It was closed"),
    PatientReason.FULL: P("They had no room or no more to give"),
    PatientReason.NOT_ELIGIBLE: P("They said it is not for me"),
    PatientReason.COULD_NOT_GET_THERE: P("I could not get there"),
    PatientReason.LANGUAGE: P("Nobody spoke my language"),
    PatientReason.PAPERS: P("I did not have the papers"),
    PatientReason.TOO_FAR: P("It was too far"),
    PatientReason.COST: P("It cost too much"),
    PatientReason.FELT_UNWELCOME: P("I did not feel welcome"),
    PatientReason.OTHER: P("Something else"),
}
THANKS: Final = {
    PatientWord.GOT_HELP: (P("Thank you"), P("We are glad you got help.")),
    PatientWord.COULD_NOT: (P("Thank you for telling us"), P("Your care manager will look for another place.")),
    PatientWord.NOT_NEEDED: (P("Thank you for telling us"), P("We will not ask about this again.")),
    PatientWord.OTHER_HELP: (P("Thank you"), P("Your care manager will call you about other help.")),
    PatientWord.CALL_ME: (P("We will call you"), P("Your care manager got your message just now.")),
    PatientWord.WRONG_PERSON: (P("Sorry about that"), P("We will send no more texts to this number.")),
}


@opens(LinkPurpose.PATIENT)
def page(token: str) -> ResponseReturnValue:
    """The places, or a page that says nothing where the need is sensitive."""
    with db.reading() as session:
        found = behind(session, link_guard.opened())
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
        found = behind(session, link_guard.opened())
        links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
    if found is None:
        return errors.link_not_working()
    speak(found)
    return _places(token, found)


@blueprint.post("/r/<token>/answer")
@link("patient")
def answer(token: str) -> ResponseReturnValue:
    """Keep the patient's word. "I could not" asks one reason first."""
    word, reason = _word(), _reason()
    with db.reading() as session:
        found = behind(session, link_guard.opened())
    if found is None or word is None:
        return errors.link_not_working()
    key = request.form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16)
    speak(found)
    if word is PatientWord.COULD_NOT and reason is None:
        offered = [(code.value, str(words)) for code, words in REASONS.items()]
        return _show("patient/reasons.html", token, found, key=key, reasons=offered)
    says = PatientSays(word=word, reason=reason, language=asked() or found.language)
    with db.transaction() as session:
        links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
        progress.answer(session, found.batch_id, says=says, by=by.PATIENT_LINK, key=f"page:{key}", now=db.now())
    if word is PatientWord.WRONG_PERSON:
        return _thanks(token, found, word)  # the link is closed now, so there is no page to go to
    return htmx.redirect(url_for("patient.thanks", token=token, said=word.value, l=asked()))


@blueprint.get("/r/<token>/thanks/<said>")
@link("patient")
def thanks(token: str, said: str) -> ResponseReturnValue:
    """Says that the answer arrived and what happens next."""
    with db.reading() as session:
        found = behind(session, link_guard.opened())
    if found is None or said not in set(THANKS):
        return errors.link_not_working()
    speak(found)
    return _thanks(token, found, PatientWord(said))


def _thanks(token: str, found: Behind, word: PatientWord) -> ResponseReturnValue:
    title, text = THANKS[word]
    return _show("patient/places.html", token, found, said=str(title), said_more=str(text))


def _places(token: str, found: Behind) -> ResponseReturnValue:
    now = db.now()
    with db.reading() as session:
        own = listing_texts.of_services(
            session, [one.service_id for one in found.listings], catalog.current_language().code
        )
        told = visits.told(session, found, token, now)
    maps = "" if found.sensitive else MAP_SEARCH  # a map's host must not learn where somebody goes for this
    places = [
        place_words.place(one, now=now, map_url=maps, own=own.get(one.service_id, place_words.NOTHING))
        for one in found.listings
    ]
    return _show(
        "patient/places.html",
        token,
        found,
        said="",
        said_more="",
        places=places,
        told=told,
        key=secrets.token_urlsafe(16),
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
        **more,
    }
    return htmx.render(template, block=None, status=200, **context)


def _word() -> PatientWord | None:
    asked = request.form.get("answer", "")
    return PatientWord(asked) if asked in set(THANKS) else None


def _reason() -> PatientReason | None:
    asked = request.form.get("reason", "")
    return PatientReason(asked) if asked in set(PatientReason) else None

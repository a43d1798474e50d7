"""Answers to a referral: the large buttons, the step some of them need, the thanks, ten minutes of way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.agency import given, page, passes, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from referrals import agency
from referrals.agency_choices import Choice
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, StepUpNeededError, TooLateError
from resources_db.vocab import ReferralState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.agency.page import Seen
    from referrals.agency_choices import Answer

ASKS_DATE = {ReferralState.WAITLISTED: Choice.WAITLIST.value, ReferralState.ACCEPTED: Choice.NEXT_STEP.value}
"""After these a day helps, and is asked for on the thanks page."""


@blueprint.post("/r/<token>/agency/answer")
@link("agency")
def answer(token: str) -> ResponseReturnValue:
    """Keep the agency's word. "No" asks one reason first, a date its day."""
    choice = given.choice()
    if choice is None:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    try:
        said = given.answer(choice)
    except ValueError:
        return _step(token, choice, given.no_such_day())
    if given.incomplete(said):
        return _step(token, choice, given.missing(said))
    try:
        _keep(said)
    except StepUpNeededError:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    except MoveRefusedError as error:
        if error.refusal.code in given.TO_MEND:
            return _step(token, choice, given.refused(error.refusal.code))
        return _changed(token)
    except ChangedMeanwhileError as error:
        return _changed(token, error)
    return htmx.redirect(url_for("agency.thanks", token=token, l=page.asked()))


@blueprint.get("/r/<token>/agency/thanks")
@link("agency")
def thanks(token: str) -> ResponseReturnValue:
    """What was said, what happens next, and the way back; then room and listing, while they are here."""
    with db.reading() as session:
        seen = page.read(session)
    if not seen.passed or seen.view.withdrawn or seen.view.state in page.UNANSWERED:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    return _thanks(token, seen)


@blueprint.post("/r/<token>/agency/undo")
@link("agency")
def undo(token: str) -> ResponseReturnValue:
    """The wrong button was pressed: the question is open again."""
    try:
        with db.transaction() as session:
            agency.undo(session, page.own_link(session), key=page.given_key(), now=db.now())
    except (TooLateError, MoveRefusedError):
        return _changed(token, too_late=True)
    return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))


@blueprint.post("/r/<token>/agency/ask")
@link("agency")
def ask(token: str) -> ResponseReturnValue:
    """A question to the care team; the referral stays as it is."""
    text = page.given_text()
    with db.transaction() as session:
        row = page.own_link(session)
        seen = page.read(session)
        if text and not seen.view.code_needed and not seen.view.withdrawn:
            agency.ask(session, row, text, key=page.given_key(), now=db.now())
    page.speak(seen.view.language)
    if not text:
        return page.show(token, seen, status=422, note=_("Type your question first."))
    return page.show(token, seen, note=_("Your question is with %(team)s.", team=seen.view.org_name))


def _keep(said: Answer) -> None:
    with db.transaction() as session:
        row = page.own_link(session)
        agency.answer(
            session,
            row,
            said,
            key=page.given_key(),
            stepped_up=passes.stepped_up(session, row),
            seen=request.form.get("seen"),
            now=db.now(),
        )


def _step(token: str, choice: Choice, problem: str) -> ResponseReturnValue:
    """The one page an answer needs before it counts. What was typed stays."""
    with db.reading() as session:
        seen = page.read(session)
    page.speak(seen.view.language)
    return page.render(
        token,
        seen,
        "agency/step.html",
        status=422 if problem else 200,
        choice=choice.value,
        name=words.first_name(seen.view),
        reasons=given.reasons_of(choice, seen.view.choices),
        problem=problem,
        key=page.given_key(),
        typed=given.typed(),
    )


def _thanks(token: str, seen: Seen) -> ResponseReturnValue:
    page.speak(seen.view.language)
    asks = ASKS_DATE.get(seen.view.state) if seen.view.next_on is None else None
    said = {"after": words.after(seen.view.state), "asks": asks, **page.listing_context(seen)}
    return page.render(token, seen, "agency/thanks.html", status=200, **said)


def _changed(token: str, error: ChangedMeanwhileError | None = None, *, too_late: bool = False) -> ResponseReturnValue:
    """Somebody else was faster: who, when, what stands now. What was typed can still be sent as a note."""
    with db.reading() as session:
        seen = page.read(session, just_opened=True)
    page.speak(seen.view.language)
    if seen.view.withdrawn:
        return page.show(token, seen, status=409)
    who = words.who_said(error.said_by, seen.view.org_name, seen.view.agency) if error else ""
    return page.render(
        token,
        seen,
        "agency/changed.html",
        status=409,
        who=who,
        at=error.at if error else None,
        too_late=too_late,
        typed=page.given_text(),
    )

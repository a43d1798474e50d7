"""Answers to a referral: the large buttons, the step some of them need, the thanks, ten minutes of way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.agency import listing_form, page, passes, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from referrals import agency, reasons
from referrals.agency_choices import Answer, Choice
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, StepUpNeededError, TooLateError
from referrals.lifecycle import RefusalCode
from resources_db.vocab import BusinessStatus, Reason, ReferralState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.agency.page import Seen

NEEDS_REASON = {Choice.NO: ReferralState.DECLINED, Choice.CANNOT: ReferralState.NOT_SERVED}
WAIT = "wait-"
"""Begins the names of the day on the thanks page, where the room form has a day too."""
NEEDS_DATE = frozenset({Choice.SCHEDULED, Choice.NEXT_STEP})
ASKS_DATE = {ReferralState.WAITLISTED: Choice.WAITLIST.value, ReferralState.ACCEPTED: Choice.NEXT_STEP.value}
"""After these a day helps, and is asked for on the thanks page."""
NEEDS_PAPERS = frozenset({Choice.NEEDS_DOCUMENTS})
TO_MEND = frozenset({RefusalCode.REASON_MISSING, RefusalCode.REASON_WRONG, RefusalCode.TEXT_MISSING,
                     RefusalCode.DATE_MISSING, RefusalCode.TOO_FEW_ATTEMPTS})  # fmt: skip


@blueprint.post("/r/<token>/agency/answer")
@link("agency")
def answer(token: str) -> ResponseReturnValue:
    """Keep the agency's word. "No" asks one reason first, a date its day."""
    choice = _choice()
    if choice is None:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    try:
        given = _given(choice)
    except ValueError:
        return _step(token, choice, _("There is no such day or time. Type month, day and year."))
    if _incomplete(given):
        return _step(token, choice, _missing(given) if "step" in request.form else "")
    try:
        _keep(given)
    except StepUpNeededError:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    except MoveRefusedError as error:
        if error.refusal.code in TO_MEND:
            return _step(token, choice, _refused(error.refusal.code))
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


def _keep(given: Answer) -> None:
    with db.transaction() as session:
        row = page.own_link(session)
        agency.answer(
            session,
            row,
            given,
            key=page.given_key(),
            stepped_up=passes.stepped_up(session, row),
            seen=request.form.get("seen"),
            now=db.now(),
        )


def _given(choice: Choice) -> Answer:
    form = request.form
    reason, status = form.get("reason", ""), form.get("business_status", "")
    return Answer(
        choice=choice,
        reason=Reason(reason) if reason in set(Reason) else None,
        text=page.given_text(),
        next_on=listing_form.date_of(form) or listing_form.date_of(form, WAIT),
        at_clock=listing_form.clock_of(form),
        business_status=BusinessStatus(status) if status in set(BusinessStatus) else None,
    )


def _choice() -> Choice | None:
    asked = request.form.get("answer", "")
    return Choice(asked) if asked in set(Choice) else None


def _incomplete(given: Answer) -> bool:
    """Whether this answer has a page of its own that was not filled in yet."""
    if given.choice in NEEDS_REASON:
        return given.reason is None
    if given.choice in NEEDS_DATE:
        return given.next_on is None
    return given.choice in NEEDS_PAPERS and "step" not in request.form


def _missing(given: Answer) -> str:
    return _("Choose a reason.") if given.choice in NEEDS_REASON else _("Type the day: month, day and year.")


def _refused(code: RefusalCode) -> str:
    if code is RefusalCode.TEXT_MISSING:
        return _("Type a few words, so that we know why.")
    if code is RefusalCode.TOO_FEW_ATTEMPTS:
        return _("Please try three times on different days first. Each try counts when you tell us here.")
    return _("Type the day: month, day and year.") if code is RefusalCode.DATE_MISSING else _("Choose a reason.")


def _step(token: str, choice: Choice, problem: str) -> ResponseReturnValue:
    """The one page an answer needs before it counts. What was typed stays."""
    with db.reading() as session:
        seen = page.read(session)
    page.speak(seen.view.language)
    state = NEEDS_REASON.get(choice)
    if state is not None and Choice.YES not in seen.view.choices:
        state = ReferralState.NOT_SERVED  # after a yes, "no" is "we cannot after all"
    return page.render(
        token,
        seen,
        "agency/step.html",
        status=422 if problem else 200,
        choice=choice.value,
        name=words.first_name(seen.view),
        reasons=words.reasons(reasons.OF_STATE[state]) if state else [],
        problem=problem,
        key=page.given_key(),
        typed=_typed(),
    )


def _typed() -> dict[str, str]:
    return {
        name: request.form.get(name, "")[: page.MOST_TEXT] for name in ("text", "month", "day", "year", "clock", "seen")
    }


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

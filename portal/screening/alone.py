"""The pages of somebody who answers alone, behind a link or on a tablet: one thing a page, no script, no cookie.

Titles and addresses say nothing of the questions. A GET changes nothing; every answer is kept as it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import catalog
from portal import db, errors, htmx, locale
from portal.auth import link_guard
from portal.auth.guards import link
from portal.links import opens
from portal.screening import shown
from portal.screening.blueprint import questions as blueprint
from referrals import instruments_flow, links, screening, screening_answers, screening_links, senders
from referrals.errors import BadInputError, NotFoundError, TooLateError
from resources_db.vocab import HelpWanted, LinkPurpose, ScreeningState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument, Question
    from referrals.instruments_flow import Step
    from referrals.texts import Sender
    from resources_db.base import JsonDict
    from resources_db.models.care import Screening

__all__ = ["blueprint"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind the link. No name of the patient is among it."""

    screening: Screening
    instrument: Instrument
    answers: Mapping[str, list[JsonDict]]
    wishes: Mapping[str, HelpWanted]
    sender: Sender

    @property
    def over(self) -> bool:
        """Whether nothing can be answered any more."""
        return self.screening.state is not ScreeningState.OPEN

    @property
    def tablet(self) -> bool:
        """Whether it is a tablet of the house, that goes back to the care team."""
        return self.screening.asked_by == screening.TABLET

    def place(self, question: Question) -> int:
        """Which page a question has; the address holds this number and no word."""
        return self.instrument.questions.index(question) + 1


@opens(LinkPurpose.PATIENT, kind=screening_links.KIND)
def page(token: str) -> ResponseReturnValue:
    """Who asks, how long it takes, that nobody has to; also where to go on later."""
    found = _behind()
    if found is None:
        return errors.link_not_working()
    if found.over:
        return _show("over", token, found)
    step = instruments_flow.next_step(found.instrument, found.answers, found.wishes)
    count = sum(one.is_asked for one in found.instrument.questions)
    go_on = _of_step(token, found, step) if found.answers else _at(token, "questions.ask", place=_first(found))
    return _show("start", token, found, begun=bool(found.answers), count=count, go_on=go_on)


@blueprint.get("/r/<token>/q/<int:place>")
@link("patient")
def ask(token: str, place: int) -> ResponseReturnValue:
    """One question, with the answer given before."""
    found, question = _question(place)
    if found is None or question is None:
        return errors.link_not_working()
    return _show("over", token, found) if found.over else _ask(token, found, question)


@blueprint.post("/r/<token>/q/<int:place>")
@link("patient")
def answer(token: str, place: int) -> ResponseReturnValue:
    """Keep an answer and go on."""
    found, question = _question(place)
    if found is None or question is None:
        return errors.link_not_working()
    try:
        with db.transaction() as session:
            row = _own(session)
            language = catalog.current_language().code
            kept = screening.answer(session, row, question, shown.given(question), language=language, now=db.now())
            links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
            danger = instruments_flow.is_danger(question, screening_answers.given(kept))
            asks_help = kept.positive and not kept.help_asked
            asks_help = asks_help and instruments_flow.asks_help(question, screening_answers.given(kept))
    except BadInputError as error:
        return _ask(token, found, question, problem=shown.problem(error.problem), status=422)
    except TooLateError:
        return htmx.redirect(url_for("links.open_link", token=token, l=_chosen()))
    if danger:
        return htmx.redirect(_at(token, "questions.danger", place=place))
    if asks_help:
        return htmx.redirect(_at(token, "questions.ask_help", place=place))
    return _next(token)


@blueprint.get("/r/<token>/q/<int:place>/more")
@link("patient")
def ask_help(token: str, place: int) -> ResponseReturnValue:
    """Is help wanted with what the answer found? A question of its own."""
    found, question = _question(place)
    if found is None or question is None or question.id not in found.answers:
        return errors.link_not_working()
    if found.over:
        return _show("over", token, found)
    step = instruments_flow.step_of(found.instrument, question.id, found.answers)
    return _show(
        "help",
        token,
        found,
        step=step,
        question=shown.question(question, found.answers[question.id]),
        wishes=shown.wishes(),
        help_words=str(shown.HELP),
        here=_at(token, "questions.say_help", place=place),
        back=_at(token, "questions.ask", place=place),
    )


@blueprint.post("/r/<token>/q/<int:place>/more")
@link("patient")
def say_help(token: str, place: int) -> ResponseReturnValue:
    """Keep whether help is wanted, and go on."""
    found, question = _question(place)
    wanted = request.form.get("help", "")
    if found is None or question is None or wanted not in set(HelpWanted):
        return errors.link_not_working()
    try:
        with db.transaction() as session:
            screening.wish(session, _own(session), question, HelpWanted(wanted), now=db.now())
    except TooLateError:
        return htmx.redirect(url_for("links.open_link", token=token, l=_chosen()))
    except BadInputError:
        return errors.link_not_working()
    return _next(token)


@blueprint.get("/r/<token>/q/<int:place>/now")
@link("patient")
def danger(token: str, place: int) -> ResponseReturnValue:
    """Numbers to call at once; then on, if the person likes."""
    found, question = _question(place)
    if found is None or question is None:
        return errors.link_not_working()
    step = instruments_flow.next_step(found.instrument, found.answers, found.wishes)
    return _show("danger", token, found, go_on=_of_step(token, found, step))


@blueprint.get("/r/<token>/end")
@link("patient")
def end(token: str) -> ResponseReturnValue:
    """Everything was asked: send it, or go back."""
    found = _behind()
    if found is None:
        return errors.link_not_working()
    if found.over:
        return _show("over", token, found)
    last = [one for one in instruments_flow.enabled(found.instrument, found.answers) if one.is_asked][-1]
    return _show("end", token, found, back=_at(token, "questions.ask", place=found.place(last)))


@blueprint.post("/r/<token>/end")
@link("patient")
def send(token: str) -> ResponseReturnValue:
    """Finish, stop early, or say no to being asked. Pressed twice, it is done once."""
    how = {"send": screening.finish, "stop": screening.stop, "no": screening.decline}.get(request.form.get("how", ""))
    if _behind() is None or how is None:
        return errors.link_not_working()
    with db.transaction() as session:
        links.opened(session, session.merge(link_guard.opened(), load=True), now=db.now())
        how(session, _own(session), now=db.now())
    return htmx.redirect(url_for("links.open_link", token=token, l=_chosen()))


def _behind() -> Asked | None:
    """What the link opens, in the language that was chosen; None when it opens no questions, or a page was mistaken."""
    opened = link_guard.opened()
    if opened.subject_kind != screening_links.KIND:
        return None
    try:
        with db.reading() as session:
            row = screening.get(session, opened.subject_id)
            instrument = screening.instrument_of(session, row)
            rows = screening_answers.rows(session, row)
            sender = senders.of_patient(session, row.org_id, row.patient_id)
            answers, wishes = screening_answers.by_question(rows), screening_answers.wishes(rows)
    except NotFoundError:
        return None
    if row.state is ScreeningState.ENTERED_IN_ERROR:
        return None
    if _chosen() is None:
        locale.speak(row.language)
    return Asked(row, instrument, answers, wishes, sender)


def _question(place: int) -> tuple[Asked | None, Question | None]:
    found = _behind()
    if found is None or not 0 < place <= len(found.instrument.questions):
        return found, None
    question = found.instrument.questions[place - 1]
    asked = instruments_flow.step_of(found.instrument, question.id, found.answers)
    return found, question if asked is not None else None


def _own(session: Session) -> Screening:
    return screening.get(session, link_guard.opened().subject_id, lock=True)


def _chosen() -> str | None:
    """The language in the address, so that no cookie is needed."""
    code = request.args.get(locale.ARGUMENT, "")
    return code if code in {one.code for one in catalog.offered()} else None


def _at(token: str, endpoint: str, **values: object) -> str:
    return url_for(endpoint, token=token, l=_chosen(), **values)  # type: ignore[arg-type]


def _first(found: Asked) -> int:
    return next(number for number, one in enumerate(found.instrument.questions, 1) if one.is_asked)


def _next(token: str) -> ResponseReturnValue:
    found = _behind()
    if found is None:
        return errors.link_not_working()
    step = instruments_flow.next_step(found.instrument, found.answers, found.wishes)
    return htmx.redirect(_of_step(token, found, step))


def _of_step(token: str, found: Asked, step: Step | None) -> str:
    if step is None:
        return _at(token, "questions.end")
    endpoint = "questions.ask_help" if step.help else "questions.ask"
    return _at(token, endpoint, place=found.place(step.question))


def _ask(token: str, found: Asked, question: Question, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    before = instruments_flow.before(found.instrument, question.id, found.answers)
    back = (
        _at(token, "questions.ask", place=found.place(before))
        if before
        else url_for("links.open_link", token=token, l=_chosen())
    )
    return _show(
        "question",
        token,
        found,
        status=status,
        step=instruments_flow.step_of(found.instrument, question.id, found.answers),
        question=shown.question(question, found.answers.get(question.id), typed=shown.typed()),
        problem=problem,
        here=_at(token, "questions.answer", place=found.place(question)),
        back=back,
    )


def _show(name: str, token: str, found: Asked, *, status: int = 200, **more: object) -> ResponseReturnValue:
    tablet = found.tablet
    choices = [one for one in catalog.offered() if found.instrument.speaks(one.code)]
    return htmx.render(
        f"screening/alone_{name}.html",
        block=None,
        status=status,
        sender=found.sender.org,
        navigator=found.sender.staff,
        phone="" if tablet else found.sender.phone,
        choices=choices or [catalog.current_language()],
        tablet=tablet,
        credit=found.instrument.credit,
        end_url=_at(token, "questions.send"),
        state=found.screening.state.value,
        give_back=url_for("screening.back") if tablet else "",
        **more,
    )

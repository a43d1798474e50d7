"""Staff ask and press: one question at a time, or all on one page. Questions are read in the patient's language."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import current_language, use_language
from i18n.catalog import gettext as _
from portal import db, htmx, screening_words
from portal.auth.guards import needs
from portal.screening import shown
from portal.screening.blueprint import blueprint
from referrals import instruments_flow, people, screening, screening_answers
from referrals.errors import BadInputError, TooLateError
from resources_db.vocab import HelpWanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.screening.shown import QuestionShown
    from referrals.instruments import Instrument, Question
    from resources_db.base import JsonDict
    from resources_db.models.care import Screening
    from resources_db.models.people import Patient


@dataclass(frozen=True, slots=True)
class Open:
    """A screening that is being asked."""

    screening: Screening
    instrument: Instrument
    patient: Patient
    answers: Mapping[str, list[JsonDict]]
    wishes: Mapping[str, HelpWanted]

    @property
    def danger(self) -> bool:
        """Whether something was said that cannot wait."""
        known = self.instrument.by_id
        return any(instruments_flow.is_danger(known[item], given) for item, given in self.answers.items())


@dataclass(frozen=True, slots=True)
class Line:
    """A question on the page of all; `wish` is what was said about help."""

    place: int
    question: QuestionShown
    asked: bool
    asks_help: bool
    wish: str
    problem: str


@blueprint.get("/screenings/<uuid:screening_id>/ask")
@needs("screening.ask")
def ask(screening_id: uuid.UUID) -> ResponseReturnValue:
    """The next question, or the one that `n` names."""
    found = _open(screening_id)
    if found is None:
        return _result(screening_id)
    return _one(found, request.args.get("n", ""))


@blueprint.post("/screenings/<uuid:screening_id>/ask")
@needs("screening.ask")
def answer(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Keep one answer, or one word about help; then the next question."""
    found = _open(screening_id)
    if found is None:
        return _result(screening_id)
    question = _question(found.instrument, request.form.get("n", ""))
    if question is None:
        return htmx.redirect(url_for("screening.ask", screening_id=screening_id))
    try:
        with db.transaction() as session, use_language(found.screening.language):
            row = screening.get(session, screening_id, lock=True)
            if "help" in request.form:
                screening.wish(session, row, question, _wish(), now=db.now())
            else:
                said = shown.given(question)
                screening.answer(session, row, question, said, language=row.language, now=db.now())
    except BadInputError as error:
        return _one(found, request.form.get("n", ""), problem=shown.problem(error.problem), status=422)
    except TooLateError:
        return _result(screening_id)
    return htmx.redirect(url_for("screening.ask", screening_id=screening_id))


@blueprint.get("/screenings/<uuid:screening_id>/all")
@needs("screening.ask")
def ask_all(screening_id: uuid.UUID) -> ResponseReturnValue:
    """All questions on one page."""
    found = _open(screening_id)
    return _result(screening_id) if found is None else _all(found, {})


@blueprint.post("/screenings/<uuid:screening_id>/all")
@needs("screening.ask")
def answer_all(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Keep everything that was pressed and finish; what was left empty was not asked."""
    found = _open(screening_id)
    if found is None:
        return _result(screening_id)
    try:
        with db.transaction() as session, use_language(found.screening.language):
            _keep_all(session, screening.get(session, screening_id, lock=True), found.instrument)
    except _NotTaken as refused:
        return _all(found, refused.problems, status=422)
    except TooLateError:
        return _result(screening_id)
    return _result(screening_id, toast=_("Answers saved."))


@blueprint.post("/screenings/<uuid:screening_id>/finish")
@needs("screening.ask")
def finish(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Close it: all was asked, the patient stops, or did not want to be asked."""
    how = {"stop": screening.stop, "no": screening.decline}.get(request.form.get("how", ""), screening.finish)
    with db.transaction() as session:
        how(session, screening.get(session, screening_id, lock=True), now=db.now())
    return _result(screening_id, toast=_("Answers saved."))


class _NotTaken(Exception):
    """Rolls back what was written: the page comes again with every problem."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("answers")
        self.problems = problems


def _keep_all(session: Session, row: Screening, instrument: Instrument) -> None:
    """Write every answer in order, since one may decide whether a later question counts."""
    problems: dict[str, str] = {}
    answers: dict[str, list[JsonDict]] = {}
    for place, question in enumerate(instrument.questions, 1):
        counts = question in instruments_flow.enabled(instrument, answers) and question.is_asked
        if not counts or not _was_pressed(place):
            continue
        try:
            given = shown.given(question, f"q{place}-")
            kept = screening.answer(session, row, question, given, language=row.language, now=db.now())
        except BadInputError as error:
            problems[question.id] = shown.problem(error.problem)
            continue
        answers[question.id] = screening_answers.given(kept)
        wanted = request.form.get(f"q{place}-help", "")
        if kept.positive and wanted in set(HelpWanted):
            screening.wish(session, row, question, HelpWanted(wanted), now=db.now())
    if problems:
        raise _NotTaken(problems)
    screening.finish(session, row, now=db.now())


def _was_pressed(place: int) -> bool:
    return bool(request.form.getlist(f"q{place}-choice") or request.form.get(f"q{place}-words", "").strip())


def _open(screening_id: uuid.UUID) -> Open | None:
    """The screening while it can be answered; None once it is over. Raises NotFoundError."""
    with db.reading() as session:
        row = screening.get(session, screening_id)
        rows = screening_answers.rows(session, row)
        instrument, patient = screening.instrument_of(session, row), people.get(session, row.patient_id)
        answers, wishes = screening_answers.by_question(rows), screening_answers.wishes(rows)
    over = row.finished_at is not None
    return None if over else Open(row, instrument, patient, answers, wishes)


def _question(instrument: Instrument, number: str) -> Question | None:
    if not (number.isascii() and number.isdecimal()) or not 0 < int(number[:4]) <= len(instrument.questions):
        return None
    return instrument.questions[int(number[:4]) - 1]


def _wish() -> HelpWanted:
    wanted = request.form.get("help", "")
    if wanted not in set(HelpWanted):
        raise BadInputError("help", "missing")
    return HelpWanted(wanted)


def _one(found: Open, number: str, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    step = instruments_flow.next_step(found.instrument, found.answers, found.wishes)
    named = _question(found.instrument, number)
    if named is not None and "help" not in request.form:
        step = instruments_flow.step_of(found.instrument, named.id, found.answers) or step
    staff = current_language().code
    with use_language(found.screening.language):
        asked = (
            shown.question(step.question, found.answers.get(step.question.id), typed=shown.typed(), staff=staff)
            if step
            else None
        )
        wishes, help_words = shown.wishes(), str(shown.HELP)
    place = found.instrument.questions.index(step.question) + 1 if step else 0
    last = [one for one in instruments_flow.enabled(found.instrument, found.answers) if one.is_asked][-1]
    before = instruments_flow.before(found.instrument, step.question.id, found.answers) if step else last
    if step is not None and step.help:
        before = step.question
    return htmx.render(
        "screening/ask.html",
        status=status,
        person=screening_words.head(found.patient),
        first_name=found.patient.first_name,
        title=str(found.instrument.title),
        screening_id=found.screening.id,
        spoken=found.screening.language,
        step=step,
        place=place,
        question=asked,
        help_words=help_words,
        help_second=str(shown.HELP),
        wishes=list(zip(wishes, _staff_wishes(), strict=True)),
        back=found.instrument.questions.index(before) + 1 if before else 0,
        problem=problem,
        danger=found.danger,
        credit=found.instrument.credit,
        any_answers=bool(found.answers),
    )


def _all(found: Open, problems: Mapping[str, str], *, status: int = 200) -> ResponseReturnValue:
    staff, posted = current_language().code, request.method == "POST"
    lines = []
    with use_language(found.screening.language):
        for place, question in enumerate(found.instrument.questions, 1):
            typed = shown.typed_at(place) if posted else None
            row = shown.question(question, found.answers.get(question.id), typed=typed, staff=staff)
            wish = request.form.get(f"q{place}-help", "") if posted else found.wishes.get(question.id, "")
            asks = any(one.positive for one in row.choices)
            lines.append(Line(place, row, question.is_asked, asks, str(wish), problems.get(question.id, "")))
        wishes = shown.wishes()
    return htmx.render(
        "screening/all.html",
        status=status,
        person=screening_words.head(found.patient),
        first_name=found.patient.first_name,
        title=str(found.instrument.title),
        screening_id=found.screening.id,
        spoken=found.screening.language,
        lines=lines,
        wishes=wishes,
        danger=found.danger,
        credit=found.instrument.credit,
        problems=[(f"q{one.place}", one.problem) for one in lines if one.problem],
    )


def _staff_wishes() -> list[str]:
    return [words for _code, words in shown.wishes()]


def _result(screening_id: uuid.UUID, *, toast: str | None = None) -> ResponseReturnValue:
    return htmx.redirect(url_for("screening.result", screening_id=screening_id), toast=toast)

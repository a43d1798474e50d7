"""What was answered and what came of it: for staff, after the questions. Reading it is audited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, current_app, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx, need_words, screening_words
from portal.auth.guards import needs
from portal.screening import shown
from portal.screening.blueprint import blueprint
from referrals import diagnosis_codes, screening, screening_effects, screening_record, senders
from referrals import needs as needs_rules
from referrals.errors import BadInputError
from resources_db import audit
from resources_db.vocab import HelpWanted, NeedStatus, ScreeningState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from referrals.screening_record import Answered, Found
    from resources_db.models.care import NeedCode
    from resources_db.models.people import Need

OPEN = frozenset({NeedStatus.OPEN, NeedStatus.IN_WORK, NeedStatus.UNKNOWN})
WANTED = {
    HelpWanted.YES: ("good", "check", lazy("Wants help")),
    HelpWanted.NO: ("calm", "ring-bar", lazy("Does not want help")),
    HelpWanted.UNKNOWN: ("warn", "ring-question", lazy("Not sure about help")),
}
_BUNDLES = "caseload.choose_bundle"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code: suggested (no id), or confirmed."""

    code: str
    title: str
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need that came of an answer."""

    id: uuid.UUID
    name: str
    state: str
    open: bool
    wanted: bool
    unsure: bool
    search_url: str
    codes: tuple[CodeRow, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer as it was given."""

    question: str
    answers: list[tuple[str, bool]]
    positive: bool
    danger: bool
    help: tuple[str, str, str] | None
    needs: tuple[NeedRow, ...]
    suggested: tuple[CodeRow, ...]


@blueprint.get("/screenings/<uuid:screening_id>")
@needs("screening.read")
def result(screening_id: uuid.UUID) -> ResponseReturnValue:
    """The whole of one screening."""
    return _page(screening_id)


@blueprint.post("/screenings/<uuid:screening_id>/read")
@needs("screening.ask")
def seen(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody has read it and sees to it: its items leave the list."""
    with db.transaction() as session:
        row = screening.get(session, screening_id)
        screening_effects.settled(session, row, now=db.now())
        audit.record(session, action="screening.seen", subject_kind="screening", subject_id=row.id, now=db.now())
        patient_id = row.patient_id
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_("Marked as read."))


@blueprint.post("/screenings/<uuid:screening_id>/wish")
@needs("screening.ask")
def decide(screening_id: uuid.UUID) -> ResponseReturnValue:
    """What the patient says about help when asked once more; the answer of that day stays as it was given."""
    wanted = request.form.get("help", "")
    if wanted not in {HelpWanted.YES, HelpWanted.NO}:
        abort(400)
    with db.transaction() as session:
        found = screening_record.of(session, screening_id)
        mine = {str(need.id): need for one in found.answered for need in one.needs}
        need = mine.get(request.form.get("need", ""))
        if need is None:
            abort(404)
        needs_rules.set_wanted(session, need, HelpWanted(wanted), now=db.now())
    return htmx.redirect(url_for("screening.result", screening_id=screening_id), toast=_("Saved."))


@blueprint.post("/screenings/<uuid:screening_id>/wrong")
@needs("screening.ask")
def wrong(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Entered in error, with the reason; the answers stay readable."""
    reason = request.form.get("reason", "")
    try:
        with db.transaction() as session:
            row = screening.get(session, screening_id, lock=True)
            screening.mark_wrong(session, row, reason=reason, now=db.now())
    except BadInputError as error:
        words = _("Use fewer words.") if error.problem == "too_long" else _("Say what happened.")
        return _page(screening_id, reason=reason, problem=words, status=422)
    return htmx.redirect(url_for("screening.result", screening_id=screening_id), toast=_("Marked as entered in error."))


def _page(screening_id: uuid.UUID, *, reason: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.transaction() as session:
        found = screening_record.of(session, screening_id)
        audit.record(session, action="screening.read", subject_kind="screening", subject_id=screening_id, now=db.now())
        zone = senders.org_of(session, found.screening.org_id).timezone
        context = _context(found, zone)
    return htmx.render("screening/result.html", block=None, status=status, reason=reason, problem=problem, **context)


def _context(found: Found, zone: str) -> dict[str, object]:
    row = found.screening
    answers = [_answer(one, found.codes) for one in found.answered]
    came_up = [one for one in answers if one.positive]
    wanted = list(dict.fromkeys(need.id for one in came_up for need in one.needs if need.open and need.wanted))
    return {
        "person": screening_words.head(found.patient),
        "first_name": found.patient.first_name,
        "screening_id": row.id,
        "title": str(found.instrument.title),
        "about": str(found.instrument.about) if found.instrument.about else "",
        "credit": found.instrument.credit,
        "facts": _facts(found, zone),
        "ended": screening_words.ended(row, len(answers)),
        "is_open": row.state is ScreeningState.OPEN,
        "by_staff": row.asked_by == screening.STAFF,
        "is_wrong": row.state is ScreeningState.ENTERED_IN_ERROR,
        "wrong_because": row.wrong_because,
        "danger": any(one.danger for one in answers),
        "came_up": came_up,
        "answers": answers,
        "suggests": any(one.suggested or need.codes for one in came_up for need in one.needs),
        "result": found.result,
        "bundles": _bundles(found) if len(wanted) > 1 else "",
        "wanted": len(wanted),
    }


def _facts(found: Found, zone: str) -> str:
    row = found.screening
    when = formatting.date_time(row.finished_at or row.created_at, zone)
    who = found.asked_by if row.asked_by == screening.STAFF else ""
    parts = (
        when,
        str(screening_words.ASKED_BY.get(row.asked_by, "")),
        who,
        formatting.language_name(row.language),
        _("with an interpreter") if row.interpreter else "",
    )
    return " · ".join(part for part in parts if part)


def _answer(one: Answered, codes: Mapping[uuid.UUID, tuple[NeedCode, ...]]) -> AnswerRow:
    family, drawing, words = WANTED[one.help_wanted]
    asked = one.positive and any(need for need in one.needs)
    return AnswerRow(
        question=str(one.question.words),
        answers=shown.answer_words(one.question, one.answer),
        positive=one.positive,
        danger=one.danger,
        help=(family, drawing, str(words)) if asked else None,
        needs=tuple(_need(need, codes.get(need.id, ())) for need in one.needs),
        suggested=tuple(CodeRow(code, diagnosis_codes.TITLES[code]) for code in one.suggested),
    )


def _need(need: Need, codes: tuple[NeedCode, ...]) -> NeedRow:
    subneed = needs_rules.subneed_of(need)
    return NeedRow(
        id=need.id,
        name=need_words.need(subneed),
        state=need.status.value,
        open=need.status in OPEN,
        wanted=need.help_wanted is HelpWanted.YES,
        unsure=need.help_wanted is HelpWanted.UNKNOWN and need.status in OPEN,
        search_url=f"{url_for('directory.search')}?{urlencode({'for': str(need.patient_id), 'need': subneed})}",
        codes=tuple(CodeRow(one.code, diagnosis_codes.TITLES.get(one.code, ""), one.id) for one in codes),
    )


def _bundles(found: Found) -> str:
    """Where several needs are sent at once; empty in an installation without that page."""
    if _BUNDLES not in current_app.view_functions:
        return ""
    return url_for(_BUNDLES, patient_id=found.patient.id)

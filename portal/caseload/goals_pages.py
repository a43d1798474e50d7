"""A patient's goals: write one down in the person's words, change it, reached, dropped, and back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx, need_words
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from referrals import goals, people
from referrals import needs as needs_rules
from referrals.errors import BadInputError
from resources_db.vocab import GoalState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.goals import GoalFacts
    from resources_db.models.care import Goal

PROBLEMS = {
    ("words", "missing"): lazy("Write the goal in the patient’s own words."),
    ("words", "too_long"): lazy("Up to 300 letters: one line that a person can remember."),
    ("words", "too_many"): lazy("This patient has 20 goals. Finish one first."),
    ("target_on", "not_a_date"): lazy("Type the date as year-month-day, such as 2026-12-01, or leave it empty."),
}
STATES = {"reached": GoalState.COMPLETED, "dropped": GoalState.CANCELLED, "active": GoalState.ACTIVE}


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal on the record."""

    id: uuid.UUID
    words: str
    lang: str
    more: str
    state: str
    active: bool


def goal_row(goal: GoalFacts, zone: str) -> GoalRow:
    """The goal in words: for which need, until when, or since when it is over."""
    need = need_words.need(goal.subneed) if goal.subneed else ""
    until = _("by %(date)s", date=formatting.date(goal.target_on)) if goal.target_on else ""
    ended = formatting.short_date(formatting.local(goal.ended_at, zone).date()) if goal.ended_at else ""
    return GoalRow(
        id=goal.id,
        words=goal.words,
        lang=presenters.language_tag(goal.language),
        more=" · ".join(part for part in (need, ended or until) if part),
        state=goal.state.value,
        active=goal.state is GoalState.ACTIVE,
    )


@blueprint.get("/patients/<uuid:patient_id>/goals/new")
@needs("person.edit")
def new_goal(patient_id: uuid.UUID) -> ResponseReturnValue:
    """An empty form for a goal."""
    return _page(patient_id, None, {"need_id": request.args.get("need", "")})


@blueprint.post("/patients/<uuid:patient_id>/goals/new")
@needs("person.edit")
def add_goal(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Keep it; a tap on the next page takes it back."""
    try:
        with db.transaction() as session:
            goal = goals.add(
                session,
                patient_id=patient_id,
                words=request.form.get("words", ""),
                target_on=_day(),
                need_id=_need_id(),
                now=db.now(),
            )
            undo_url = url_for("caseload.remove_goal", goal_id=goal.id)
    except BadInputError as error:
        return _page(patient_id, None, request.form.to_dict(), problem=error, status=422)
    return htmx.redirect(_record(patient_id), toast=_("Goal added."), undo_url=undo_url)


@blueprint.get("/goals/<uuid:goal_id>")
@needs("person.edit")
def goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """The form of a goal, filled."""
    with db.reading() as session:
        found = goals.get(session, goal_id)
        typed = {
            "words": found.words,
            "target_on": found.target_on.isoformat() if found.target_on else "",
            "need_id": str(found.need_id or ""),
            "version": str(found.version),
        }
        patient_id = found.patient_id
    return _page(patient_id, goal_id, typed)


@blueprint.post("/goals/<uuid:goal_id>")
@needs("person.edit")
def change_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Other words or another day; a page older than the goal is refused."""
    with db.reading() as session:
        patient_id = goals.get(session, goal_id).patient_id
    try:
        with db.transaction() as session:
            goals.change(
                session,
                goal_id,
                words=request.form.get("words", ""),
                target_on=_day(),
                need_id=_need_id(),
                expected_version=request.form.get("version", type=int),
                now=db.now(),
            )
    except BadInputError as error:
        return _page(patient_id, goal_id, request.form.to_dict(), problem=error, status=422)
    return htmx.redirect(_record(patient_id), toast=_("Saved."))


@blueprint.post("/goals/<uuid:goal_id>/state")
@needs("person.edit")
def set_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Reached or dropped; undo makes it active again."""
    state = STATES.get(request.form.get("as", ""))
    if state is None:
        abort(400)
    changed = _set(goal_id, state)
    undo_url = url_for("caseload.restore_goal", goal_id=goal_id) if state is not GoalState.ACTIVE else None
    return htmx.redirect(_record(changed.patient_id), toast=_("Saved."), undo_url=undo_url)


@blueprint.post("/goals/<uuid:goal_id>/restore")
@needs("person.edit")
def restore_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Active again."""
    return htmx.redirect(_record(_set(goal_id, GoalState.ACTIVE).patient_id), toast=_("The goal is active again."))


@blueprint.post("/goals/<uuid:goal_id>/remove")
@needs("person.edit")
def remove_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """It was written down by mistake."""
    return htmx.redirect(_record(_set(goal_id, GoalState.ENTERED_IN_ERROR).patient_id), toast=_("Removed."))


def _set(goal_id: uuid.UUID, state: GoalState) -> Goal:
    with db.transaction() as session:
        changed = goals.set_state(session, goal_id, state, now=db.now())
        session.flush()
        session.expunge(changed)
    return changed


def _record(patient_id: uuid.UUID) -> str:
    return url_for("caseload.record", patient_id=patient_id, _anchor="goals")


def _day() -> dt.date | None:
    typed = request.form.get("target_on", "").strip()
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError:
        raise BadInputError("target_on", "not_a_date") from None


def _need_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get("need_id", ""))
    except ValueError:
        return None


def _page(
    patient_id: uuid.UUID,
    goal_id: uuid.UUID | None,
    typed: dict[str, str],
    *,
    problem: BadInputError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        person = presenters.person(patient, now=db.now())
        open_ones = needs_rules.open_needs(session, patient_id)
        choices = [
            ("", _("Life in general")),
            *((str(one.id), need_words.need(needs_rules.subneed_of(one))) for one in open_ones),
        ]
        language = presenters.language_name(patient.language)
    words = str(PROBLEMS[(problem.field, problem.problem)]) if problem else ""
    return htmx.render(
        "caseload/goal_form.html",
        status=status,
        person=person,
        goal_id=goal_id,
        typed=typed,
        choices=choices,
        spoken=language,
        problem=(problem.field, words) if problem else ("", ""),
    )

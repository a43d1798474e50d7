"""How soon agencies are reminded: the usual pace, the organisation's own, and a pace of its own for one agency."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import db, htmx
from portal.admin.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from referrals import clocks, paces
from referrals.clocks import Step
from referrals.errors import BadInputError
from resources_db.vocab import Priority

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from i18n.lazy import LazyText
    from portal.auth.current import Member
    from referrals.paces import Set

EVERYBODY = "all"
STEPS: dict[Step, LazyText] = {
    Step.NOTICE_2: lazy("Second reminder"),
    Step.NOTICE_3: lazy("Third reminder, and somebody is asked to call"),
    Step.OVERDUE: lazy("The call is late"),
    Step.NO_RESPONSE: lazy("Ended without an answer"),
    Step.SILENT: lazy("Ended after a yes without any news"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One number to type: its name, what stands in it, what is usual."""

    name: str
    value: str
    usual: int
    error: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with its two numbers."""

    label: str
    unit: str
    boxes: tuple[Box, Box]


@dataclass(frozen=True, slots=True)
class PaceRow:
    """A pace that is set, in words."""

    id: uuid.UUID
    whose: str
    words: tuple[str, ...]
    since: str
    href: str


@blueprint.get("/reminders")
@needs("agency.pace")
def reminders() -> ResponseReturnValue:
    """What is set, and a form to set it: for all agencies, or for the one that is named in the address."""
    return _page(request.args.get("agency", EVERYBODY))


@blueprint.post("/reminders")
@needs("agency.pace")
def set_reminders() -> ResponseReturnValue:
    """Set a pace; it holds for referrals that are sent from now on."""
    whose = request.form.get("agency", EVERYBODY)
    days: dict[tuple[Step, Priority], int] = {}
    for step in Step:
        for priority in Priority:
            name = paces.field_of(step, priority)
            typed = request.form.get(name, "").strip()
            if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(clocks.MOST))):
                return _page(whose, {name: _days_wanted()}, status=422)
            if typed and int(typed) != clocks.usual_days(step, priority):
                days[step, priority] = int(typed)
    try:
        with db.transaction() as session:
            organization_id = None if whose == EVERYBODY else uuid.UUID(whose)
            paces.save(session, org_id=_person().org_id, organization_id=organization_id, days=days, now=db.now())
    except ValueError:
        return _page(EVERYBODY, {"agency": _("Choose an agency.")}, status=422)
    except BadInputError as error:
        return _page(whose, {error.field: _problem(error.problem)}, status=422)
    return htmx.redirect(url_for("admin.reminders"), toast=_("Saved. It holds for referrals sent from now on."))


@blueprint.post("/reminders/<uuid:clock_id>/end")
@needs("agency.pace")
def end_reminders(clock_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the usual pace."""
    with db.transaction() as session:
        paces.end(session, clock_id, now=db.now())
    return htmx.redirect(url_for("admin.reminders"), toast=_("Back to the usual pace."))


def _page(whose: str, problems: dict[str, str] | None = None, *, status: int = 200) -> ResponseReturnValue:
    person = _person()
    problems = problems or {}
    with db.reading() as session:
        found = paces.listed(session, person.org_id)
        agencies = [(str(one), name) for one, name in paces.agencies(session, person.org_id)]
    known = {EVERYBODY, *(one for one, _name in agencies)}
    whose = whose if whose in known else EVERYBODY
    present = next((one for one in found if str(one.organization_id or EVERYBODY) == whose), None)
    return htmx.render(
        "admin/reminders.html",
        status=status,
        rows=[_row(one, person.timezone) for one in found],
        steps=[_step(step, present, problems) for step in Step],
        whose=whose,
        whose_choices=[(EVERYBODY, _("All agencies")), *agencies],
        problems=problems,
    )


def _step(step: Step, present: Set | None, problems: dict[str, str]) -> StepRow:
    routine, urgent = (_box(step, priority, present, problems) for priority in (Priority.ROUTINE, Priority.URGENT))
    unit = _("calendar days") if step in clocks.CALENDAR else _("business days")
    return StepRow(str(STEPS[step]), unit, (routine, urgent))


def _box(step: Step, priority: Priority, present: Set | None, problems: dict[str, str]) -> Box:
    name = paces.field_of(step, priority)
    usual = clocks.usual_days(step, priority)
    kept = clocks.days_of(present.steps, step, priority) if present is not None else None
    return Box(name, request.form.get(name, str(kept or usual)), usual, problems.get(name, ""))


def _row(one: Set, zone: str) -> PaceRow:
    return PaceRow(
        id=one.id,
        whose=one.agency or _("All agencies"),
        words=tuple(_words(one)),
        since=formatting.date(formatting.local(one.since, zone).date()),
        href=url_for("admin.reminders", agency=str(one.organization_id or EVERYBODY)),
    )


def _words(one: Set) -> list[str]:
    said = []
    for step, label in STEPS.items():
        for priority in Priority:
            count = clocks.days_of(one.steps, step, priority)
            if count is None:
                continue
            days = (
                ngettext("%(num)s calendar day", "%(num)s calendar days", count)
                if step in clocks.CALENDAR
                else ngettext("%(num)s business day", "%(num)s business days", count)
            )
            said.append(
                _("%(step)s, urgent: %(days)s", step=str(label), days=days)
                if priority is Priority.URGENT
                else _("%(step)s: %(days)s", step=str(label), days=days)
            )
    return said


def _problem(code: str) -> str:
    if code == "missing":
        return _("Nothing differs from the usual pace. Change a number.")
    return _("A step may not come before the one above it.") if code == "order" else _days_wanted()


def _days_wanted() -> str:
    return _("Type a number of days from 1 to %(most)s.", most=clocks.MOST)


def _person() -> Member:
    person = current.member()
    assert person is not None
    return person

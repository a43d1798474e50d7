"""Who is away and who covers: a form, the list, an end before its time."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import absences
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

NO_DATE = lazy("Type the date as year-month-day, such as 2026-12-01.")
PROBLEMS = {
    ("cover_id", "somebody_else"): lazy("Choose somebody else who looks after patients."),
    ("cover_id", "away_too"): lazy("This person is away then too. Choose somebody else."),
    ("from_on", "away_already"): lazy("An absence on these days is on the list already."),
    ("until_on", "before_first"): lazy("The last day is before the first."),
    ("until_on", "too_long"): lazy("This is longer than a year. Hand the patients over instead."),
    ("until_on", "past"): lazy("These days are over."),
}


@blueprint.get("/patients/cover")
@needs("caseload.cover")
def cover() -> ResponseReturnValue:
    """Who is away now and soon, and the form for one's own absence."""
    return _page()


@blueprint.post("/patients/cover")
@needs("caseload.cover")
def set_cover() -> ResponseReturnValue:
    """Write an absence down."""
    member = current.member()
    assert member is not None
    from_on, until_on = _day("from_on"), _day("until_on")
    if from_on is None or until_on is None:
        return _page(("from_on" if from_on is None else "until_on", str(NO_DATE)), status=422)
    try:
        with db.transaction() as session:
            found = absences.record(
                session,
                user_id=_id(request.form.get("user_id", "")) or member.user_id,
                cover_id=_id(request.form.get("cover_id", "")) or member.user_id,
                from_on=from_on,
                until_on=until_on,
                now=db.now(),
            )
            undo_url = url_for("caseload.end_cover", absence_id=found.id)
    except BadInputError as error:
        return _page((error.field, str(PROBLEMS[(error.field, error.problem)])), status=422)
    return htmx.redirect(url_for("caseload.cover"), toast=_("Saved."), undo_url=undo_url)


@blueprint.post("/patients/cover/<uuid:absence_id>/end")
@needs("caseload.cover")
def end_cover(absence_id: uuid.UUID) -> ResponseReturnValue:
    """Back before the last day, or entered by mistake."""
    with db.transaction() as session:
        absences.end(session, absence_id, now=db.now())
    undo_url = url_for("caseload.undo_end_cover", absence_id=absence_id)
    return htmx.redirect(url_for("caseload.cover"), toast=_("The cover has ended."), undo_url=undo_url)


@blueprint.post("/patients/cover/<uuid:absence_id>/undo")
@needs("caseload.cover")
def undo_end_cover(absence_id: uuid.UUID) -> ResponseReturnValue:
    """The cover goes on."""
    with db.transaction() as session:
        absences.undo_end(session, absence_id, now=db.now())
    return htmx.redirect(url_for("caseload.cover"), toast=_("The cover goes on."))


def _page(problem: tuple[str, str] = ("", ""), *, status: int = 200) -> ResponseReturnValue:
    member = current.member()
    assert member is not None
    today = formatting.local(db.now(), member.timezone).date()
    with db.reading() as session:
        rows = absences.standing(session, today)
        people = [(str(one.id), one.name) for one in absences.colleagues(session, member.org_id)]
    others = member.role in absences.SETS_FOR_OTHERS
    leads = any(one == str(member.user_id) for one, _name in people)
    typed = {name: request.form.get(name, "") for name in ("user_id", "cover_id", "from_on", "until_on")}
    return htmx.render(
        "caseload/cover.html",
        status=status,
        rows=[
            {
                "away": one,
                "days": _("%(first)s to %(last)s", first=_date(one.from_on), last=_date(one.until_on)),
                "now": one.from_on <= today,
                "may_end": others or one.who.id == member.user_id,
            }
            for one in rows
        ],
        for_others=others,
        may_set=others or leads,
        people=[("", _("Choose")), *people],
        covers=[("", _("Choose")), *(one for one in people if others or one[0] != str(member.user_id))],
        typed=typed | ({} if typed["user_id"] or not leads else {"user_id": str(member.user_id)}),
        problem=problem,
    )


def _date(day: dt.date) -> str:
    return formatting.day(day)


def _day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        return None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

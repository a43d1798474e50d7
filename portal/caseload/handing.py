"""Hand-over of patients to another navigator: first who and what goes along, then one press, then minutes to undo."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import absences, handover
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PROBLEMS = {"to": lazy("Choose who takes over."), "note": lazy("This is too long to keep. Please shorten it.")}


@blueprint.get("/patients/hand-over")
@needs("caseload.hand_over")
def hand_over() -> ResponseReturnValue:
    """Who and how many would move, and to whom."""
    return _page(_ids())


@blueprint.post("/patients/hand-over")
@needs("caseload.hand_over")
def give() -> ResponseReturnValue:
    """Move them, all or none; the next page offers to take it back."""
    ids, to_id = _ids(), _id(request.form.get("to", ""))
    note = request.form.get("note", "")
    if to_id is None or not ids:
        return _page(ids, note=note, problem=("to", str(PROBLEMS["to"])), status=422)
    try:
        with db.transaction() as session:
            first = handover.hand_over(session, patient_ids=ids, to_id=to_id, note=note, now=db.now())
            undo_url = url_for("caseload.undo_hand_over", first_id=first.id)
    except BadInputError as error:
        words = _("This person leads them already.") if error.problem == "has_them" else _words(error.field)
        return _page(ids, note=note, problem=(error.field, words), status=422)
    said = ngettext("%(num)s patient handed over.", "%(num)s patients handed over.", len(ids))
    return htmx.redirect(url_for("caseload.patients"), toast=said, undo_url=undo_url)


@blueprint.post("/patients/hand-over/<uuid:first_id>/undo")
@needs("caseload.hand_over")
def undo_hand_over(first_id: uuid.UUID) -> ResponseReturnValue:
    """Give them back."""
    with db.transaction() as session:
        many = handover.undo(session, first_id, now=db.now())
    return htmx.redirect(
        url_for("caseload.patients"),
        toast=ngettext("%(num)s patient is back with the lead.", "%(num)s patients are back with the lead.", many),
    )


def _page(
    ids: tuple[uuid.UUID, ...], *, note: str = "", problem: tuple[str, str] = ("", ""), status: int = 200
) -> ResponseReturnValue:
    member = current.member()
    assert member is not None
    with db.reading() as session:
        lead = _id(request.args.get("lead", ""))
        plan = handover.plan(session, ids or (handover.of_lead(session, lead) if lead else ()))
        people = absences.colleagues(session, member.org_id)
    choices = [("", _("Choose")), *((str(one.id), one.name) for one in people if one.id != lead)]
    return htmx.render(
        "caseload/hand_over.html",
        status=status,
        plan=plan,
        choices=choices,
        chosen=request.form.get("to", ""),
        note=note,
        problem=problem,
    )


def _words(field: str) -> str:
    return str(PROBLEMS.get(field, PROBLEMS["to"]))


def _ids() -> tuple[uuid.UUID, ...]:
    typed = request.values.getlist("patient")
    if len(typed) > handover.MOST:
        abort(400)
    found = [_id(one) for one in typed]
    if None in found:
        abort(400)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

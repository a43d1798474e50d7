"""One ready text to several patients: the preview of each, one press, ten seconds to take all of them back."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, send_words, text_words
from portal.caseload.blueprint import blueprint
from referrals import bulk_texts
from referrals.errors import BadInputError
from referrals.text_timing import Rules

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.bulk_texts import One

MOST_KEY = 60


@blueprint.get("/patients/text")
@needs("message.send")
def text_many() -> ResponseReturnValue:
    """Who would get which words, when, and who would not and why."""
    return _page()


@blueprint.post("/patients/text")
@needs("message.send")
def send_many() -> ResponseReturnValue:
    """Send to those of the preview who may get one."""
    key = request.form.get("form_key", "")[:MOST_KEY]
    template = request.form.get("template", "")
    if template not in text_words.SHIPPED:
        return _page(problem=_("Choose the words."), status=422)
    try:
        with db.transaction() as session:
            many = bulk_texts.send(
                session, patient_ids=_ids(), template=template, form_key=key, rules=_rules(), now=db.now()
            )
    except BadInputError:
        return _page(problem=_too_many(), status=422)
    said = ngettext("%(num)s text leaves in 10 seconds.", "%(num)s texts leave in 10 seconds.", many)
    undo_url = url_for("caseload.undo_many", form_key=key) if many else None
    return htmx.redirect(url_for("caseload.patients"), toast=said, undo_url=undo_url)


@blueprint.post("/patients/text/<form_key>/undo")
@needs("message.send")
def undo_many(form_key: str) -> ResponseReturnValue:
    """Take back what has not left."""
    with db.transaction() as session:
        many = bulk_texts.undo(session, form_key, now=db.now())
    said = ngettext("%(num)s text was taken back.", "%(num)s texts were taken back.", many)
    return htmx.redirect(url_for("caseload.patients"), toast=said)


def _page(problem: str = "", *, status: int = 200) -> ResponseReturnValue:
    member = current.member()
    assert member is not None
    ids, template = _ids(), request.values.get("template", "")
    found: tuple[One, ...] = ()
    if ids and template in text_words.SHIPPED:
        try:
            with db.reading() as session:
                found = bulk_texts.prepare(session, patient_ids=ids, template=template, rules=_rules(), now=db.now())
        except BadInputError:
            problem = _too_many()
    goes = [one for one in found if one.goes]
    segments = sum(one.segments for one in goes)
    return htmx.render(
        "caseload/text_many.html",
        status=status,
        ids=ids,
        template=template,
        choices=[("", _("Choose")), *((name, str(title)) for name, title in text_words.SHIPPED.items())],
        goes=[_row(one, member.timezone) for one in goes],
        stays=[(one.name, _why(one)) for one in found if not one.goes],
        segments=segments,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(24),
        problem=problem,
    )


def _row(one: One, zone: str) -> dict[str, str]:
    return {
        "name": one.name,
        "language": presenters.language_name(one.language),
        "tag": presenters.language_tag(one.language),
        "body": one.body,
        "when": _("Waits until %(time)s", time=formatting.date_time(one.leaves_at, zone)) if one.quiet else "",
    }


def _why(one: One) -> str:
    if one.why is not None:
        return send_words.why(one.why)
    return _("The limit of texts is reached, or somebody else on this list has the same phone.")


def _too_many() -> str:
    return _("Choose from 1 to %(num)s patients.", num=bulk_texts.MOST)


def _rules() -> Rules:
    settings = db.runtime().messenger.settings
    return Rules(settings.hours, settings.limits)


def _ids() -> list[uuid.UUID]:
    found = []
    for typed in request.values.getlist("patient"):
        try:
            found.append(uuid.UUID(typed))
        except ValueError:
            continue
    return list(dict.fromkeys(found))

"""A person confirms a suggested diagnosis code, or takes it back. Nothing is filed anywhere by it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.screening.blueprint import blueprint
from referrals import need_codes, screening, screening_record
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/screenings/<uuid:screening_id>/codes")
@needs("screening.confirm")
def confirm(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Keep that a person confirmed this code for a need of this screening."""
    code = request.form.get("code", "")
    with db.transaction() as session:
        found = screening_record.of(session, screening_id)
        allowed = {str(need.id): need for one in found.answered if code in one.suggested for need in one.needs}
        standing = {str(need.id): need for one in found.answered for need in one.needs}
        need = allowed.get(request.form.get("need", ""))
        if need is None:
            need = standing.get(request.form.get("need", ""))
            if need is None or all(code != one.code for one in found.codes.get(need.id, ())):
                abort(404)
        try:
            kept = need_codes.confirm(session, need, code, now=db.now())
        except BadInputError:
            abort(404)
        undo = url_for("screening.withdraw", screening_id=screening_id, code_id=kept.id)
    return _back(screening_id, _("%(code)s confirmed.", code=code), undo)


@blueprint.post("/screenings/<uuid:screening_id>/codes/<uuid:code_id>/withdraw")
@needs("screening.confirm")
def withdraw(screening_id: uuid.UUID, code_id: uuid.UUID) -> ResponseReturnValue:
    """It does not stand any more; undo confirms it again."""
    with db.transaction() as session:
        screening.get(session, screening_id)
        code = need_codes.withdraw(session, code_id, now=db.now()).code
    undo = url_for("screening.restore", screening_id=screening_id, code_id=code_id)
    return _back(screening_id, _("%(code)s taken back.", code=code), undo)


@blueprint.post("/screenings/<uuid:screening_id>/codes/<uuid:code_id>/restore")
@needs("screening.confirm")
def restore(screening_id: uuid.UUID, code_id: uuid.UUID) -> ResponseReturnValue:
    """Undo of taking back."""
    with db.transaction() as session:
        screening.get(session, screening_id)
        kept = need_codes.restore(session, code_id, now=db.now())
        undo = url_for("screening.withdraw", screening_id=screening_id, code_id=kept.id)
        code = kept.code
    return _back(screening_id, _("%(code)s confirmed.", code=code), undo)


def _back(screening_id: uuid.UUID, words: str, undo: str) -> ResponseReturnValue:
    return htmx.redirect(url_for("screening.result", screening_id=screening_id), toast=words, undo_url=undo)

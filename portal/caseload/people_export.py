"""The table of patients as a file: a written reason, a fresh sign-in, one row in the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, exports, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, table, table_ask, tier_words
from portal.caseload.blueprint import blueprint
from referrals import absences, patient_table
from resources_db import audit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from portal.exports import Cell

MOST = 5_000
CHUNK = 500
SHORTEST_REASON = 10
LONGEST_REASON = 500


@blueprint.get("/patients/export")
@needs("export.people")
def ask_export() -> ResponseReturnValue:
    """How many rows it would be, and why somebody needs them."""
    return _page()


@blueprint.post("/patients/export")
@needs("export.people")
def export() -> ResponseReturnValue:
    """The file. The reason stands in the audit trail, never in the file."""
    reason = " ".join(request.form.get("reason", "").split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return _page(problem=_("Write in a few words why you need it, with at least 10 letters."), status=422)
    member = current.member()
    assert member is not None
    asked, now = table_ask.of_request(), db.now()
    header = [
        *(_("Name"), _("Language"), _("ZIP"), _("Open needs"), _("Days without help")),
        *(_("Last contact"), _("Next due"), _("Tier"), _("Reason"), _("Led by")),
    ]
    with db.transaction() as session:
        audit.record(
            session,
            action="patients.export",
            subject_kind="table",
            subject_id="patients",
            reason=reason,
            now=now,
            detail={"filters": {name: one for name, one in asked.pairs().items() if one and name != "zip"}},
        )
        rows = list(_rows(session, asked, member))
        return exports.download(session, "patients", header, rows, what={"rows": len(rows)}, now=now)


def _rows(session: Session, asked: table_ask.Asked, member: Member) -> Iterator[list[Cell]]:
    now = db.now()
    covered = absences.covered_by(session, member.user_id, formatting.local(now, member.timezone).date())
    names = {one.id: one.name for one in absences.colleagues(session, member.org_id)}
    ask, number = asked.of(table.own(member, covered)), 1
    while True:
        page = patient_table.page(session, ask, number=number, size=CHUNK, now=now)
        for row in page.rows:
            yield [
                row.name,
                presenters.language_name(row.language),
                row.zip,
                "; ".join(need_words.need(one) for one in row.open_needs),
                row.oldest_days,
                _day(row.last_contact, member.timezone),
                _day(row.next_due, member.timezone),
                str(tier_words.TIERS[row.tier]),
                tier_words.because(row.because),
                names.get(row.lead_id, "") if row.lead_id else "",
            ]
        if number * CHUNK >= min(page.total, MOST):
            return
        number += 1


def _day(moment: dt.datetime | None, zone: str) -> str:
    return formatting.local(moment, zone).date().isoformat() if moment else ""


def _page(problem: str = "", *, status: int = 200) -> ResponseReturnValue:
    member = current.member()
    assert member is not None
    asked, now = table_ask.of_request(), db.now()
    with db.reading() as session:
        covered = absences.covered_by(session, member.user_id, formatting.local(now, member.timezone).date())
        page = patient_table.page(session, asked.of(table.own(member, covered)), size=1, now=now)
    return htmx.render(
        "caseload/export.html",
        status=status,
        total=page.total,
        most=MOST,
        asked=asked,
        problem=problem,
        typed=request.form.get("reason", ""),
    )

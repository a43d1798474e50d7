"""An agency's own referrals as a file: a written reason, a fresh sign-in, audited, and only what was shared."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import abort, request

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, exports, htmx, limits, need_words
from portal.agency import inbox, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import needs
from referrals import agency_list, lifecycle
from resources_db import audit
from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import Channel, ReferralState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.exports import Cell
    from referrals.agency_list import Line

PERIOD: Final = timedelta(days=366)
MOST: Final = 5_000
NAMED: Final = lifecycle.WITH_AGENCY | lifecycle.HELPED
SHORTEST_REASON, LONGEST_REASON = 10, 500


@blueprint.get("/agency/export")
@needs("export.referrals")
def ask_export() -> ResponseReturnValue:
    """What the file holds, and why somebody needs it."""
    return _page()


@blueprint.post("/agency/export")
@needs("export.referrals")
def export() -> ResponseReturnValue:
    """The file. The reason stands in the audit trail, never in the file; each person in it is written down."""
    reason = " ".join(request.form.get("reason", "").split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return _page(problem=_("Write in a few words why you need it, with at least 10 letters."), status=422)
    limits.count(limits.EXPORT)
    now, person = db.now(), inbox.member()
    header = [
        *(_("Referral"), _("Sent"), _("From"), _("Service"), _("State"), _("Answered"), _("Date"), _("Need")),
        *(_("First name"), _("Last name"), _("Date of birth"), _("Phone"), _("Language"), _("Street"), _("ZIP")),
    ]
    with db.transaction(system()) as session:
        organization_id = inbox.organization(session)
        if organization_id is None:
            abort(404)
        mine = (
            Referral.organization_id == organization_id,
            Referral.sent_at > now - PERIOD,
            Referral.state.not_in((ReferralState.DRAFT, ReferralState.ERROR)),
        )
        found = [one for one in agency_list.lines(session, *mine, most=MOST) if not inbox.hidden(one.referral, person)]
        teams = inbox.care_teams(session, found)
        inbox.disclose(session, [one for one in found if _named(one)], Channel.PAGE, now)
        audit.record(
            session, action="referrals.export", subject_kind="table", subject_id="agency-referrals", reason=reason,
            now=now, detail={"rows": len(found)}, org_id=person.org_id,
        )  # fmt: skip
        rows = [_row(one, teams[one.referral.org_id].name, teams[one.referral.org_id].timezone) for one in found]
        return exports.download(session, "referrals", header, rows, what={"rows": len(rows)}, now=now)


def _named(line: Line) -> bool:
    """A person is named while the referral is open, and where it ended with help; of the others nothing is left."""
    return line.referral.state in NAMED


def _row(line: Line, team: str, zone: str) -> list[Cell]:
    referral, person = line.referral, line.person
    shown = [
        *(person.first_name, person.last_name, person.birth_date, person.phone),
        words.language(person.language) if person.language else "",
        *(person.street, person.zip),
    ]
    named = _named(line)
    return [
        referral.ref,
        _day(referral.sent_at, zone),
        team,
        line.service,
        referral.state.value,
        _day(referral.answered_at, zone),
        referral.next_on.isoformat() if referral.next_on else "",
        need_words.need(line.subneed) if named else "",
        *[(value or "") if named else "" for value in shown],
    ]


def _day(moment: object, zone: str) -> str:
    from datetime import datetime

    return formatting.local(moment, zone).date().isoformat() if isinstance(moment, datetime) else ""


def _page(*, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return htmx.render(
        "agency/export.html",
        status=status,
        problem=problem,
        typed=request.form.get("reason", "")[:LONGEST_REASON],
    )

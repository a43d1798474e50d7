"""The table of patients: language, needs, oldest waiting, last contact, and the tier with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import lazy_gettext as _
from portal import db, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.blueprint import blueprint
from referrals import patient_table, senders
from referrals.tiers import Fact
from resources_db.vocab import Tier

if TYPE_CHECKING:
    import datetime as dt

    from flask.typing import ResponseReturnValue

    from referrals.patient_table import CaseRow

TIERS = {
    Tier.TODAY: _("Today"),
    Tier.THIS_WEEK: _("This week"),
    Tier.IN_WORK: _("In work"),
    Tier.STEADY: _("Steady"),
}
FACTS = {
    Fact.SAFETY: _("a safety need"),
    Fact.NOTHING_TONIGHT: _("nothing for tonight"),
    Fact.DATE_WITHIN_2_DAYS: _("a date within 2 days"),
    Fact.URGENT_OVERDUE: _("an urgent referral is late"),
    Fact.WANTS_CALL: _("wants a call"),
    Fact.OLD_DISAGREEMENT: _("an old disagreement"),
    Fact.DATE_WITHIN_14_DAYS: _("a date within 14 days"),
    Fact.HOME_FROM_HOSPITAL: _("home from hospital"),
    Fact.THREE_NEEDS: _("3 or more open needs"),
    Fact.TWO_FAILED: _("2 failed tries for one need"),
    Fact.WAITING_30_DAYS: _("waits more than 30 days"),
    Fact.NO_ANSWER_TWICE: _("did not answer twice"),
    Fact.OPEN_NEED: _("an open need"),
    Fact.NO_OPEN_NEED: _("no open need"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One patient of the table, in words."""

    name: str
    href: str
    language: str
    needs: str
    oldest: int | None
    open_referrals: int
    last_contact: str
    tier: str
    because: str


@blueprint.get("/patients")
@needs("person.find")
def patients() -> ResponseReturnValue:
    """One's own patients, or the team's."""
    member = current.member()
    assert member is not None
    now = db.now()
    whole_team = request.args.get("view") == "team"
    with db.reading() as session:
        zone = senders.org_of(session, member.org_id).timezone
        rows = patient_table.patients(session, owner_id=None if whole_team else member.user_id, now=now)
        lines = [_line(row, now, zone) for row in rows]
    return htmx.render("caseload/patients.html", block="rows", lines=lines, whole_team=whole_team)


def _line(row: CaseRow, now: dt.datetime, zone: str) -> Line:
    return Line(
        name=row.name,
        href=url_for("caseload.record", patient_id=row.id),
        language=presenters.language_name(row.language),
        needs=formatting.list_of(need_words.need(need) for need in row.open_needs),
        oldest=row.oldest_days,
        open_referrals=row.open_referrals,
        last_contact=_days_ago(row.last_contact, now, zone),
        tier=str(TIERS[row.tier]),
        because=formatting.list_of(str(FACTS[fact]) for fact in row.because),
    )


def _days_ago(moment: dt.datetime | None, now: dt.datetime, zone: str) -> str:
    if moment is None:
        return ""
    return formatting.days_ago(formatting.local(moment, zone).date(), formatting.local(now, zone).date())

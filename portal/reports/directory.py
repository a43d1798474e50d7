"""How true is the directory: how old each kind of fact is, how it is used, and how many are confirmed each week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, freshness_words, htmx
from portal.auth.guards import needs
from portal.parts import StackedRow
from portal.reports import asked, tabs
from portal.reports.blueprint import blueprint
from referrals import listing_queue
from resources_db import history
from resources_db.freshness import SPOKEN_OF, Grade
from resources_db.models.upkeep import RecordHistory
from resources_db.vocab import FieldGroup

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.listing_queue import Entry

WEEKS: Final = 12
AGES: Final = (30, 90, 180, 365)


@blueprint.get("/reports/directory")
@needs("report.read")
def directory() -> ResponseReturnValue:
    """The grades by group of facts, the ages of phone and hours, and the confirmations of the last weeks."""
    now = db.now()
    with db.reading() as session:
        found = listing_queue.entries(session, now=now)
        weeks = _weeks(session, now)
        wish = asked.read(session)
    whole = listing_queue.truth(found, now=now)
    return htmx.render(
        "reports/directory.html",
        tabs=tabs.tabs("directory", wish),
        count=len(found),
        grades=[str(words) for words in freshness_words.GRADES.values()],
        groups=[(str(freshness_words.GROUPS[group]), _shares(found, group, now)) for group in SPOKEN_OF],
        by_use=[(str(freshness_words.GRADES[grade]), whole.by_use[grade] * 100) for grade in Grade],
        ages=_ages(found, now),
        weeks=weeks,
        waiting=len(listing_queue.waiting(found, listing_queue.Chosen())),
    )


def _shares(found: list[Entry], group: FieldGroup, now: datetime) -> list[float]:
    """Percent of all listings at each grade."""
    truth = listing_queue.truth(found, group, now=now)
    return [truth.listings[grade] * 100 / len(found) if found else 0.0 for grade in Grade]


def _ages(found: list[Entry], now: datetime) -> list[tuple[str, int]]:
    """How many listings by the age of phone or hours, whichever is older."""
    labels = [_("Up to %(num)s days", num=formatting.number(days)) for days in AGES]
    counts = dict.fromkeys([*labels, _("Older"), _("Never confirmed")], 0)
    for entry in found:
        phone, hours = entry.groups[FieldGroup.CONTACT], entry.groups[FieldGroup.HOURS]
        if phone is None or hours is None:
            counts[_("Never confirmed")] += 1
            continue
        days = (now - min(phone, hours)).days
        counts[next((label for label, most in zip(labels, AGES, strict=True) if days <= most), _("Older"))] += 1
    return list(counts.items())


def _weeks(session: Session, now: datetime) -> list[StackedRow]:
    """Listings confirmed in each of the last weeks, by the agency and by the team; a listing counts once a week."""
    rows = []
    for back in range(WEEKS):
        ends = now - timedelta(weeks=back)
        stmt = (
            select(RecordHistory.role, func.count(func.distinct(RecordHistory.service_id)).label("listings"))
            .where(
                RecordHistory.action == history.CONFIRM,
                RecordHistory.at > ends - timedelta(weeks=1),
                RecordHistory.at <= ends,
            )
            .group_by(RecordHistory.role)
        )
        by_role = {row.role: row.listings for row in session.execute(stmt)}
        name = _("Last 7 days") if not back else ngettext("%(num)s week before", "%(num)s weeks before", back)
        rows.append(StackedRow(name, (by_role.get(history.AGENCY, 0), by_role.get(history.TEAM, 0))))
    return rows

"""Our own work now: caseloads and late referrals by member of staff, and how fresh the listings are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import gettext as _
from portal.reports.sheet import Line, Share, Sheet, Table
from referrals import metrics, metrics_work

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked


def sheet(session: Session, asked: Asked) -> Sheet:
    """Lists with names of staff are no breakdown of patients: their counts are all shown."""
    loads = metrics_work.loads(session, asked.as_of)
    fresh = metrics_work.freshness(session, asked.period)
    bands = {"few": _("Fewer than 25"), "right": _("25 to 75"), "many": _("More than 75")}
    table = Table(
        key="caseload",
        title=_("Caseloads and late work"),
        meaning=_(
            "By who leads the patient, as of now. Late: the day it was due is over. "
            "Not spoken with: no word from or with the person in 30 days."
        ),
        head=_("Name"),
        columns=(
            ("patients", _("Patients")),
            ("late_items", _("Late on the list")),
            ("no_contact", _("Not spoken with")),
            ("open", _("Open referrals")),
            ("stale", _("Late referrals")),
        ),
        lines=tuple(
            Line(
                one.name,
                one.name,
                counts=(one.patients, one.late_items, one.no_contact, one.open, one.stale),
                more=bands[one.band],
            )
            for one in loads
        ),
        more=_("Caseload"),
    )
    return Sheet(
        name="work",
        title=_("Our own work"),
        lead=_("As of %(moment)s. Referrals sent %(months)s.", months=asked.words, moment=asked.moment),
        shares=(
            Share(
                "listings_confirmed",
                _("Listings confirmed in 90 days"),
                _("Somebody said in the last 90 days that the listing is right. Of all active listings."),
                metrics.of_rate(fresh.confirmed),
            ),
            Share(
                "sent_to_older",
                _("Referrals to older listings"),
                _("Sent to a service that nobody has confirmed in the last 90 days."),
                metrics.of_rate(fresh.to_older),
            ),
            Share(
                "wrong_listing",
                _("Failed because the listing was wrong"),
                _("The agency said no: out of area, service not offered, or program closed."),
                metrics.of_rate(fresh.wrong),
            ),
        ),
        tables=(table,) if loads else (),
    )

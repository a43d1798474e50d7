"""Did people get help? Five figures with their definitions, what became of each kind of need, and a file of both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from portal import db, exports, htmx, limits
from portal.auth import current
from portal.auth.guards import needs
from portal.reports import gaps, periods, presenters
from portal.reports.blueprint import blueprint
from referrals import metrics, senders
from referrals.metrics import Period

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

__all__ = ["blueprint", "gaps"]


@blueprint.get("/reports")
@needs("report.read")
def overview() -> ResponseReturnValue:
    """The figures of a period, as known now."""
    days, period = _period()
    with db.reading() as session:
        report = metrics.report(session, period)
        zone = senders.org_of(session, _org_id()).timezone
    return htmx.render(
        "reports/overview.html",
        report=report,
        measures=presenters.measures(report),
        domains=presenters.domains(report),
        too_few=presenters.too_few(report),
        days_to_answer=presenters.days_to_answer(report),
        since=formatting.date(formatting.local(period.since, zone).date()),
        seen_on=formatting.date_time(period.as_of, zone),
        periods=periods.choices("reports.overview"),
        file_url=url_for("reports.file", days=days),
    )


@blueprint.get("/reports.csv")
@needs("report.read")
def file() -> ResponseReturnValue:
    """The same figures as a file, small counts hidden."""
    limits.count(limits.EXPORT, str(_org_id()))
    days, period = _period()
    with db.transaction() as session:
        header, rows = presenters.table(metrics.report(session, period))
        return exports.download(session, "report", header, rows, what={"days": days}, now=period.as_of)


def _period() -> tuple[int, Period]:
    days, now = periods.asked(), db.now()
    return days, Period(now - timedelta(days=days), now, now)


def _org_id() -> uuid.UUID:
    person = current.member()
    assert person is not None
    return person.org_id

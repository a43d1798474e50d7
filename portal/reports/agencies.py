"""How soon agencies answer, and where there is no room. Agencies see their own figures two weeks before care teams."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal.reports import overview, words
from portal.reports.sheet import Line, Sheet, Table
from referrals import metrics_agencies, metrics_names
from referrals.counting import SECONDS_A_DAY, Measure
from referrals.figures import Rate
from referrals.periods import By

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.cells import Shown
    from referrals.metrics import Figure


def sheet(session: Session, asked: Asked) -> Sheet:
    """Four tables by agency or service, one by week."""
    found = metrics_agencies.responsiveness(session, asked.period)
    full = metrics_agencies.no_room(session, asked.period)
    agencies, services = metrics_names.names(session, By.AGENCY), metrics_names.names(session, By.SERVICE)
    medians = {key: _days(value) for key, value in found.median.items()}
    head, late = str(words.BY[By.AGENCY]), found.whole
    in_time = _("The agency answered before it was called late: 7 business days, urgent ones 2, or its own pace.")
    tables = (
        _table(
            "answered_in_time", _("Answered in time"), in_time, head, found.in_time, agencies, late["in_time"], medians
        ),
        _table(
            "overdue",
            _("Waiting for an answer too long"),
            _("No answer yet, and the time for it is over."),
            head,
            found.overdue,
            agencies,
            late["overdue"],
        ),
        _table(
            "no_response",
            _("Ended without an answer"),
            _("The clock closed it: the agency never said anything."),
            head,
            found.silent,
            agencies,
            late["silent"],
        ),
        _table(
            "no_room_by_service",
            _("No room, by service"),
            str(words.MEANINGS[Measure.NO_ROOM]),
            str(words.BY[By.SERVICE]),
            full.by_service,
            services,
            None,
        ),
        _weeks(full.by_week, full.whole),
    )
    return Sheet(
        name="agencies",
        title=_("How soon do agencies answer?"),
        lead=_("Referrals sent %(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        tables=tables,
        notes=(_first_look(asked), overview.hidden_words()),
        empty="" if full.by_week.rows or full.by_week.others else _("No referral was sent in this time."),
    )


def _table(
    key: str,
    title: str,
    meaning: str,
    head: str,
    shown: Shown[str],
    names: Mapping[str, str],
    of_all: Figure | None,
    more: Mapping[str, str] | None = None,
) -> Table:
    lines = [
        Line(one, names.get(one, one), rate=Rate(row[0], sum(row)), more=(more or {}).get(one, ""))
        for one, row in shown.rows.items()
    ]
    together = shown.together
    return Table(
        key=key,
        title=title,
        meaning=meaning,
        head=head,
        lines=tuple(sorted(lines, key=lambda line: line.name.casefold())),
        others=tuple(sorted((names.get(one, one) for one in shown.others), key=str.casefold)),
        together=None
        if together is None
        else Line("others", overview.together_words(), rate=Rate(together[0], sum(together))),
        whole=of_all,
        more=_("Days to the first answer, half within") if more is not None else "",
    )


def _weeks(shown: Shown[str], of_all: Figure) -> Table:
    lines = [
        Line(week, _("Week of %(day)s", day=formatting.date(date.fromisoformat(week))), rate=Rate(row[0], sum(row)))
        for week, row in sorted(shown.rows.items())
    ]
    together = shown.together
    return Table(
        key="no_room_by_week",
        title=_("No room, by week"),
        meaning=str(words.MEANINGS[Measure.NO_ROOM]),
        head=str(words.BY[By.WEEK]),
        lines=tuple(lines),
        others=tuple(
            _("Week of %(day)s", day=formatting.date(date.fromisoformat(week))) for week in sorted(shown.others)
        ),
        together=None
        if together is None
        else Line("others", overview.together_words(), rate=Rate(together[0], sum(together))),
        whole=of_all,
        drawn="line",
    )


def _first_look(asked: Asked) -> str:
    until = metrics_agencies.seen_by_agencies(asked.period).until
    return _(
        "An agency sees its own figures first. A month comes here two weeks after it ended: now all before %(day)s.",
        day=formatting.date(formatting.local(until, asked.zone).date()),
    )


def _days(seconds: float | None) -> str:
    return _("Not yet") if seconds is None else formatting.number(round(seconds / SECONDS_A_DAY, 1))

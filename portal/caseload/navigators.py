"""The lists of all navigators, for who leads the team: how each stands, with the way to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import absences, navigators

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.navigators import ListOf


@dataclass(frozen=True, slots=True)
class Line:
    """One navigator as the table shows them."""

    name: str
    href: str
    late_href: str
    patients: int
    today: int
    late: int
    all: int
    oldest: str
    seen: str
    away: str


@blueprint.get("/today/navigators", endpoint="navigators")
@needs("worklist.team")
def navigators_page() -> ResponseReturnValue:
    """How each list stands."""
    member = current.member()
    assert member is not None
    now, wall = db.now(), db.wall_clock()
    local = formatting.local(now, member.timezone)
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
    with db.reading() as session:
        found = navigators.lists(session, member.org_id, begin=begin, end=begin + dt.timedelta(days=1), now=now)
        away = {one.who.id: one for one in absences.standing(session, local.date()) if one.from_on <= local.date()}
    lines = [
        _line(one, formatting.short_date(away[one.who.id].until_on) if one.who.id in away else "", now, wall)
        for one in found
    ]
    return htmx.render(
        "caseload/navigators.html",
        lines=lines,
        late=sum(one.late for one in found),
        today=sum(one.today for one in found),
        day=formatting.long_day(local.date()),
    )


def _line(one: ListOf, away: str, now: dt.datetime, wall: dt.datetime) -> Line:
    late_days = (now - one.oldest).days if one.oldest is not None and one.oldest < now else 0
    return Line(
        name=one.who.name,
        href=url_for("caseload.today", who=one.who.id),
        late_href=url_for("caseload.today", who=one.who.id, late="y"),
        patients=one.patients,
        today=one.today,
        late=one.late,
        all=one.all,
        oldest=ngettext("%(num)s day late", "%(num)s days late", late_days) if late_days else "",
        seen=formatting.ago(one.seen_at, wall) if one.seen_at is not None else "",
        away=away,
    )

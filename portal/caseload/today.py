"""Today: one list of what needs somebody, with the reason in words. What is done about an item: today_acts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from i18n import formatting
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, today_rows, today_view
from portal.caseload.blueprint import blueprint
from portal.templating import count_in_bar
from referrals import absences, business_days, caseload, rereferral, senders
from resources_db.vocab import Tier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from portal.caseload.today_rows import Row
    from portal.caseload.today_view import View
    from referrals.absences import Away
    from referrals.caseload import Scope, TodayItem
    from resources_db.listing_key import ListingKey


@blueprint.get("/today")
@needs("person.read")
def today() -> ResponseReturnValue:
    """One's own list, with those of colleagues one covers for; or the team's; or what sleeps. The address holds all."""
    return page(today_view.asked())


def page(view: View) -> Response:
    """The list as this view shows it; for htmx only the list."""
    member = current.member()
    assert member is not None
    now = db.now()
    with db.reading() as session:
        zone = senders.org_of(session, member.org_id).timezone
        away = _away(session, member, formatting.local(now, zone).date())
        scope, filters = view.scope(member.user_id, (one.who.id for one in away)), view.filters(now, zone)
        items = caseload.today(session, scope, now=now, filters=filters)
        many = len(items) if len(items) < caseload.MOST else caseload.how_many(session, scope, now=now, filters=filters)
        totals = caseload.totals(session, scope, now=now)
        spoken = caseload.languages(session, scope, now=now)
        rows = _rows(session, items, view, away, now, zone)
        coming = _coming(session, scope, now, zone) if not items else ""
    due_now, later = _split(rows, now, zone)
    return htmx.render(
        "caseload/today.html",
        block="list",
        view=view,
        due_now=due_now,
        later=later,
        shown=len(items),
        many=many,
        totals=totals,
        away=[(one.who.name.split(" ")[0], formatting.short_date(one.until_on)) for one in away],
        watched=items[0].name if view.patient_id and items else "",
        languages=[(code, presenters.language_name(code)) for code in spoken],
        kinds=[(code, str(label)) for code, (label, _whys) in today_view.KINDS.items()],
        coming=coming,
        day=formatting.long_day(formatting.local(now, zone).date()),
        tomorrow=business_days.same_wall_time(now, 1, zone).astimezone(formatting.local(now, zone).tzinfo).date(),
    )


def _away(session: Session, member: Member, day: dt.date) -> list[Away]:
    """Colleagues whose lists this person covers today."""
    return [one for one in absences.standing(session, day) if one.cover.id == member.user_id and one.from_on <= day]


def _rows(
    session: Session, items: Sequence[TodayItem], view: View, away: Sequence[Away], now: dt.datetime, zone: str
) -> list[tuple[TodayItem, Row]]:
    keys: set[ListingKey] = {item.place for item in items if item.place is not None}
    keys.update(key for item in items for key in rereferral.ready(item.facts))
    day = today_rows.Day(
        now=now,
        zone=zone,
        view=view,
        away={one.who.id: one for one in away},
        places={listing.key: listing for listing in db.runtime().listings.load(session, keys)},
        counts=Counter(item.patient_id for item in items),
    )
    return [(item, today_rows.row(item, day)) for item in items]


def _coming(session: Session, scope: Scope, now: dt.datetime, zone: str) -> str:
    """When the next item may come by itself, in words."""
    at = caseload.next_at(session, scope, now=now)
    return formatting.date_time(at, zone) if at is not None else ""


def _split(rows: list[tuple[TodayItem, Row]], now: dt.datetime, zone: str) -> tuple[list[Row], list[Row]]:
    """What needs somebody today: its tier says so, or its day has come."""
    day = formatting.local(now, zone).date()
    first = [row for item, row in rows if _is_today(item, day, zone)]
    second = [row for item, row in rows if not _is_today(item, day, zone)]
    return first, second


def _is_today(item: TodayItem, day: dt.date, zone: str) -> bool:
    return item.tier is Tier.TODAY or formatting.local(item.due_at, zone).date() <= day


def _count() -> int:
    member = current.member()
    if member is None:
        return 0
    now = db.now()
    with db.reading() as session:
        away = _away(session, member, formatting.local(now, member.timezone).date())
        return caseload.how_many(session, caseload.of(member.user_id, *(one.who.id for one in away)), now=now)


count_in_bar("today", _count)

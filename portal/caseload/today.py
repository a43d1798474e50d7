"""Today: one list of what needs somebody, with the reason in words; done, snooze and undo by one key."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, why_words
from portal.caseload.blueprint import blueprint
from portal.parts import TodoRow
from portal.templating import count_in_bar
from referrals import business_days, caseload, senders, texting, worklist
from referrals.errors import TooLateError
from resources_db.vocab import Tier, WhyCode

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from referrals.caseload import TodayItem

NEXT_PLACES = frozenset(
    {
        WhyCode.AGENCY_FULL,
        WhyCode.AGENCY_SAID_NO,
        WhyCode.NOT_SERVED,
        WhyCode.NO_RESPONSE,
        WhyCode.PATIENT_COULD_NOT,
        WhyCode.PATIENT_OTHER_HELP,
    }
)
"""Items whose next step is another place."""
SNOOZES = {"tomorrow": 1, "3days": 3}
OPENS_AT = dt.time(8)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page: what it says, and what can be done with it at once."""

    todo: TodoRow
    first_name: str
    phone: str
    next_href: str
    decide_href: str
    referral_href: str


@blueprint.get("/today")
@needs("person.read")
def today() -> ResponseReturnValue:
    """The list of one's own people, of the team, or of what sleeps."""
    return _page(request.args.get("view", "mine"))


@blueprint.post("/today/<uuid:item_id>/done")
@needs("person.edit")
def done(item_id: uuid.UUID) -> ResponseReturnValue:
    """Take an item off the list; it can come back for ten seconds."""
    with db.transaction() as session:
        if texting.waits_for(session, worklist.get(session, item_id)):
            return _after(_("Open the patient first and decide: may texts go on?"))
        item = worklist.done(session, item_id, now=db.now())
        words = _("Done. It comes back if you undo.")
        undo = url_for("caseload.undo_done", item_id=item.id)
    return _after(words, undo)


@blueprint.post("/today/<uuid:item_id>/undo")
@needs("person.edit")
def undo_done(item_id: uuid.UUID) -> ResponseReturnValue:
    """Bring an item back."""
    with db.transaction() as session:
        try:
            worklist.undo(session, item_id, now=db.now())
            words = _("Back on the list.")
        except TooLateError:
            words = _("Too late to undo. You can write a reminder on the patient's page.")
    return _after(words)


@blueprint.post("/today/<uuid:item_id>/snooze")
@needs("person.edit")
def snooze(item_id: uuid.UUID) -> ResponseReturnValue:
    """Hide an item until a morning."""
    days = SNOOZES.get(request.form.get("until", ""), 1)
    with db.transaction() as session:
        item = worklist.get(session, item_id)
        zone = senders.org_of(session, item.org_id).timezone
        until = _morning(db.now(), days, zone)
        worklist.snooze(session, item_id, until=until)
        words = _("Sleeps until %(day)s.", day=formatting.day(formatting.local(until, zone).date()))
    return _after(words)


def _morning(now: dt.datetime, days: int, zone: str) -> dt.datetime:
    local = formatting.local(now, zone)
    return dt.datetime.combine(local.date() + dt.timedelta(days=days), OPENS_AT, local.tzinfo).astimezone(dt.UTC)


def _after(words: str, undo: str | None = None) -> ResponseReturnValue:
    """htmx gets the new list at once; a plain form goes back to it."""
    view = request.args.get("view", "mine")
    if htmx.wants_fragment():
        response = _page(view)
        return htmx.with_toast(response, words, undo_url=undo, seconds=10)
    htmx.say_later(words, undo)
    return htmx.redirect(url_for("caseload.today", view=view))


def _page(view: str) -> Response:
    member = current.member()
    assert member is not None
    now = db.now()
    owner = None if view == "team" else member.user_id
    with db.reading() as session:
        items = caseload.today(session, owner_id=owner, now=now, snoozed=view == "snoozed")
        totals = caseload.totals(session, owner_id=owner, now=now)
        zone = senders.org_of(session, member.org_id).timezone
    rows = [(item, _row(item, now, zone)) for item in items]
    due_now, later = _split(rows, now, zone)
    return htmx.render(
        "caseload/today.html",
        block="list",
        view=view,
        due_now=due_now,
        later=later,
        totals=totals,
        day=formatting.long_day(formatting.local(now, zone).date()),
        next_day=formatting.day(business_days.next_business_day(formatting.local(now, zone).date())),
    )


def _split(rows: list[tuple[TodayItem, Row]], now: dt.datetime, zone: str) -> tuple[list[Row], list[Row]]:
    """What needs somebody today: its tier says so, or its day has come."""
    today_ = formatting.local(now, zone).date()
    first = [row for item, row in rows if _is_today(item, today_, zone)]
    second = [row for item, row in rows if not _is_today(item, today_, zone)]
    return first, second


def _is_today(item: TodayItem, today_: dt.date, zone: str) -> bool:
    return item.tier is Tier.TODAY or formatting.local(item.due_at, zone).date() <= today_


def _row(item: TodayItem, now: dt.datetime, zone: str) -> Row:
    why = why_words.words(item, now=now, zone=zone)
    due, late = _due(item.due_at, now, zone)
    need = need_words.need(item.subneed) if item.subneed else ""
    page = "caseload.conversation" if item.why is WhyCode.PATIENT_WROTE else "caseload.record"
    record = url_for(page, patient_id=item.patient_id)
    return Row(
        todo=TodoRow(
            id=str(item.id),
            who=item.name,
            href=url_for("caseload.referral", referral_id=item.referral_id) if item.referral_id else record,
            because=why.because,
            tagline=" · ".join(word for word in (presenters.language_name(item.language), need) if word),
            more=why.more,
            due=due,
            late=late,
            icon=why.icon,
            family=why.family,
        ),
        first_name=item.first_name,
        phone=item.phone,
        next_href=_next(item) if item.why in NEXT_PLACES else "",
        decide_href=f"{record}#consent" if item.why is WhyCode.MAY_WANT_STOP else "",
        referral_href=record,
    )


def _next(item: TodayItem) -> str:
    """Where the next places stand: ready to be sent beside the referral that went nowhere, else a search."""
    if item.referral_id:
        return url_for("caseload.referral", referral_id=item.referral_id, _anchor="next")
    return presenters.search_for(item.patient_id, item.subneed)


def _due(due_at: dt.datetime, now: dt.datetime, zone: str) -> tuple[str, bool]:
    day, today_ = formatting.local(due_at, zone).date(), formatting.local(now, zone).date()
    if day < today_:
        return ngettext("%(num)s day late", "%(num)s days late", (today_ - day).days), True
    if day == today_:
        return _("Today"), True
    return formatting.day(day), False


def _count() -> int:
    member = current.member()
    if member is None:
        return 0
    with db.reading() as session:
        return caseload.waiting(session, owner_id=member.user_id, now=db.now())


count_in_bar("today", _count)

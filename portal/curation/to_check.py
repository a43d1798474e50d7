"""The first page of the directory team: listings to check, the most pressing first, each done with one key."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, freshness_words, htmx, need_words, review_words
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import tabs, to_check_asked, to_check_rows
from portal.curation.blueprint import blueprint
from referrals import listing_queue
from resources_db import upkeep_presses
from resources_db.freshness import Grade
from resources_db.models.directory import Service
from resources_db.models.tenants import AppUser
from resources_db.needs import NEEDS
from resources_db.repositories import listings
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.curation.to_check_asked import Asked
    from referrals.listing_queue import Entry, Truth

A_PAGE: Final = 25
SLEEPS: Final = timedelta(days=14)
DOINGS: Final = ("confirm", "snooze", "assign", "dismiss")


@blueprint.get("/curation")
@needs("listing.approve")
def to_check() -> ResponseReturnValue:
    """The queue as the address filters it."""
    return _page(to_check_asked.read(request.args))


@blueprint.get("/curation/chosen")
@needs("listing.approve")
def chosen() -> ResponseReturnValue:
    """What a press would do with all chosen listings; nothing has happened yet."""
    asked, doing = to_check_asked.read(request.args), request.args.get("do", "")
    if doing not in DOINGS:
        abort(404)
    ids = _ids(request.args.getlist("service"))
    with db.reading() as session:
        found = session.execute(select(Service.id, Service.name).where(Service.id.in_(ids)).order_by(Service.name))
        rows = [(str(service_id), name) for service_id, name in found]
    if not rows:
        return htmx.redirect(asked.url(), toast=_("Choose listings first, with x."))
    return htmx.render(
        "curation/chosen.html",
        tabs=tabs.tabs("to_check"),
        rows=rows,
        doing=doing,
        act=asked.url("curation.do"),
        back=asked.url(),
    )


@blueprint.post("/curation/do")
@needs("listing.approve")
def do() -> ResponseReturnValue:
    """Confirmed by phone, snoozed, taken on, or nothing wrong: one listing or many; ten seconds to take it back."""
    asked, doing = to_check_asked.read(request.args), request.form.get("do", "")
    ids = _ids(request.form.getlist("service"))
    member, now = current.member(), db.now()
    if doing not in DOINGS or not ids or member is None:
        abort(404)
    with db.transaction() as session:
        known = list(session.scalars(select(Service.id).where(Service.id.in_(ids))))
        if not known:
            abort(404)
        press = {
            "confirm": lambda: upkeep_presses.confirm(session, known, now=now),
            "snooze": lambda: upkeep_presses.snooze(session, known, until=now + SLEEPS, now=now),
            "assign": lambda: upkeep_presses.assign(session, known, to=member.user_id, now=now),
            "dismiss": lambda: upkeep_presses.dismiss(session, known, now=now),
        }[doing]()
    undo = asked.url("curation.undo", press)
    if htmx.wants_fragment():
        return htmx.with_toast(_page(asked), _done(doing, len(known)), undo_url=undo)
    return htmx.redirect(asked.url(), toast=_done(doing, len(known)), undo_url=undo)


@blueprint.post("/curation/undo/<uuid:press>")
@needs("listing.approve")
def undo(press: uuid.UUID) -> ResponseReturnValue:
    """Take one press back, whole."""
    asked = to_check_asked.read(request.args)
    with db.transaction() as session:
        count = upkeep_presses.take_back(session, press, now=db.now())
    said = ngettext("Taken back for %(num)s listing.", "Taken back for %(num)s listings.", count)
    return htmx.redirect(asked.url(), toast=said if count else _("Nothing to undo."))


def _done(doing: str, count: int) -> str:
    words = {
        "confirm": ngettext("%(num)s listing confirmed.", "%(num)s listings confirmed.", count),
        "snooze": ngettext("%(num)s listing sleeps for 14 days.", "%(num)s listings sleep for 14 days.", count),
        "assign": ngettext("%(num)s listing is yours.", "%(num)s listings are yours.", count),
        "dismiss": ngettext("%(num)s listing: nothing wrong.", "%(num)s listings: nothing wrong.", count),
    }
    return words[doing]


def _ids(typed: list[str]) -> list[uuid.UUID]:
    found = []
    for one in typed[:200]:
        try:
            found.append(uuid.UUID(one))
        except ValueError:
            continue
    return found


def _page(asked: Asked) -> Response:
    member, now = current.member(), db.now()
    with db.reading() as session:
        everything = listing_queue.entries(session, now=now)
        found = listing_queue.waiting(everything, asked.chosen(member.user_id if member else None))
        first = (asked.page - 1) * A_PAGE
        shown = found[first : first + A_PAGE]
        places = listings.of_services(session, [entry.service_id for entry in shown], include_staff=True)
        people = _people(session, shown)
    truth = listing_queue.truth(everything, now=now)
    return htmx.render(
        "curation/to_check.html",
        block="queue",
        tabs=tabs.tabs("to_check"),
        asked=asked,
        rows=to_check_rows.rows(shown, places, people, now),
        total=len(found),
        shown=first + len(shown),
        everything=len(everything),
        figures=_figures(truth),
        choices=_choices(everything),
        act=asked.url("curation.do"),
        next=asked.with_page(asked.page + 1).url() if first + A_PAGE < len(found) else "",
        previous=asked.with_page(asked.page - 1).url() if asked.page > 1 else "",
        mine=asked.turned().url(),
        urgent=url_for("curation.to_check", grade=Grade.NEVER.value, use="weekly"),
    )


def _people(session: Session, shown: list[Entry]) -> dict[uuid.UUID, str]:
    ids = {entry.assigned_to for entry in shown if entry.assigned_to}
    found = session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(ids)))
    return {row.id: row.name for row in found}


def _figures(truth: Truth) -> list[tuple[str, str, str, str, str]]:
    """Each grade: family, drawing, words, how many listings, and its share of what is used."""
    return [
        (*freshness_words.FAMILIES[grade], str(freshness_words.GRADES[grade]), formatting.number(count), share)
        for grade, count in truth.listings.items()
        for share in [formatting.percent(truth.by_use[grade])]
    ]


def _choices(everything: list[Entry]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what there is."""
    whys = {why for entry in everything for why in entry.whys}
    needs_known = {need for entry in everything for need in entry.needs} & set(NEEDS)
    return {
        "why": [("", _("Any reason")), *((why.value, review_words.why(why)) for why in ReviewWhy if why in whys)],
        "grade": [("", _("Any age")), *((grade.value, str(words)) for grade, words in freshness_words.GRADES.items())],
        "need": [
            ("", _("Any need")),
            *sorted(((need, need_words.need(need)) for need in needs_known), key=lambda one: one[1]),
        ],
        "use": [("", _("Any use")), *((use.value, str(words)) for use, words in to_check_rows.USES.items())],
        "source": [("", _("Any source")), *((one, one) for one in sorted({e.source for e in everything if e.source}))],
    }

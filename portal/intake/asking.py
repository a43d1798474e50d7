"""The public form: a person in need asks a care team for help. No account, no puzzle, no personal address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, request, session, url_for

from i18n import formatting, locales
from i18n.catalog import current_language
from portal import db, htmx, limits, locale
from portal.auth.guards import public
from portal.intake import danger_words, form, taking
from portal.intake.form import Typed
from referrals import intake, takers
from resources_db.limits import Limit
from resources_db.listing_key import ListingKey
from resources_db.repositories import listings
from resources_db.tenancy import system

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.intake import Asked
    from referrals.takers import Taker
    from resources_db.repositories.listing import Listing

blueprint = Blueprint("ask", __name__)
blueprint.add_app_template_global(taking.is_open, "takes_requests")

TRIES: Final = Limit("ask.tries", 60, timedelta(hours=1))
BY_NETWORK: Final = Limit("ask.network", 20, timedelta(hours=1))
BY_WAY: Final = Limit("ask.way", 3, timedelta(days=1))
ALL: Final = Limit("ask.all", 400, timedelta(hours=1))
DONE: Final = "asked"


@blueprint.get("/ask")
@public
def ask() -> ResponseReturnValue:
    """The empty form; where nobody takes requests, whom to call instead."""
    if not taking.is_open():
        return htmx.render("ask/nobody.html", here=False)
    return _form(None, {}, form.listing_of(request.args.get("listing", "")))


@blueprint.post("/ask")
@public
def send() -> ResponseReturnValue:
    """Keep the request for the care team that helps at this ZIP. A robot gets the same thanks, and nothing is kept."""
    limits.count(TRIES)
    offered = taking.all_of_them()
    if not offered:
        return htmx.render("ask/nobody.html", here=False)
    typed = form.read()
    if typed.robot:
        return _thanks(None, danger=False)
    problems = intake.problems(typed.asked)
    if not problems and (not typed.key or typed.seconds < form.SHORTEST_SECONDS):
        problems = {"send": "again"}
    if problems:
        return _form(typed, form.words_of(problems), typed.asked.listing, status=422)
    taker = takers.taker_for(offered, typed.asked.zip)
    if taker is None:
        return htmx.render("ask/nobody.html", here=True, danger=danger_words.lines(typed.asked.danger))
    _count(typed.asked)
    with db.transaction(system(taker.org_id)) as rows:
        intake.keep(rows, taker, typed.asked, key=f"ask:{typed.key}", now=db.now())
    return _thanks(taker, danger=bool(typed.asked.danger))


@blueprint.get("/ask/thanks")
@public
def thanks() -> ResponseReturnValue:
    """What happens now and by when. The address says nothing; what is shown stands in the session."""
    kept = session.get(DONE)
    said = kept if isinstance(kept, dict) else {}
    by = str(said.get("by", ""))
    return htmx.render(
        "ask/thanks.html",
        danger=danger_words.lines(danger_words.ANY) if said.get("danger") else [],
        team=str(said.get("name", "")),
        team_phone=str(said.get("phone", "")),
        by=formatting.long_day(datetime.fromisoformat(by).date()) if by else "",
    )


def _thanks(taker: Taker | None, *, danger: bool) -> ResponseReturnValue:
    # The session is no sealed place: that there was danger is kept for the next page, never which.
    said: dict[str, object] = {"danger": danger}
    if taker is not None:
        day = formatting.local(intake.call_by(db.now(), taker.zone), taker.zone).date()
        said |= {"by": day.isoformat(), "name": taker.name, "phone": taker.phone}
    session[DONE] = said
    return htmx.redirect(url_for("ask.thanks", l=request.args.get(locale.ARGUMENT)))


def _count(asked: Asked) -> None:
    """Only what would be kept counts against these: somebody who mistypes is not shut out."""
    limits.count(BY_NETWORK)
    limits.count(BY_WAY, (asked.phone or asked.reach).casefold())
    limits.count(ALL, "all")


def _form(
    typed: Typed | None, problems: dict[str, str], key: ListingKey | None, *, status: int = 200
) -> ResponseReturnValue:
    about = _about(key)
    return htmx.render(
        "ask/form.html",
        status=status,
        typed=typed.asked if typed else None,
        problems=problems,
        danger=danger_words.lines(typed.asked.danger) if typed else [],
        about=about,
        about_name=about.name if about and not about.sensitive else "",
        listing=str(about.key) if about else "",
        languages_spoken=[(one.code, one.name) for one in locales.preferable()],
        language_code=typed.asked.language if typed else current_language().code,
        sentences={"keep": str(form.KEEP), "text": str(form.TEXT), "share": str(form.SHARE)},
        honeypot=form.HONEYPOT,
        key=form.new_key() if typed is None or not typed.key else request.form.get("key", ""),
        send_url=url_for("ask.send", l=request.args.get(locale.ARGUMENT)),
    )


def _about(key: ListingKey | None) -> Listing | None:
    """The listing somebody came from, if the public may see it."""
    if key is None:
        return None
    with db.reading() as rows:
        return listings.get(rows, key)

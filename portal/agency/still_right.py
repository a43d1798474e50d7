"""The page behind a question about listings: all right, changed, closed or moved, not us. No account, no script.

A fetch changes nothing: mail scanners fetch links. Pressed buttons do, and each can be pressed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from portal import db, errors, field_words, htmx, listing_edit
from portal.agency import check_words, page, room_again
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from portal.auth.link_guard import renews
from portal.links import opens
from referrals import ask_rests, campaign_messages, listing_check, room_checks, senders
from referrals.errors import NotFoundError
from resources_db import freshness
from resources_db.listing_fields import BadFieldError
from resources_db.proposals import ProposalError
from resources_db.vocab import AskState, LinkPurpose

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.listing_check import Asked, AskedListing
    from resources_db.models.access import AccessLink

__all__ = ["room_again"]

OF_ONE: Final = ("listing_right", "listing_gone", "listing_not_us", "check_change_form")
"""Addresses each listing of the page has."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link asks, in whose name."""

    asked: Asked
    care_team: str
    care_phone: str
    rests: bool


@opens(LinkPurpose.LISTING_CHECK, kind=listing_check.SUBJECT)
def show_check(token: str) -> ResponseReturnValue:
    """Every listing of the question, with what was answered so far."""
    with db.reading() as session:
        seen = _open(session)
    return _show(token, seen) if seen else errors.link_not_working()


@renews(LinkPurpose.LISTING_CHECK)
def renew_check(session: Session, ended: AccessLink, now: datetime) -> None:
    """A new link to the contact on file."""
    renewals = {listing_check.SUBJECT: campaign_messages.renew, room_checks.SUBJECT: room_checks.renew}
    renewals[ended.subject_kind](session, ended, now=now)


@blueprint.post("/r/<token>/listings/all")
@link("listing_check")
def all_still_right(token: str) -> ResponseReturnValue:
    """One tap for all of them that have no answer yet."""
    return _press(
        token,
        lambda session, asked: listing_check.still_right(
            session, asked.ask, [one.row for one in asked.open], now=db.now()
        ),
    )


@blueprint.post("/r/<token>/listings/<uuid:row_id>/right")
@link("listing_check")
def listing_right(token: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """All of one listing is right."""
    return _press(
        token,
        lambda session, asked: listing_check.still_right(session, asked.ask, [_row(asked, row_id).row], now=db.now()),
    )


@blueprint.post("/r/<token>/listings/<uuid:row_id>/gone")
@link("listing_check")
def listing_gone(token: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """It closed or moved; the directory team looks at it."""
    what, words = request.form.get("what", ""), page.given_text()
    return _press(
        token,
        lambda session, asked: listing_check.closed(
            session, asked.ask, _row(asked, row_id).row, what, words, now=db.now()
        ),
    )


@blueprint.post("/r/<token>/listings/<uuid:row_id>/not-us")
@link("listing_check")
def listing_not_us(token: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """The listing is somebody else's."""
    return _press(
        token, lambda session, asked: listing_check.not_us(session, asked.ask, _row(asked, row_id).row, now=db.now())
    )


@blueprint.post("/r/<token>/listings/rest")
@link("listing_check")
def check_rest(token: str) -> ResponseReturnValue:
    """Ask later, never, or again after all."""
    doing = {"later": listing_check.later, "never": listing_check.never, "again": listing_check.again}
    wanted = doing.get(request.form.get("do", ""))
    if wanted is None:
        abort(404)
    return _press(token, lambda session, asked: wanted(session, asked.ask, now=db.now()))


@blueprint.get("/r/<token>/listings/<uuid:row_id>/change")
@link("listing_check")
def check_change_form(token: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """The facts of one listing as a form."""
    with db.reading() as session:
        seen = _open(session)
        if seen is None:
            return errors.link_not_working()
        return _form(session, token, seen, _row(seen.asked, row_id))


@blueprint.post("/r/<token>/listings/<uuid:row_id>/change")
@link("listing_check")
def check_change(token: str, row_id: uuid.UUID) -> ResponseReturnValue:
    """Corrections go by the same rules as all changes of an agency's link."""
    now = db.now()
    with db.transaction() as session:
        seen = _open(session)
        if seen is None:
            return errors.link_not_working()
        one = _row(seen.asked, row_id)
        listing = one.places[_place(one)]
        page.speak(seen.asked.contact.language)
        read = listing_edit.read(listing, request.form)
        wrong, same = dict(read.errors), False
        if not wrong:
            try:
                listing_check.change(session, seen.asked.ask, one.row, listing, read.changes, now=now)
                listing_check.opened(session, page.own_link(session), seen.asked.ask, now=now)
            except BadFieldError as error:
                wrong[error.field] = field_words.error(error.code)
            except ProposalError:
                same = True
    if wrong or same:
        with db.reading() as session:
            return _form(session, token, seen, one, typed=request.form, wrong=wrong, same=same)
    return htmx.redirect(_home(token))


def _press(token: str, work: Callable[[Session, Asked], object]) -> ResponseReturnValue:
    with db.transaction() as session:
        seen = _open(session)
        if seen is None:
            return errors.link_not_working()
        listing_check.opened(session, page.own_link(session), seen.asked.ask, now=db.now())
        work(session, seen.asked)
    return htmx.redirect(_home(token))


def _open(session: Session) -> Opened | None:
    """The question of this request's link; None where the link asks something else."""
    row = page.own_link(session)
    try:
        asked = listing_check.asked(session, row)
    except NotFoundError:
        return None
    rests = bool(ask_rests.resting(session, [asked.contact.id], now=db.now()))
    org = senders.org_of(session, row.org_id)
    return Opened(asked, org.name, senders.of_org(session, org.id).phone, rests)


def _row(asked: Asked, row_id: uuid.UUID) -> AskedListing:
    found = next((one for one in asked.listings if one.row.id == row_id), None)
    if found is None:
        abort(404)
    return found


def _place(one: AskedListing) -> int:
    """Which place of the listing the form is about."""
    typed = request.values.get("place", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("100") else 0
    return number if number < len(one.places) else 0


def _home(token: str) -> str:
    return url_for("links.open_link", token=token, l=page.asked())


def _address(name: str, token: str, row_id: str | None = None) -> str:
    if row_id is None:
        return url_for(f"agency.{name}", token=token, l=page.asked())
    return url_for(f"agency.{name}", token=token, row_id=row_id, l=page.asked())


def _show(token: str, seen: Opened) -> Response:
    page.speak(seen.asked.contact.language)
    now = db.now()
    cards = [check_words.card(one, now) for one in seen.asked.listings]
    return htmx.render(
        "agency/still_right.html",
        block=None,
        care_team=seen.care_team,
        care_phone=seen.care_phone,
        agency=seen.asked.agency,
        cards=[(card, {name: _address(name, token, card.id) for name in OF_ONE}) for card in cards],
        left=sum(not card.answer for card in cards),
        all_url=_address("all_still_right", token),
        rest_url=_address("check_rest", token),
        rests=seen.rests,
        never=seen.asked.ask.state is AskState.DECLINED,
    )


def _form(
    session: Session,
    token: str,
    seen: Opened,
    one: AskedListing,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    same: bool = False,
) -> Response:
    page.speak(seen.asked.contact.language)
    place, now = _place(one), db.now()
    listing = one.places[place]
    fresh = freshness.of_listing(session, listing.service_id, listing.location_id, now=now)
    return htmx.render(
        "agency/change_listing.html",
        block=None,
        status=422 if wrong or same else 200,
        care_team=seen.care_team,
        name=listing.name,
        edit=listing_edit.of(listing, typed=typed, errors=wrong, notes=listing_edit.notes_of(fresh, now)),
        same=same,
        place=place,
        places=[
            (number, ", ".join(where.address_lines) or where.name)
            for number, where in enumerate(one.places[: check_words.MOST_PLACES])
        ]
        if len(one.places) > 1
        else [],
        here=_address("check_change_form", token, str(one.row.id)),
        back=_home(token),
    )

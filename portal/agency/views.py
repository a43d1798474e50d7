"""The agency's page behind a link: a neutral first page, the code where it is needed, then one referral. No script.

A fetch changes nothing and shows nothing of a person: mail scanners fetch links. Pressed buttons do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal import db, htmx
from portal.agency import (
    answers,
    code_words,
    contact_page,
    digest,
    edit,
    full,
    inbox,
    listing,
    listings,
    page,
    passes,
    still_right,
    table,
)
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from portal.auth.link_guard import renews
from portal.links import opens
from referrals import agency, codes, notices
from referrals.codes import Sent
from resources_db.vocab import LinkPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink

__all__ = [
    "answers",
    "blueprint",
    "contact_page",
    "digest",
    "edit",
    "full",
    "inbox",
    "listing",
    "listings",
    "still_right",
    "table",
]


@opens(LinkPurpose.AGENCY)
def show_page(token: str) -> ResponseReturnValue:
    """The page of the link, as far as this browser may see it."""
    with db.reading() as session:
        seen = page.read(session)
    return page.show(token, seen)


@renews(LinkPurpose.AGENCY)
def renew(session: Session, ended: AccessLink, now: datetime) -> None:
    """A new link to the referral, to the contact on file."""
    notices.renew(session, ended, now=now)


@blueprint.post("/r/<token>/agency/open")
@link("agency")
def open_page(token: str) -> ResponseReturnValue:
    """The first button: the agency has the referral now. Sends the code where one is needed."""
    with db.transaction() as session:
        row = page.own_link(session)
        agency.open_it(session, row, now=db.now())
        secret = codes.grant(session, row, stepped_up=False, now=db.now())
        seen = page.read(session, record=True)
        if seen.view.code_needed and not seen.code_waits:
            codes.send(session, row, now=db.now())
    return passes.give(htmx.redirect(_home(token)), secret)


@blueprint.post("/r/<token>/agency/new-code")
@link("agency")
def new_code(token: str) -> ResponseReturnValue:
    """Send one more code; how often is counted."""
    with db.transaction() as session:
        sent = codes.send(session, page.own_link(session), now=db.now())
        seen = page.read(session, just_opened=True)
    if sent in {Sent.BY_SMS, Sent.BY_EMAIL}:
        return htmx.redirect(_home(token))
    page.speak(seen.view.language)
    return page.show(token, seen, status=422, problem=code_words.not_sent(sent))


@blueprint.post("/r/<token>/agency/code")
@link("agency")
def check_code(token: str) -> ResponseReturnValue:
    """Compare the typed code. A wrong one is counted and kept, whatever the answer looks like."""
    digits = "".join(letter for letter in request.form.get("code", "") if letter.isdigit())
    with db.transaction() as session:
        row = page.own_link(session)
        checked = codes.check(session, row, digits, now=db.now())
        secret = _passed(session, row) if checked.passed else ""
        seen = page.read(session, just_opened=True)
    if secret:
        return passes.give(htmx.redirect(_home(token)), secret)
    page.speak(seen.view.language)
    return page.show(token, seen, status=422, problem=code_words.wrong(checked))


def _passed(session: Session, row: AccessLink) -> str:
    """The door is open: from here on facts of a person are shown, and that is written down."""
    agency.look(session, row, stepped_up=True, now=db.now(), record=True)
    return codes.grant(session, row, stepped_up=True, now=db.now())


def _home(token: str) -> str:
    from flask import url_for

    return url_for("links.open_link", token=token, l=page.asked())

"""No room any more, and others wait for an answer: "answer these too?", all ticked. Nothing is answered by itself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from i18n.catalog import ngettext
from portal import db, htmx
from portal.agency import page, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from referrals import agency_full
from referrals.agency_choices import Choice

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST: Final = 200


@blueprint.get("/r/<token>/agency/these-too")
@link("agency")
def these_too(token: str) -> ResponseReturnValue:
    """The referrals to this service that wait, by their codes and days alone."""
    with db.reading() as session:
        seen = page.read(session)
        waiting = agency_full.waiting(session, page.own_link(session)) if seen.passed else []
        rows = [(str(one.id), one.ref, words.day_of(one.sent_at, seen.zone)) for one in waiting]
    if not seen.passed or seen.view.listing is None:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    if not rows:
        return htmx.redirect(url_for("agency.saved", token=token, what="room", l=page.asked()))
    leave = url_for("agency.saved", token=token, what="room", l=page.asked())
    note = page.room_note(seen.view.listing)
    return page.render(token, seen, "agency/these_too.html", waiting=rows, leave=leave, room_note=note)


@blueprint.post("/r/<token>/agency/these-too")
@link("agency")
def answer_these_too(token: str) -> ResponseReturnValue:
    """The same answer to all that stayed ticked."""
    choice = request.form.get("answer", "")
    chosen = set(filter(None, map(_id, request.form.getlist("referral")[:MOST])))
    done = 0
    with db.transaction() as session:
        seen = page.read(session)
        if seen.passed and choice in agency_full.OFFERED:
            row = page.own_link(session)
            done = agency_full.answer(session, row, chosen, Choice(choice), key=page.given_key(), now=db.now())
        after = page.read(session)
    if not seen.passed:
        return htmx.redirect(url_for("links.open_link", token=token, l=page.asked()))
    page.speak(seen.view.language)
    said = ngettext("%(num)s referral is answered.", "%(num)s referrals are answered.", done) if done else ""
    return page.render(
        token, after, "agency/saved.html", what="room", said=said, room_note=page.room_note(after.view.listing), told=[]
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

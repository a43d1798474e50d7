"""The weekly list behind its link: a neutral page, always the code, then every open referral, answered where it stands.

No account. Fetching shows nobody and changes nothing; each person shown is written down when the code is typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from portal import db, htmx
from portal.agency import code_words, in_place, page, passes, rows, words
from portal.agency.blueprint import blueprint
from portal.auth.guards import link
from portal.auth.link_guard import renews
from portal.links import opens
from referrals import agency, agency_list, codes, contacts, corrections, digests, links, senders
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.vocab import Channel, LinkPurpose, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.by import By
    from resources_db.models.access import AccessLink

FRAME = "layouts/agency.html"
MOST_REF = 8
ADDRESSES = ("open_list", "new_list_code", "check_list_code", "answer_in_list", "switch_list")


@opens(LinkPurpose.DIGEST)
def show_list(token: str) -> ResponseReturnValue:
    """The list as far as this browser may see it."""
    return _show(token)


@renews(LinkPurpose.DIGEST)
def renew(session: Session, ended: AccessLink, now: datetime) -> None:
    """A new link to the list, to the contact on file."""
    digests.renew(session, ended, now=now)


@blueprint.post("/r/<token>/list/open")
@link("digest")
def open_list(token: str) -> ResponseReturnValue:
    """The first button sends the code; the list always asks for it."""
    with db.transaction() as session:
        row = page.own_link(session)
        if not _code_waits(row):
            codes.send(session, row, now=db.now())
        secret = codes.grant(session, row, stepped_up=False, now=db.now())
    return passes.give(htmx.redirect(_home(token)), secret)


@blueprint.post("/r/<token>/list/new-code")
@link("digest")
def new_list_code(token: str) -> ResponseReturnValue:
    """Send one more code; how often is counted."""
    with db.transaction() as session:
        sent = codes.send(session, page.own_link(session), now=db.now())
    if sent in {codes.Sent.BY_SMS, codes.Sent.BY_EMAIL}:
        return htmx.redirect(_home(token))
    return _show(token, status=422, opened=True, problem=lambda: code_words.not_sent(sent))


@blueprint.post("/r/<token>/list/code")
@link("digest")
def check_list_code(token: str) -> ResponseReturnValue:
    """Compare the typed code. From here on persons are shown, and each showing is written down."""
    digits = "".join(letter for letter in request.form.get("code", "") if letter.isdigit())
    secret, now = "", db.now()
    with db.transaction() as session:
        row = page.own_link(session)
        checked = codes.check(session, row, digits, now=now)
        if checked.passed and row.contact_id is not None:
            links.opened(session, row, now=now)
            shown = agency_list.lines(session, *agency_list.open_to(row.contact_id))
            agency_list.disclose(session, shown, contact_id=row.contact_id, channel=Channel.LINK, now=now)
            secret = codes.grant(session, row, stepped_up=True, now=now)
    if secret:
        return passes.give(htmx.redirect(_home(token)), secret)
    return _show(token, status=422, opened=True, problem=lambda: code_words.wrong(checked))


@blueprint.post("/r/<token>/list/answer")
@link("digest")
def answer_in_list(token: str) -> ResponseReturnValue:
    """One answer to one referral of the list; "Open" shows its own page."""
    with db.reading() as session:
        row = page.own_link(session)
        care_team = senders.org_of(session, row.org_id).name
        allowed, language = passes.stepped_up(session, row), row.language
    if not allowed:
        return htmx.redirect(_home(token))
    page.speak(language)
    if request.form.get("answer") == "open":
        return _open_one()
    place = in_place.Place(
        find=_find,
        actor=None,
        done=lambda ref: htmx.redirect(_home(token, done=ref)),
        changed=lambda ref: htmx.redirect(_home(token, changed=ref)),
        frame=FRAME,
        context={"back": _home(token), "care_team": care_team},
    )
    return in_place.respond(place)


@blueprint.post("/r/<token>/list/weekly")
@link("digest")
def switch_list(token: str) -> ResponseReturnValue:
    """The weekly list is not wanted, or wanted again. Single referrals still come."""
    with db.transaction() as session:
        contact = _contact(session, page.own_link(session))
        if contact is not None:
            contact.digest = request.form.get("do") == "on"
    return htmx.redirect(_home(token))


def _show(
    token: str, *, status: int = 200, opened: bool = False, problem: Callable[[], str] | None = None
) -> ResponseReturnValue:
    now = db.now()
    with db.reading() as session:
        row = page.own_link(session)
        held = passes.held(session, row)
        org = senders.org_of(session, row.org_id)
        contact = _contact(session, row)
        page.speak(row.language)
        context: dict[str, object] = {
            "care_team": org.name,
            "care_phone": senders.of_org(session, org.id).phone,
            "urls": {name: url_for(f"agency.{name}", token=token, l=page.asked()) for name in ADDRESSES},
            "key": page.new_key(),
            "weekly": contact is not None and contact.digest,
            "wanted": contact is not None,
            "count": digests.open_count(session, row.contact_id) if row.contact_id else 0,
            "locked": row.locked_at is not None,
            "code_waits": _code_waits(row),
            "hint": _hint(contact),
            "problem": problem() if problem is not None else "",
            "done": request.args.get("done", "")[:MOST_REF],
            "changed": request.args.get("changed", "")[:MOST_REF],
        }
        if held is None or not held.stepped_up:
            template = "agency/list_code.html" if held is not None or opened else "agency/list_neutral.html"
            return _render(template, context, status)
        open_ones = agency_list.lines(session, *agency_list.open_to(contact.id)) if contact is not None else []
        shown = [one for one in open_ones if one.referral.sent_at and one.referral.sent_at <= held.created_at]
        context["lines"] = [rows.line(one, care_team=org.name, zone=org.timezone, now=now, named=True) for one in shown]
        context["newer"] = len(open_ones) - len(shown)
    return _render("agency/list.html", context, status)


def _render(template: str, context: dict[str, object], status: int) -> Response:
    return htmx.render(template, block=None, status=status, **context)


def _open_one() -> ResponseReturnValue:
    """The page of one referral, by a link that lives an hour for this browser; the code was typed already."""
    now = db.now()
    with db.transaction() as session:
        found = _find(session, in_place.asked_id())
        if found is None:
            return htmx.redirect(request.path.removesuffix("/list/answer"))
        referral = found[0]
        subject = links.Subject(
            LinkPurpose.AGENCY, "referral", referral.id, referral.org_id,
            contact_id=referral.contact_id, language=page.own_link(session).language,
        )  # fmt: skip
        row, token = links.issue(session, subject, now=now, life=codes.PASS_LIFE)
        agency.open_it(session, row, now=now)
        agency.look(session, row, stepped_up=True, now=now, record=True)
        secret = codes.grant(session, row, stepped_up=True, now=now)
    return passes.give(htmx.redirect(url_for("links.open_link", token=token, l=page.asked())), secret)


def _find(session: Session, referral_id: uuid.UUID) -> tuple[Referral, By] | None:
    """A referral of this list and who speaks of it; None for any other."""
    row = page.own_link(session)
    referral = session.get(Referral, corrections.newest_of(session, referral_id))
    if referral is None or referral.org_id != row.org_id or referral.contact_id != row.contact_id:
        return None
    return (referral, agency.hand_of(session, row)) if referral.state is not ReferralState.DRAFT else None


def _contact(session: Session, row: AccessLink) -> AgencyContact | None:
    return session.get(AgencyContact, row.contact_id) if row.contact_id else None


def _code_waits(row: AccessLink) -> bool:
    return row.code_hash is not None and row.code_expires_at is not None and row.code_expires_at > db.now()


def _hint(contact: AgencyContact | None) -> str:
    ways = contacts.channels(contact) if contact is not None else ()
    if contact is None or not ways:
        return ""
    way = ways[0].value
    return words.contact_hint(way, contact.phone if way == "sms" else contact.email)


def _home(token: str, *, done: str | None = None, changed: str | None = None) -> str:
    return url_for("links.open_link", token=token, l=page.asked(), done=done, changed=changed)

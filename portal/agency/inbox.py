"""The inbox of an agency with accounts: its open referrals, each opening the same page that a link opens.

Referrals belong to care organizations; what is read here is what any agency reads by its link, and no person is named.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for
from sqlalchemy import select

from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx
from portal.agency import in_place, page, passes, rows
from portal.agency.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from referrals import agency, agency_figures, agency_list, codes, lifecycle, links
from referrals.agency_choices import Answer, Choice
from referrals.by import By
from referrals.errors import ChangedMeanwhileError, MoveRefusedError
from resources_db.models.referrals import Referral
from resources_db.models.tenants import Org
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, Channel, LinkPurpose, OrgKind, Side

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from referrals.agency_list import Line

LIFE: Final = timedelta(hours=1)
SENSITIVE: Final = "sensitive"
"""The grant of a membership that may open sensitive referrals."""


SHOWS: Final = ("all", "waiting", "late", "with_us")
MOST_TICKED: Final = 200


@blueprint.get("/agency")
@needs("referral.read")
def inbox() -> ResponseReturnValue:
    """The open referrals of the person's agency, the oldest first, without a word about the persons."""
    with db.reading(system()) as session:
        return _page(session, named=False)


@blueprint.post("/agency/names")
@needs("referral.move")
def show_names() -> ResponseReturnValue:
    """The same list with names and phones. Each person shown is written down, as on the page of a referral."""
    with db.transaction(system()) as session:
        return _page(session, named=True)


@blueprint.post("/agency/answer")
@needs("referral.move")
def answer_in_inbox() -> ResponseReturnValue:
    """One answer to one referral, given where it stands."""
    if request.form.get("answer") == "open":
        return open_referral(in_place.asked_id())
    back = url_for("agency.inbox", show=_shown())
    place = in_place.Place(
        find=_to_answer,
        actor=system(),
        done=lambda ref: htmx.redirect(back, toast=_("Saved for %(ref)s.", ref=ref)),
        changed=lambda ref: htmx.redirect(
            back, toast=_("%(ref)s had changed already. Nothing was saved; it stands here as it is now.", ref=ref)
        ),
        frame="layouts/staff.html",
        context={"back": back},
    )
    return in_place.respond(place)


@blueprint.post("/agency/helped")
@needs("referral.move")
def helped() -> ResponseReturnValue:
    """The word "helped" for all that are ticked: a distribution day in one press. Each is an answer of its own."""
    ticked = list(filter(None, map(_id, request.form.getlist("referral")[:MOST_TICKED])))
    done, key, now = 0, page.given_key(), db.now()
    for referral_id in ticked:
        try:
            with db.transaction(system()) as session:
                found = _to_answer(session, referral_id)
                if found is not None:
                    agency.say(
                        session, found[0], Answer(Choice.HELPED), by=found[1], key=f"{key}:{referral_id}", now=now
                    )
                    done += 1
        except (MoveRefusedError, ChangedMeanwhileError):
            continue  # somebody was faster with this one; the list shows how it stands now
    said = ngettext("%(num)s referral is saved as helped.", "%(num)s referrals are saved as helped.", done)
    return htmx.redirect(
        url_for("agency.inbox", show=_shown()), toast=said if done else _("Tick those who got help first.")
    )


@blueprint.get("/agency/figures")
@needs("referral.read")
def figures() -> ResponseReturnValue:
    """How soon this agency answers. Shown to the agency itself."""
    with db.reading(system()) as session:
        organization_id = organization(session)
        found = agency_figures.of(session, organization_id, now=db.now()) if organization_id else None
    return htmx.render("agency/figures.html", figures=found)


@blueprint.post("/agency/<uuid:referral_id>")
@needs("referral.move")
def open_referral(referral_id: uuid.UUID) -> ResponseReturnValue:
    """Open one of them: the page of a link that lives an hour, for this browser only."""
    with db.transaction(system()) as session:
        referral = _own(session, referral_id)
        if referral is None or hidden(referral, member()):
            abort(404)
        token, secret = _enter(session, referral, db.now())
    return passes.give(htmx.redirect(url_for("links.open_link", token=token)), secret)


def _enter(session: Session, referral: Referral, now: datetime) -> tuple[str, str]:
    """A link of one's own, with its check passed: the person has signed in. Seen, and written down as a disclosure."""
    person = member()
    act_as(session, Actor(ActorKind.LINK, referral.org_id, person.user_id, label="agency"))
    subject = links.Subject(
        LinkPurpose.AGENCY,
        "referral",
        referral.id,
        referral.org_id,
        contact_id=referral.contact_id,
        language=person.language,
    )
    row, token = links.issue(session, subject, now=now, life=LIFE)
    agency.open_it(session, row, now=now)
    agency.look(session, row, stepped_up=True, now=now, record=True)
    return token, codes.grant(session, row, stepped_up=True, now=now)


def _page(session: Session, *, named: bool) -> ResponseReturnValue:
    person, now = member(), db.now()
    organization_id = organization(session)
    mine = (Referral.organization_id == organization_id, Referral.state.in_(lifecycle.WITH_AGENCY))
    found = agency_list.lines(session, *mine) if organization_id is not None else []
    shown = [one for one in found if _fits(one.referral, _shown(), now)]
    open_to_me = [one for one in shown if not hidden(one.referral, person)]
    if named:
        disclose(session, open_to_me, Channel.PAGE, now)
    orgs = care_teams(session, shown)
    lines = [
        rows.line(
            one,
            care_team=orgs[one.referral.org_id].name,
            zone=orgs[one.referral.org_id].timezone,
            now=now,
            named=named,
            hidden=hidden(one.referral, person),
        )
        for one in shown
    ]
    return htmx.render(
        "agency/inbox.html",
        lines=lines,
        named=named,
        total=len(found),
        waiting=sum(one.referral.state in lifecycle.UNANSWERED for one in found),
        views=[(word, url_for("agency.inbox", show=show), show == _shown()) for show, word in _views()],
        answer_url=url_for("agency.answer_in_inbox", show=_shown()),
        helped_url=url_for("agency.helped", show=_shown()),
        names_url=url_for("agency.show_names", show=_shown()),
        key=page.new_key(),
    )


def _views() -> list[tuple[str, str]]:
    words = (_("All open"), _("No answer yet"), _("Late"), _("We said yes"))
    return list(zip(SHOWS, words, strict=True))


def _shown() -> str:
    asked = request.args.get("show", "")
    return asked if asked in SHOWS else SHOWS[0]


def _fits(referral: Referral, show: str, now: datetime) -> bool:
    late = referral.due_at is not None and referral.due_at < now
    waits = referral.state in lifecycle.UNANSWERED
    return {"all": True, "waiting": waits, "late": late, "with_us": not waits}[show]


def care_teams(session: Session, shown: list[Line]) -> dict[uuid.UUID, Org]:
    """The care organizations these referrals come from."""
    wanted = {one.referral.org_id for one in shown}
    return {one.id: one for one in session.scalars(select(Org).where(Org.id.in_(wanted)))}


def disclose(session: Session, shown: list[Line], channel: Channel, now: datetime) -> None:
    """The rows of disclosure belong to the care organizations; the person who looked is named in them."""
    person = member()
    for org_id in {one.referral.org_id for one in shown}:
        act_as(session, Actor(ActorKind.LINK, org_id, person.user_id, label="agency"))
        own = [one for one in shown if one.referral.org_id == org_id]
        agency_list.disclose(session, own, contact_id=None, channel=channel, now=now)
        session.flush()
    act_as(session, system())


def _to_answer(session: Session, referral_id: uuid.UUID) -> tuple[Referral, By] | None:
    """A referral of this agency that the person may answer; from here on the session acts in its org."""
    person = member()
    referral = _own(session, referral_id)
    if referral is None or hidden(referral, person):
        return None
    act_as(session, Actor(ActorKind.LINK, referral.org_id, person.user_id, label="agency"))
    return referral, By(Side.AGENCY, Channel.PAGE, person.name)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _own(session: Session, referral_id: uuid.UUID) -> Referral | None:
    organization_id = organization(session)
    referral = session.get(Referral, referral_id)
    if referral is None or organization_id is None or referral.organization_id != organization_id:
        return None
    return referral if referral.state in lifecycle.WITH_AGENCY else None


def organization(session: Session) -> uuid.UUID | None:
    """The directory's record of the person's agency; a care team has none, and no inbox."""
    org = session.get(Org, member().org_id)
    return org.organization_id if org is not None and org.kind is OrgKind.AGENCY else None


def hidden(referral: Referral, person: Member) -> bool:
    """Sensitive referrals need a grant on the membership."""
    return referral.sensitive and SENSITIVE not in person.grants


def member() -> Member:
    """The signed-in person."""
    person = current.member()
    assert person is not None
    return person

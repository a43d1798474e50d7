"""The inbox of an agency with accounts: its open referrals, each opening the same page that a link opens.

Referrals belong to care organizations; what is read here is what any agency reads by its link, and no person is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import abort, url_for
from sqlalchemy import select

from i18n import formatting
from portal import db, htmx
from portal.agency import passes
from portal.agency.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from referrals import agency, codes, lifecycle, links
from resources_db.models.directory import Service
from resources_db.models.referrals import Referral
from resources_db.models.tenants import Org
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, LinkPurpose, OrgKind, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member

LIFE: Final = timedelta(hours=1)
MOST: Final = 200
SENSITIVE: Final = "sensitive"
"""The grant of a membership that may open sensitive referrals."""


@dataclass(frozen=True, slots=True)
class Row:
    """One open referral, without a word about the person."""

    id: uuid.UUID
    ref: str
    state: ReferralState
    care_team: str
    service: str
    sent: str
    hidden: bool


@blueprint.get("/agency")
@needs("referral.read")
def inbox() -> ResponseReturnValue:
    """The open referrals of the person's agency, those without an answer first."""
    with db.reading(system()) as session:
        rows = [_row(session, one, _member()) for one in _open(session, _organization(session))]
    waiting = sum(row.state in lifecycle.UNANSWERED for row in rows)
    return htmx.render("agency/inbox.html", rows=rows, waiting=waiting)


@blueprint.post("/agency/<uuid:referral_id>")
@needs("referral.move")
def open_referral(referral_id: uuid.UUID) -> ResponseReturnValue:
    """Open one of them: the page of a link that lives an hour, for this browser only."""
    with db.transaction(system()) as session:
        referral = _own(session, referral_id)
        if referral is None or _hidden(referral, _member()):
            abort(404)
        token, secret = _enter(session, referral, db.now())
    return passes.give(htmx.redirect(url_for("links.open_link", token=token)), secret)


def _enter(session: Session, referral: Referral, now: datetime) -> tuple[str, str]:
    """A link of one's own, with its check passed: the person has signed in. Seen, and written down as a disclosure."""
    person = _member()
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


def _open(session: Session, organization_id: uuid.UUID | None) -> list[Referral]:
    if organization_id is None:
        return []
    query = select(Referral).where(
        Referral.organization_id == organization_id, Referral.state.in_(lifecycle.WITH_AGENCY)
    )
    found = session.scalars(query.order_by(Referral.sent_at).limit(MOST))
    return sorted(found, key=lambda one: one.state not in lifecycle.UNANSWERED)


def _own(session: Session, referral_id: uuid.UUID) -> Referral | None:
    organization_id = _organization(session)
    referral = session.get(Referral, referral_id)
    if referral is None or organization_id is None or referral.organization_id != organization_id:
        return None
    return referral if referral.state in lifecycle.WITH_AGENCY else None


def _organization(session: Session) -> uuid.UUID | None:
    """The directory's record of the person's agency; a care team has none, and no inbox."""
    org = session.get(Org, _member().org_id)
    return org.organization_id if org is not None and org.kind is OrgKind.AGENCY else None


def _row(session: Session, referral: Referral, person: Member) -> Row:
    care = session.get_one(Org, referral.org_id)
    service = session.get(Service, referral.service_id)
    hidden = _hidden(referral, person)
    sent = formatting.day(formatting.local(referral.sent_at, care.timezone).date()) if referral.sent_at else ""
    return Row(
        id=referral.id,
        ref=referral.ref,
        state=referral.state,
        care_team=care.name,
        service=service.name if service is not None and not hidden else "",
        sent=sent,
        hidden=hidden,
    )


def _hidden(referral: Referral, person: Member) -> bool:
    return referral.sensitive and SENSITIVE not in person.grants


def _member() -> Member:
    person = current.member()
    assert person is not None
    return person

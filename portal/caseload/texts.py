"""Texts of one's people: what came in and went out lately, and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import people, senders
from resources_db import audit
from resources_db.models.messages import InboundMessage, Message
from resources_db.models.people import Patient
from resources_db.vocab import MessageChannel

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

NEWEST = 60


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text in the list."""

    who: str
    href: str
    body: str
    lang: str
    incoming: bool
    state: str
    when: str


@blueprint.get("/texts")
@needs("message.read")
def texts() -> ResponseReturnValue:
    """The newest texts to and from patients; reading them is audited."""
    member = current.member()
    assert member is not None
    now = db.now()
    with db.transaction() as session:
        zone = senders.org_of(session, member.org_id).timezone
        lines = _lines(session, zone)
        audit.record(
            session,
            action="message.list",
            subject_kind="org",
            subject_id=member.org_id,
            now=now,
            detail={"n": len(lines)},
        )
    return htmx.render("caseload/texts.html", block="lines", lines=lines)


def _lines(session: Session, zone: str) -> list[TextLine]:
    out = session.scalars(
        select(Message).where(Message.channel == MessageChannel.SMS).order_by(Message.created_at.desc()).limit(NEWEST)
    ).all()
    came = session.scalars(select(InboundMessage).order_by(InboundMessage.at.desc()).limit(NEWEST)).all()
    numbers = {one.to_bix for one in out} | {one.from_bix for one in came}
    owners = {one.phone_bix: one for one in session.scalars(select(Patient).where(Patient.phone_bix.in_(numbers)))}
    dated = [(one.created_at, _sent(one, owners.get(one.to_bix), zone)) for one in out]
    dated += [(one.at, _came(one, owners.get(one.from_bix), zone)) for one in came]
    return [line for _at, line in sorted(dated, key=lambda pair: pair[0], reverse=True)[:NEWEST]]


def _sent(one: Message, patient: Patient | None, zone: str) -> TextLine:
    when = formatting.date_time(one.created_at, zone)
    return TextLine(_who(patient), _href(patient), one.body, one.lang, incoming=False, state=one.state.value, when=when)


def _came(one: InboundMessage, patient: Patient | None, zone: str) -> TextLine:
    when = formatting.date_time(one.at, zone)
    return TextLine(_who(patient), _href(patient), one.body, "", incoming=True, state="received", when=when)


def _who(patient: Patient | None) -> str:
    return people.short_name(patient) if patient else _("An agency")


def _href(patient: Patient | None) -> str:
    return url_for("caseload.record", patient_id=patient.id) if patient else ""

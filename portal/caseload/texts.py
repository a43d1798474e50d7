"""Texts of one's people: what came in and went out lately, and whether it arrived."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from messaging import inbound
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.auth.permissions import allows
from portal.caseload.blueprint import blueprint
from portal.templating import count_in_bar
from referrals import people, senders, threads
from resources_db import audit
from resources_db.models.messages import InboundMessage, Message
from resources_db.models.referrals import AgencyContact

if TYPE_CHECKING:
    from collections.abc import Container

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.threads import Text
    from resources_db.models.people import Patient

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
        strangers = [_stranger(one, zone) for one in threads.nobodys(session)]
    return htmx.render("caseload/texts.html", block="lines", lines=lines, strangers=strangers)


@blueprint.post("/texts/<uuid:inbound_id>/read")
@needs("message.send")
def read_text(inbound_id: uuid.UUID) -> ResponseReturnValue:
    """A text of a number nobody knows was read: it leaves the top of the page, and the count in the bar."""
    with db.transaction() as session:
        threads.read(session, inbound_id, now=db.now())
    return htmx.redirect(url_for("caseload.texts"), toast=_("Marked as read."))


def _stranger(one: InboundMessage, zone: str) -> dict[str, str]:
    return {
        "id": str(one.id),
        "phone": inbound.number_of(one),
        "body": one.body,
        "when": formatting.date_time(one.at, zone),
    }


def _count() -> int:
    member = current.member()
    if member is None or not allows("message.read", member.role):
        return 0
    with db.reading() as session:
        return len(threads.nobodys(session))


count_in_bar("texts", _count)


def _lines(session: Session, zone: str) -> list[TextLine]:
    found = threads.newest(session, NEWEST)
    strangers = {one.from_bix for one, patient in found if patient is None and isinstance(one, InboundMessage)}
    agencies = set(session.scalars(select(AgencyContact.phone_bix).where(AgencyContact.phone_bix.in_(strangers))))
    return [_line(one, patient, agencies, zone) for one, patient in found]


def _line(one: Text, patient: Patient | None, agencies: Container[bytes | None], zone: str) -> TextLine:
    href = url_for("caseload.conversation", patient_id=patient.id) if patient else ""
    who = people.short_name(patient) if patient else _("Unknown number")
    when = formatting.date_time(threads.at(one), zone)
    if isinstance(one, Message):
        return TextLine(who, href, one.body, one.lang, incoming=False, state=one.state.value, when=when)
    if patient is None and one.from_bix in agencies:
        who = _("An agency")
    return TextLine(who, href, one.body, "", incoming=True, state="received", when=when)

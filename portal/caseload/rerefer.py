"""Sending again after a no: what the last place said, and the other places that stand ready. Joining a colleague."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import use_language
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import next_places, reason_words, timeline
from portal.caseload.blueprint import blueprint
from referrals import joining, people, progress, record, rereferral, senders
from referrals.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.caseload.compose import Asked


@dataclass(frozen=True, slots=True)
class Other:
    """One more place that stands ready: take it as well, or take it instead."""

    words: str
    add_href: str
    instead_href: str


@dataclass(frozen=True, slots=True)
class After:
    """The attempt that failed, in one line, and what else could be tried."""

    said: str
    href: str
    others: tuple[Other, ...]


def after(session: Session, asked: Asked, patient_id: uuid.UUID, now: datetime) -> After:
    """What the send page shows above the places of a next attempt. Raises NotFoundError for somebody else's."""
    assert asked.previous_id is not None
    last = record.attempt(session, asked.previous_id)
    if last.referral.patient_id != patient_id:
        raise NotFoundError
    patient = people.get(session, patient_id)
    zone = senders.org_of(session, patient.org_id).timezone
    moment = last.referral.terminal_at or last.referral.answered_at or last.referral.sent_at or now
    reason = reason_words.agency(last.referral.reason)
    said = str(timeline.SAID.get(last.referral.state, "")) or _("Has not answered yet.")
    day = formatting.short_date(formatting.local(moment, zone).date())
    line = _("%(agency)s, %(date)s: %(said)s", agency=last.place, date=day, said=said)
    ready = db.runtime().listings.load(session, asked.others)
    return After(
        said=f"{line} {_('Reason: %(reason)s.', reason=reason)}" if reason else line,
        href=url_for("caseload.referral", referral_id=last.referral.id),
        others=tuple(
            Other(
                next_places.words(one, patient.zip, now=now),
                asked.address(patient_id, (*asked.keys, one.key)),
                asked.address(patient_id, (one.key,)),
            )
            for one in ready
            if not rereferral.is_full(one, now)
        ),
    )


@blueprint.post("/referrals/<uuid:referral_id>/join")
@needs("referral.move")
def join(referral_id: uuid.UUID) -> ResponseReturnValue:
    """Look after a colleague's referral together instead of sending again; the colleague is told."""
    me = current.member()
    assert me is not None
    with db.transaction() as session:
        sender = joining.sender_of(session, progress.seen(session, referral_id))
        with use_language(sender.language if sender is not None else me.language):
            words = _("%(name)s also looks after this now. Talk to each other.", name=me.name)
        joining.join(session, referral_id, words=words, now=db.now())
    words = _("You joined. %(name)s is told.", name=sender.name if sender is not None else "")
    return htmx.redirect(url_for("caseload.referral", referral_id=referral_id), toast=words)

"""Where an agency wants its referrals: the contact of the service, else that of its organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from messaging import suppression
from resources_db.models.referrals import AgencyContact
from resources_db.vocab import Channel

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def of_listing(session: Session, *, organization_id: uuid.UUID, service_id: uuid.UUID) -> AgencyContact | None:
    """The contact for referrals to this service; None when nobody is on file."""
    query = select(AgencyContact).where(
        AgencyContact.organization_id == organization_id,
        AgencyContact.ended_at.is_(None),
        or_(AgencyContact.service_id == service_id, AgencyContact.service_id.is_(None)),
    )
    found = [contact for contact in session.scalars(query.order_by(AgencyContact.created_at)) if channels(contact)]
    own = (contact for contact in found if contact.service_id == service_id)
    return next(own, None) or next(iter(found), None)


def reachable(session: Session, contact: AgencyContact) -> Sequence[Channel]:
    """The ways a notice may take now: as `channels`, without texts to a number that sent STOP."""
    stopped = contact.phone_bix is not None and suppression.open_suppression(session, contact.phone_bix) is not None
    return [way for way in channels(contact) if not (stopped and way is Channel.SMS)]


def channels(contact: AgencyContact) -> Sequence[Channel]:
    """The ways to reach it, the preferred one first; none when it stopped our messages."""
    if contact.ended_at is not None:
        return ()
    ways = [Channel.SMS] if contact.phone else []
    if contact.email:
        ways.append(Channel.EMAIL)
    return sorted(ways, key=lambda way: way is not contact.preferred)

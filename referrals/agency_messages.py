"""An agency stops our messages, or wants them again. Believed at once; its referrals go by phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from messaging import suppression
from referrals import agency, business_days, notices, senders, worklist
from referrals.worklist import About
from resources_db.models.referrals import AgencyContact
from resources_db.vocab import SuppressionWhy, WhyCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink


def stop(session: Session, link: AccessLink, *, now: datetime) -> None:
    """No more notices to the contact of this link, by text or mail; a navigator learns to call instead."""
    contact = _contact(session, link)
    if contact is None or contact.ended_at is not None:
        return
    contact.ended_at = now
    if contact.phone_bix is not None:
        suppression.suppress(session, contact.phone_bix, SuppressionWhy.PAGE, now)
    referral = agency.referral_of(session, link)
    about = About(
        WhyCode.NOTICE_NOT_CONFIRMED,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={"agency": notices.agency_name(session, referral), "notice": "stopped"},
    )
    zone = senders.org_of(session, referral.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)


def start(session: Session, link: AccessLink, *, now: datetime) -> None:
    """The messages come again."""
    contact = _contact(session, link)
    if contact is None or contact.ended_at is None:
        return
    contact.ended_at = None
    if contact.phone_bix is not None:
        suppression.lift(session, contact.phone_bix, "page", now)
    worklist.clear(
        session, referral_id=agency.referral_of(session, link).id, whys=(WhyCode.NOTICE_NOT_CONFIRMED,), now=now
    )


def stopped(session: Session, link: AccessLink) -> bool:
    """Whether the contact of this link has stopped its messages."""
    contact = _contact(session, link)
    return contact is not None and contact.ended_at is not None


def _contact(session: Session, link: AccessLink) -> AgencyContact | None:
    return session.get(AgencyContact, link.contact_id) if link.contact_id else None

"""Joining instead of sending again: a colleague's referral goes on, and both know that two look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import business_days, by, events, people, progress, senders, worklist
from referrals.worklist import About
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of
from resources_db.vocab import EventKind, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.referrals import Referral

JOINED = "joined"
"""The fact of the event: who joined."""


def sender_of(session: Session, referral: Referral) -> AppUser | None:
    """Who is told: whoever sent it, else the patient's lead."""
    user_id = referral.created_by or people.lead_of(session, referral.patient_id)
    return session.scalars(select(AppUser).where(AppUser.id == user_id)).one_or_none()


def join(session: Session, referral_id: uuid.UUID, *, words: str, now: datetime) -> Referral:
    """Write down that the actor looks after this referral too, and put `words` on the sender's list. Twice is once.

    Raises NotFoundError for a referral of another org.
    """
    referral = progress.locked(session, referral_id)
    me = actor_of(session).user_id
    key = f"{JOINED}:{me}"
    if events.with_key(session, referral.id, key) is not None:
        return referral
    facts: dict[str, object] = {JOINED: str(me)}
    events.append(session, referral, kind=EventKind.NOTE, by=by.NAVIGATOR, key=key, now=now, facts=facts)
    sender = sender_of(session, referral)
    if sender is not None and sender.id != me:
        zone = senders.org_of(session, referral.org_id).timezone
        about = About(
            WhyCode.MANUAL,
            referral.patient_id,
            referral.org_id,
            referral_id=referral.id,
            words=words,
            of=f"{JOINED}:{referral.id}:{me}",
            owner_id=sender.id,
        )
        worklist.open_item(session, about, due_at=business_days.in_office_hours(now, zone), now=now)
    return referral

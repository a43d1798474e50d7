"""What the care team heard itself: the patient's word passed on, and what it found out where the two sides disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals import by as hands
from referrals import events, progress, worklist
from referrals.errors import NotFoundError
from resources_db.vocab import EventKind, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.answers import PatientSays
    from referrals.by import By
    from resources_db.models.referrals import Referral

FOUND = "found"
HELPED, NOT_HELPED = "helped", "not_helped"


def from_patient(
    session: Session, referral_id: uuid.UUID, says: PatientSays, *, by: By, key: str, now: datetime
) -> Referral:
    """The patient told the care team how it went: stored as the patient's own word. The same key counts once."""
    referral = progress.seen(session, referral_id)
    if referral.batch_id is None:
        raise NotFoundError
    progress.answer(session, referral.batch_id, says=says, by=by, key=key, now=now)
    return referral


def found_out(
    session: Session, referral_id: uuid.UUID, *, helped: bool, text: str, key: str, now: datetime
) -> Referral:
    """A third fact beside the two words; it changes neither, and settles the question on the list. Once for a key."""
    referral = progress.locked(session, referral_id)
    if events.with_key(session, referral.id, key) is None:
        facts: dict[str, object] = {FOUND: HELPED if helped else NOT_HELPED}
        events.append(
            session,
            referral,
            kind=EventKind.NOTE,
            by=hands.NAVIGATOR,
            key=key,
            now=now,
            text=text.strip(),
            facts=facts,
        )
        worklist.clear(session, referral_id=referral.id, whys=(WhyCode.DISAGREEMENT,), now=now)
    return referral

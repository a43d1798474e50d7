"""Pins a tier on a patient by hand, with a reason and a last day; after it the facts decide again by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from referrals import people
from referrals.errors import BadInputError
from resources_db import audit

if TYPE_CHECKING:
    import uuid
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient
    from resources_db.vocab import Tier

LONGEST = timedelta(days=90)
LONGEST_REASON = 200


def pin(
    session: Session,
    patient_id: uuid.UUID,
    *,
    tier: Tier | None,
    because: str,
    until: date,
    today: date,
    now: datetime,
) -> Patient:
    """Set it; a pin before is replaced. Raises BadInputError naming tier, because or until."""
    because = " ".join(because.split())
    if tier is None:
        raise BadInputError("tier", "missing")
    if not because:
        raise BadInputError("because", "missing")
    if len(because) > LONGEST_REASON:
        raise BadInputError("because", "too_long")
    if until < today:
        raise BadInputError("until", "past")
    if until > today + LONGEST:
        raise BadInputError("until", "too_far")
    patient = people.get(session, patient_id, lock=True)
    patient.pinned_tier, patient.pinned_because, patient.pinned_until = tier, because, until
    facts: dict[str, object] = {"tier": tier.value, "until": until.isoformat()}
    audit.record(session, action="patient.pin", subject_kind="patient", subject_id=patient.id, now=now, detail=facts)
    return patient


def unpin(session: Session, patient_id: uuid.UUID, *, now: datetime) -> Patient:
    """Take the pin away; without one nothing happens."""
    patient = people.get(session, patient_id, lock=True)
    if patient.pinned_tier is not None:
        patient.pinned_tier = patient.pinned_until = None
        patient.pinned_because = ""
        audit.record(session, action="patient.unpin", subject_kind="patient", subject_id=patient.id, now=now)
    return patient

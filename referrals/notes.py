"""Notes of the team about a patient; they never leave the org. The note for the health record is `record_note`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals import people
from referrals.errors import BadInputError
from resources_db.models.people import Note
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session


def add(session: Session, *, patient_id: uuid.UUID, body: str, now: datetime) -> Note:
    """A note of the team about a patient; raises BadInputError when it is empty."""
    if not body.strip():
        raise BadInputError("body", "missing")
    patient = people.get(session, patient_id)
    note = Note(
        org_id=patient.org_id,
        patient_id=patient.id,
        body=body.strip(),
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(note)
    session.flush()
    return note

"""Whose patients: those somebody leads. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db.models.people import Assignment, Patient

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Select


def led_by(owner_id: uuid.UUID | None) -> Select[uuid.UUID]:
    """Ids of the patients somebody leads; of all present patients of the org without `owner_id`."""
    everybody = select(Patient.id).where(Patient.closed_at.is_(None))
    if owner_id is None:
        return everybody
    lead = select(Assignment.patient_id).where(Assignment.navigator_id == owner_id, Assignment.ended_at.is_(None))
    return everybody.where(Patient.id.in_(lead))

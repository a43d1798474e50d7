"""Where an id leads that was merged away. Chains are resolved when they are made: one step always suffices."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.models.upkeep import RecordRedirect


def leads_to(session: Session, record_id: uuid.UUID) -> uuid.UUID | None:
    """The survivor of a merged record, or None for an id that was never merged."""
    row = session.get(RecordRedirect, record_id)
    return row.new_id if row else None


def of(session: Session, record_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """The survivors of those ids that were merged."""
    stmt = select(RecordRedirect.old_id, RecordRedirect.new_id).where(RecordRedirect.old_id.in_(set(record_ids)))
    return dict(session.execute(stmt).tuples().all())

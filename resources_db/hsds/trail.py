"""The history of records as HSDS metadata: a role, never a person; nothing of a protected place."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.hsds.values import show_datetime
from resources_db.models.upkeep import RecordHistory

Id = uuid.UUID
Trail = dict[Id, list[dict[str, object]]]
_AT_ONCE = 5_000


def of(session: Session, records: Iterable[Id], *, places: Collection[Id], known: Collection[Id]) -> Trail:
    """Metadata by record id, the oldest first. `places` may be told of; `known` rows came with an import already."""
    wanted = sorted(set(records), key=str)
    found: Trail = defaultdict(list)
    for start in range(0, len(wanted), _AT_ONCE):
        stmt = select(RecordHistory).where(RecordHistory.record_id.in_(wanted[start : start + _AT_ONCE]))
        for row in session.scalars(stmt.order_by(RecordHistory.seq)):
            if row.id not in known and (row.location_id is None or row.location_id in places):
                found[row.record_id].append(_metadata(row))
    return dict(found)


def _metadata(row: RecordHistory) -> dict[str, object]:
    return {
        "id": str(row.id),
        "resource_type": row.record_kind,
        "last_action_date": row.at.date().isoformat(),
        "last_action_type": row.action,
        "field_name": row.field,
        "previous_value": row.old,
        "replacement_value": row.new,
        "updated_by": row.role,
        "x_at": show_datetime(row.at),
    }

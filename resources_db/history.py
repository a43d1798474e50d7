"""The history of records: each changed field with who, when and from what. One door in, one way to read it.

A person stands here as a role only; the places of confidential locations never do.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import redirects
from resources_db.base import new_id
from resources_db.models.upkeep import RecordHistory
from resources_db.tenancy import actor_of

AGENCY, TEAM, CLOCK = "agency", "directory team", "clock"
NAVIGATOR, PATIENT = "navigator", "patient"
CONFIRM = "confirm"
"""The action of a row that says "this group is right": its field is a group, its words are moments."""


@dataclass(frozen=True, slots=True)
class About:
    """What a change was made to, by which role, and which proposal or import made it."""

    record_kind: str
    record_id: uuid.UUID
    role: str
    service_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    change_id: uuid.UUID | None = None
    run_id: uuid.UUID | None = None
    undoes: uuid.UUID | None = None


def record(
    session: Session,
    about: About,
    fields: Iterable[tuple[str, str, str]],
    *,
    action: str = "update",
    now: datetime,
) -> list[RecordHistory]:
    """Keep fields as (name, old, new); a field that stayed the same is left out."""
    rows = [
        RecordHistory(
            id=new_id(),
            record_kind=about.record_kind,
            record_id=about.record_id,
            service_id=about.service_id or (about.record_id if about.record_kind == "service" else None),
            location_id=about.location_id,
            field=field,
            old=old,
            new=new,
            action=action,
            role=about.role,
            actor_id=actor_of(session).user_id,
            change_id=about.change_id,
            run_id=about.run_id,
            undoes=about.undoes,
            at=now,
        )
        for field, old, new in fields
        if old != new or action != "update"
    ]
    session.add_all(rows)
    return rows


def of_service(session: Session, service_id: uuid.UUID, *, limit: int = 200) -> list[RecordHistory]:
    """What happened to a service, its places, and those merged into it, the newest first."""
    both = [service_id, *redirects.merged_into(session, [service_id]).get(service_id, ())]
    stmt = select(RecordHistory).where(RecordHistory.service_id.in_(both))
    return list(session.scalars(stmt.order_by(RecordHistory.seq.desc()).limit(limit)))

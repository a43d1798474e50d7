"""Tells every search index that a service changed: one row in the caller's own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resources_db.models.curation import SearchChange

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


CHANGED = "search_changed"


def touch(session: Session, service_ids: Iterable[uuid.UUID], *, now: datetime) -> None:
    """Note that these services changed. A service named twice is noted once."""
    session.info[CHANGED] = True
    session.add_all(SearchChange(service_id=service_id, at=now) for service_id in sorted(set(service_ids), key=str))


def was_touched(session: Session) -> bool:
    """Whether a service was noted since this was asked last: the edge asks after a commit."""
    return bool(session.info.pop(CHANGED, False))

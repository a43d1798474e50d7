"""Sending stands still for a reason a person must mend: credentials, a sender, an account.

A pause is a row, so it survives restarts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db.models.messages import QueuePause

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session


def open_pause(session: Session) -> QueuePause | None:
    """The reason why texts wait, or None. Shown on every staff page."""
    return session.scalars(select(QueuePause).where(QueuePause.lifted_at.is_(None)).order_by(QueuePause.since)).first()


def pause(session: Session, why: str, now: datetime) -> QueuePause:
    """Stop all texts; the first reason stays until it is lifted."""
    found = open_pause(session)
    if found is None:
        found = QueuePause(why=why, since=now)
        session.add(found)
        session.flush()
    return found


def lift(session: Session, by: uuid.UUID | None, now: datetime) -> bool:
    """Texts go on; the sweep takes up what waited. False if nothing was paused."""
    found = list(session.scalars(select(QueuePause).where(QueuePause.lifted_at.is_(None))))
    for row in found:
        row.lifted_at, row.lifted_by = now, by
    return bool(found)

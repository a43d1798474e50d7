"""Who is not asked about listings for a while, or ever again: said by the agency itself or by the directory team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select

from resources_db import audit
from resources_db.models.upkeep import AskRest

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

AGENCY, TEAM = "agency", "directory team"


def rest(
    session: Session, contact_id: uuid.UUID, *, until: datetime | None, said_by: str, now: datetime, why: str = ""
) -> AskRest:
    """Do not ask this contact until a moment; None: never again. The newest word replaces the older one."""
    end(session, contact_id, now=now)
    row = AskRest(contact_id=contact_id, until=until, why=why, said_by=said_by, at=now)
    session.add(row)
    session.flush()
    audit.record(session, action="contact.rest", subject_kind="agency_contact", subject_id=contact_id, now=now)
    return row


def end(session: Session, contact_id: uuid.UUID, *, now: datetime) -> None:
    """Ask this contact again."""
    for row in session.scalars(_standing(now).where(AskRest.contact_id == contact_id)):
        row.ended_at = now


def resting(session: Session, contact_ids: Iterable[uuid.UUID], *, now: datetime) -> dict[uuid.UUID, AskRest]:
    """Those of these contacts that are not asked now."""
    found = session.scalars(_standing(now).where(AskRest.contact_id.in_(set(contact_ids))))
    return {row.contact_id: row for row in found}


def _standing(now: datetime) -> Select[AskRest]:
    return select(AskRest).where(AskRest.ended_at.is_(None), or_(AskRest.until.is_(None), AskRest.until > now))

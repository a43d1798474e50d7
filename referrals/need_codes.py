"""Diagnosis codes (ICD-10-CM) that a person confirmed for a need. A suggestion is never stored, nothing is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import diagnosis_codes, needs
from referrals.errors import BadInputError, NotFoundError
from resources_db import audit
from resources_db.models.care import NeedCode
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Need


def confirm(session: Session, need: Need, code: str, *, now: datetime) -> NeedCode:
    """A person says that this code fits. Twice is once; raises BadInputError for a code that may not stand here."""
    if not diagnosis_codes.may_confirm(needs.subneed_of(need), code):
        raise BadInputError("code", "unknown")
    same = select(NeedCode).where(NeedCode.need_id == need.id, NeedCode.code == code, NeedCode.withdrawn_at.is_(None))
    known = session.scalars(same).first()
    if known is not None:
        return known
    row = NeedCode(org_id=need.org_id, need_id=need.id, code=code, created_at=now, created_by=actor_of(session).user_id)
    session.add(row)
    session.flush()
    _audit(session, row, "confirm", now)
    return row


def withdraw(session: Session, code_id: uuid.UUID, *, now: datetime) -> NeedCode:
    """It does not stand any more; the row stays with who took it back."""
    row = get(session, code_id)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now, actor_of(session).user_id
        _audit(session, row, "withdraw", now)
    return row


def restore(session: Session, code_id: uuid.UUID, *, now: datetime) -> NeedCode:
    """Undo of a withdrawal: a new row says so, the old ones stay."""
    row = get(session, code_id)
    return confirm(session, needs.get(session, row.need_id), row.code, now=now)


def get(session: Session, code_id: uuid.UUID) -> NeedCode:
    """One row; raises NotFoundError."""
    found = session.scalars(select(NeedCode).where(NeedCode.id == code_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def standing(session: Session, need_ids: Iterable[uuid.UUID]) -> Sequence[NeedCode]:
    """Confirmed codes of these needs that were not withdrawn."""
    wanted = set(need_ids)
    if not wanted:
        return ()
    found = select(NeedCode).where(NeedCode.need_id.in_(wanted), NeedCode.withdrawn_at.is_(None))
    return session.scalars(found.order_by(NeedCode.created_at, NeedCode.code)).all()


def _audit(session: Session, row: NeedCode, what: str, now: datetime) -> None:
    audit.record(session, action=f"need_code.{what}", subject_kind="need_code", subject_id=row.id, now=now)

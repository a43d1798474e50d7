"""The way back from a decision, and from any change in the history: what stood there before, unless it moved on."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, history, policy, proposals, publishing, upkeep_presses
from resources_db.listing_fields import FIELDS
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange
from resources_db.models.upkeep import RecordHistory
from resources_db.proposals import ConflictError, ProposalError
from resources_db.vocab import ChangeState, FieldGroup

REOPEN_FOR = timedelta(minutes=30)
"""How long a decision can simply be taken back; later a change is undone from the history."""


def reopen(session: Session, change_id: uuid.UUID, *, now: datetime) -> ListingChange:
    """Take a decision back: what it published is put back, and the proposal waits again.

    Raises ProposalError too_late or not_decided, ConflictError when a field was changed again since.
    """
    change = proposals.get(session, change_id)
    if change is None:
        raise ProposalError("not_found")
    decided = [field for field in change.fields if field.decision in (proposals.ACCEPTED, proposals.REJECTED)]
    if not decided or change.by_policy:
        raise ProposalError("not_decided")
    if change.told_at is not None or (change.decided_at is not None and now - change.decided_at > REOPEN_FOR):
        raise ProposalError("too_late")
    undo_press(session, change.id, now=now)
    for field in decided:
        field.decision, field.why, field.published = None, "", ""
    change.state, change.decided_at, change.decided_by = ChangeState.OPEN, None, None
    _log(session, "proposal.reopened", change, now)
    session.flush()
    return change


def undo_change(session: Session, change_id: uuid.UUID, *, by: uuid.UUID | None, now: datetime) -> ListingChange:
    """Undo all that a change published; it stays in the history as undone.

    Raises ProposalError too_late or not_published, ConflictError when a field was changed again since.
    """
    change = proposals.get(session, change_id)
    if change is None:
        raise ProposalError("not_found")
    if change.undone_at is not None or not any(field.decision == proposals.ACCEPTED for field in change.fields):
        raise ProposalError("not_published")
    if change.decided_at is not None and now - change.decided_at > policy.UNDO_FOR:
        raise ProposalError("too_late")
    undo_press(session, change.id, now=now)
    change.undone_at, change.undone_by = now, by
    _log(session, "proposal.undone", change, now)
    session.flush()
    return change


def undo_row(session: Session, row_id: uuid.UUID, *, now: datetime) -> RecordHistory:
    """Undo one field of the history, of an address all fields of that change.

    Raises ProposalError not_found or not_undoable, ConflictError when the field was changed again since.
    """
    row = session.scalar(select(RecordHistory).where(RecordHistory.id == row_id))
    if row is None or row.service_id is None:
        raise ProposalError("not_found")
    if not publishing.is_field(row):
        raise ProposalError("not_undoable")
    rows = _together(session, row)
    _write_back(session, rows, now)
    audit.record(session, action="listing.change_undone", subject_kind="service", subject_id=row.service_id, now=now)
    session.flush()
    return row


def _together(session: Session, row: RecordHistory) -> Sequence[RecordHistory]:
    """An address is one thing: its fields of one moment go back together."""
    if FIELDS[row.field].group is not FieldGroup.PLACE or row.field == "accessibility":
        return [row]
    address = [name for name, one in FIELDS.items() if one.group is FieldGroup.PLACE and name != "accessibility"]
    stmt = select(RecordHistory).where(
        RecordHistory.service_id == row.service_id,
        RecordHistory.location_id == row.location_id,
        RecordHistory.at == row.at,
        RecordHistory.action == "update",
        RecordHistory.field.in_(address),
    )
    return session.scalars(stmt.order_by(RecordHistory.seq)).all()


def undo_press(session: Session, press: uuid.UUID, *, now: datetime) -> None:
    """Undo all that one press of the team brought to a listing. Raises ConflictError when it was changed again."""
    stmt = select(RecordHistory).where(RecordHistory.change_id == press).order_by(RecordHistory.seq)
    rows = session.scalars(stmt).all()
    undone = {row.undoes for row in rows}
    _write_back(session, [row for row in rows if row.undoes is None and row.id not in undone], now)
    upkeep_presses.take_back(session, press, now=now)


def _write_back(session: Session, rows: Sequence[RecordHistory], now: datetime) -> None:
    if not rows:
        return
    first = rows[0]
    assert first.service_id is not None
    listing = publishing.listing_of(session, ListingKey(first.service_id, first.location_id))
    moved_on = publishing.differs(listing, rows)
    if moved_on is not None:
        raise ConflictError(moved_on.field, FIELDS[moved_on.field].read(listing))
    publishing.put_back(session, listing, rows, role=history.TEAM, now=now)


def _log(session: Session, action: str, change: ListingChange, now: datetime) -> None:
    audit.record(session, action=action, subject_kind="listing_change", subject_id=change.id, now=now)

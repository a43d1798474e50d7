"""How the directory changes: capacity statements, proposals, confirmations, imports, tombstones, and the search log."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Id, JsonDict, JsonList
from resources_db.vocab import (
    CapacityState,
    ChangeOrigin,
    ChangeState,
    ConfirmMethod,
    FieldGroup,
    FieldOrigin,
    ImportAction,
    ImportState,
)


class CapacityStatement(Base):
    """What somebody said about room, and when. The newest counts; all are kept."""

    __tablename__ = "capacity_statement"
    __table_args__ = (Index("ix_capacity_statement_service_id_said_at", "service_id", "said_at"),)

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id"))
    state: Mapped[CapacityState]
    until: Mapped[date | None]
    weeks: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    said_by: Mapped[str]
    """A role: agency, directory team, navigator, referral answer."""
    said_at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime | None]
    """When the agency was asked again, because this word had come to its end."""


class FieldMark(Base):
    """Who last vouched for a group of fields: decides what an import may overwrite, and the freshness grade."""

    __tablename__ = "field_mark"
    __table_args__ = (UniqueConstraint("record_id", "field_group"),)

    id: Mapped[Id]
    record_kind: Mapped[str]
    record_id: Mapped[uuid.UUID]
    field_group: Mapped[FieldGroup]
    origin: Mapped[FieldOrigin]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[uuid.UUID | None]
    confirmed_method: Mapped[ConfirmMethod | None]
    locked: Mapped[bool] = mapped_column(default=False)


class ListingChange(Base):
    """A proposed change. The published record stays as it is until a policy or a person approves."""

    __tablename__ = "listing_change"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id"))
    base_version: Mapped[int]
    origin: Mapped[ChangeOrigin]
    submitter_id: Mapped[uuid.UUID | None]
    submitter_label: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.OPEN)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    by_policy: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Published by the policy table, no person decided; can be undone in one click for 30 days."""
    told_at: Mapped[datetime | None]
    """When the submitter was told what was taken."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None]

    fields: Mapped[list["ListingChangeField"]] = relationship(lazy="raise", order_by="ListingChangeField.field")


class ListingChangeField(Base):
    """One field of a proposal: as it was, as proposed, and the decision."""

    __tablename__ = "listing_change_field"
    __table_args__ = (UniqueConstraint("change_id", "field"),)

    id: Mapped[Id]
    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listing_change.id"), index=True)
    field: Mapped[str]
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str] = mapped_column(default="")
    decision: Mapped[str | None]
    why: Mapped[str] = mapped_column(default="", server_default="")
    """What the submitter is told about a field that was not taken, or was changed before it was."""
    published: Mapped[str] = mapped_column(default="", server_default="")
    """The text that went live, when a reviewer edited the proposed one."""


class ImportRun(Base):
    """One import: what was read, what it planned, what it did."""

    __tablename__ = "import_run"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    file_hash: Mapped[str]
    format: Mapped[str]
    mapping: Mapped[JsonDict] = mapped_column(default=dict)
    counts: Mapped[JsonDict] = mapped_column(default=dict)
    problems: Mapped[JsonList] = mapped_column(default=list)
    state: Mapped[ImportState]
    started_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    rolled_back_at: Mapped[datetime | None]
    rolled_back_by: Mapped[uuid.UUID | None]
    actor_id: Mapped[uuid.UUID | None]


class ImportChange(Base):
    """One record of an import: what was done and how it looked before and after."""

    __tablename__ = "import_change"
    __table_args__ = (
        Index("ix_import_change_record_id", "record_id"),
        Index("ix_import_change_run_id_kind", "run_id", "kind", "action", "id"),
    )

    id: Mapped[Id]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_run.id"), index=True)
    kind: Mapped[str]
    record_id: Mapped[uuid.UUID]
    action: Mapped[ImportAction]
    before: Mapped[JsonDict | None]
    """Columns as they were; of a withdrawn part the whole row. Never of a confidential place."""
    after: Mapped[JsonDict | None]
    kept: Mapped[JsonDict | None]
    """What the file says and a stronger word held back."""
    version: Mapped[int | None]
    """The version a top-level record has after this import; a rollback asks whether it still has it."""
    reason: Mapped[str] = mapped_column(default="")


class Tombstone(Base):
    """A record that was published once and is no longer; readers of our API learn it here."""

    __tablename__ = "tombstone"

    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    deleted_at: Mapped[datetime]
    replaced_by: Mapped[uuid.UUID | None]


class SearchChange(Base):
    """The change log every search index follows; written in the transaction that changed a service."""

    __tablename__ = "search_change"

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    service_id: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[datetime]

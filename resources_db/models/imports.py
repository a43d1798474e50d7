"""Work on files to import: the queue of files, saved mappings, sources in their order, and what stays private."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id, JsonDict
from resources_db.vocab import ImportStage


class ImportJob(Base):
    """One file on its way: uploaded or named on the command line, read, shown, applied, perhaps taken back."""

    __tablename__ = "import_job"

    id: Mapped[Id]
    run_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    """The run with the report, once the file has been read."""
    file_name: Mapped[str]
    stored_as: Mapped[str] = mapped_column(default="")
    """Name of the file or folder in the installation's import folder; empty when it has been thrown away."""
    file_hash: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    format: Mapped[str] = mapped_column(default="")
    mapping_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("import_mapping.id"))
    options: Mapped[JsonDict] = mapped_column(default=dict)
    """full, placeholders, keep_notes, second_look."""
    stage: Mapped[ImportStage] = mapped_column(default=ImportStage.WAITING)
    step: Mapped[str] = mapped_column(default="")
    """What it is doing now, for the progress line: reading, checking, comparing, writing."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")
    """A code when it failed; what was named by it in `problem_name`."""
    problem_name: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    """Beginnings of the present stage; a file that kills its worker again and again is given up."""
    starts: Mapped[int] = mapped_column(default=0, server_default="0")
    """All jobs ever enqueued for it, so that each has a name of its own."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """Last sign of life of the worker on it."""
    ended_at: Mapped[datetime | None]
    actor_id: Mapped[uuid.UUID | None]


class ImportMapping(Base):
    """A mapping of columns to fields made in the browser; found again by name or by the columns it was made for."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    header_hash: Mapped[str] = mapped_column(index=True)
    columns: Mapped[list[str]] = mapped_column(default=list)
    mapping: Mapped[JsonDict] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None]


class DirectorySource(Base):
    """A source of records and its place in the order: of two sources the one with the lower rank is believed."""

    __tablename__ = "directory_source"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]
    rank: Mapped[int] = mapped_column(default=100)
    live_url: Mapped[str] = mapped_column(default="")
    read_until: Mapped[datetime | None]
    """modified_after of the next reading of a live HSDS address."""
    changed_at: Mapped[datetime]


class StaffNote(Base):
    """What only the directory team reads about a record: notes of a source, or its original words with markup."""

    __tablename__ = "staff_note"

    id: Mapped[Id]
    record_kind: Mapped[str]
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[str]
    """note (written by somebody), original (the words before markup was taken out)."""
    field: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]

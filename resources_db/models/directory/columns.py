"""What directory records share: provenance, version, the three dates, visibility; and how parts hang on records."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from resources_db.base import JsonDict
from resources_db.vocab import ConfirmMethod, Visibility


def text_column() -> Mapped[str]:
    """A text field that may be empty, never null."""
    return mapped_column(default="")


class Record:
    """Columns of every top-level directory record: where it came from, its version, its three dates, who may see it."""

    source: Mapped[str] = text_column()
    external_id: Mapped[str] = text_column()
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[uuid.UUID | None]
    confirmed_method: Mapped[ConfirmMethod | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    deleted_at: Mapped[datetime | None]
    extra: Mapped[JsonDict] = mapped_column(default=dict)
    """Members of the source record that have no column here; kept, exported again, never dropped in silence."""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index]:
        """An index for look-ups by source and external id."""
        return (Index(f"ix_{cls.__tablename__}_source", "source", "external_id"),)  # type: ignore[attr-defined]


class Part:
    """A nested record: it belongs to the record above it, has an id of its own and keeps unknown members."""

    source: Mapped[str] = text_column()
    external_id: Mapped[str] = text_column()
    position: Mapped[int] = mapped_column(default=0)
    extra: Mapped[JsonDict] = mapped_column(default=dict)


def owner(table: str) -> Mapped[uuid.UUID | None]:
    """A nullable foreign key to the record a part belongs to."""
    return mapped_column(ForeignKey(f"{table}.id"), index=True)

"""The tables of a file whose columns somebody must name, and the mappings that were saved for such columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db.importers import mapping, mapping_preview
from resources_db.importers.files import RefusedFileError
from resources_db.models.imports import ImportMapping

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from resources_db.importers.mapping_preview import Table


class NameTakenError(ValueError):
    """Another mapping, for other columns, has this name."""


def tables(path: Path) -> list[Table]:
    """The tables with their first rows; raises RefusedFileError, also when there is nothing to read."""
    found = [one for one in mapping_preview.look(path) if one.header]
    if not found:
        raise RefusedFileError("no_rows")
    return found


def header(found: Sequence[Table]) -> list[str]:
    """All names of columns: what a saved mapping is found again by. Of several tables each name says whose it is."""
    if len(found) == 1:
        return list(found[0].header)
    return [f"{table.file}: {name}" for table in found for name in table.header]


def saved_for(session: Session, columns: Sequence[str], source: str) -> ImportMapping | None:
    """The mapping for just these columns: that of the source before others, the newest first."""
    stmt = select(ImportMapping).where(ImportMapping.header_hash == mapping.header_hash(columns))
    newest = list(session.scalars(stmt.order_by(ImportMapping.changed_at.desc(), ImportMapping.id)))
    return next((one for one in newest if one.source == source), newest[0] if newest else None)


def save(
    session: Session,
    *,
    name: str,
    source: str,
    columns: Sequence[str],
    raw: Mapping[str, object],
    by: uuid.UUID | None,
    now: datetime,
) -> ImportMapping:
    """Keep a mapping under its name, over the one before it for the same columns; raises NameTakenError."""
    header_hash = mapping.header_hash(columns)
    row = session.scalar(select(ImportMapping).where(ImportMapping.name == name))
    if row is None:
        row = ImportMapping(name=name, version=0)
        session.add(row)
    elif row.header_hash != header_hash:
        raise NameTakenError(name)
    row.source, row.header_hash, row.columns, row.mapping = source, header_hash, list(columns), dict(raw)
    row.version, row.changed_at, row.changed_by = row.version + 1, now, by
    session.flush()  # the file that is read by it points at it
    return row

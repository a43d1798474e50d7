"""Words for the directory team alone: notes of a source (by choice), and its words before markup was taken out."""

import uuid
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from resources_db.importers import steps
from resources_db.importers.batch import Batch
from resources_db.importers.changes import Change, Changes
from resources_db.importers.scratch import batched
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.models.imports import StaffNote
from resources_db.vocab import ImportAction

NOTE = "staff_note"
"""The kind of plan rows that hold a note."""
_FOUND = """
SELECT note.kind, record.own, note.field, note.sort, note.text FROM note
JOIN record ON record.kind = note.kind AND record.key = note.key
WHERE record.state = 0 AND (note.sort = 'original' OR ?) GROUP BY 1, 2, 3, 4, 5 ORDER BY min(note.seq)
"""


class Notes:
    """Plans the notes that are not there yet."""

    def __init__(self, session: Session, batch: Batch, changes: Changes, source: str) -> None:
        self._session, self._batch, self._changes, self._source = session, batch, changes, source

    def add(self, *, everything: bool) -> None:
        """Original words always; notes of the source only when somebody asked for them."""
        for part in batched(self._batch.store.execute(_FOUND, (everything,)).fetchall()):
            standing = self._standing({uuid.UUID(own) for _kind, own, *_rest in part})
            for kind, own, field, sort, text in part:
                if (own, field, sort, text) not in standing:
                    said: dict[str, object] = {"record_kind": kind, "field": field, "kind": sort, "text": text}
                    self._changes.add(Change(NOTE, own, ImportAction.CREATE, after=said))

    def _standing(self, records: set[uuid.UUID]) -> set[tuple[str, str, str, str]]:
        said = select(StaffNote.record_id, StaffNote.field, StaffNote.kind, StaffNote.text)
        found = self._session.execute(said.where(StaffNote.record_id.in_(records), StaffNote.source == self._source))
        return {(str(own), field, kind, text) for own, field, kind, text in found}


def write(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Keep the notes of a plan."""
    for part in steps.of(session, run.id, NOTE, ImportAction.CREATE):
        shared = {"source": run.source, "at": now, "actor_id": run.actor_id}
        session.execute(
            insert(StaffNote), [{"id": step.id, "record_id": step.record_id, **step.after, **shared} for step in part]
        )
        # From here on they stand in one table only; taking them back needs no more than their ids.
        rows = ImportChange.id.in_([step.id for step in part])
        session.execute(update(ImportChange).where(rows).values(after=None))


def take_back(session: Session, run: ImportRun) -> None:
    """Drop the notes that came with an import."""
    for part in steps.of(session, run.id, NOTE, ImportAction.CREATE):
        session.execute(delete(StaffNote).where(StaffNote.id.in_([step.id for step in part])))

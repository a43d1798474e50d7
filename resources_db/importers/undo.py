"""Takes an applied import back as one step: records that still stand as it left them become what they were.

What was changed since is left alone and named. A place that an import made confidential stays so.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from resources_db import audit
from resources_db.base import Base
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers import applying, notes, sealed, steps
from resources_db.importers.aftermath import BESIDE
from resources_db.importers.applying import CREATE, UPDATE, WITHDRAW, insert_rows, set_rows
from resources_db.importers.columns import kept_form, stored_row
from resources_db.importers.planning import Progress, quiet
from resources_db.importers.steps import Step
from resources_db.importers.touched import BY_A_PART, Touched
from resources_db.models.curation import CapacityStatement, FieldMark, ImportChange, ImportRun, ListingChange, Tombstone
from resources_db.models.directory import ListingText, Service
from resources_db.models.upkeep import RecordHistory
from resources_db.vocab import ChangeState, ImportAction, ImportState

LEFT = "changed_since"
"""Reason of plan rows that a rollback left alone."""
_BESIDE: Mapping[str, type[Base]] = {
    model.__tablename__: model for model in (CapacityStatement, FieldMark, ListingText)
}
Row = Mapping[str, object]
_Work = Callable[[Object, Sequence[Step]], set[uuid.UUID]]
"""Does one kind of step backwards; gives the records it left alone."""


@dataclass(slots=True)
class Undone:
    """How many records are as they were, are gone again, and were left alone."""

    restored: int = 0
    removed: int = 0
    left: int = 0


class NotAppliedError(ValueError):
    """Only what stands applied can be taken back."""


def rollback(session: Session, run_id: uuid.UUID, *, now: datetime, progress: Progress = quiet) -> Undone:
    """Take a run back in the caller's one transaction; raises NotAppliedError."""
    run = session.get(ImportRun, run_id)
    if run is None or run.state != ImportState.APPLIED or run.applied_at is None:
        raise NotAppliedError
    undoing = _Undoing(session, run, now, progress)
    undoing.everything()
    run.state, run.rolled_back_at = ImportState.ROLLED_BACK, now
    done = undoing.done
    run.counts = {**run.counts, "undo": {"restored": done.restored, "removed": done.removed, "left": done.left}}
    audit.record(session, action="import.rolled_back", subject_kind="import_run", subject_id=run.id, now=now)
    session.flush()
    return done


class _Undoing:
    def __init__(self, session: Session, run: ImportRun, now: datetime, progress: Progress) -> None:
        self._session, self._run, self._now, self._progress = session, run, now, progress
        self._touched = Touched(session)
        self.done = Undone()

    def everything(self) -> None:
        """The steps of applying, the other way round."""
        run, session = self._run, self._session
        self._beside()
        for kind in OBJECTS.values():
            self._each(kind, WITHDRAW, self._bring_back)
        for kind in reversed(list(OBJECTS.values())):
            self._each(kind, UPDATE, self._turn_back)
            self._each(kind, CREATE, self._take_away)
        sealed.take_back(session, run, now=self._now)
        notes.take_back(session, run)
        session.execute(delete(RecordHistory).where(RecordHistory.run_id == run.id))
        proposed = (
            ListingChange.submitter_label == f"import: {run.source}",
            ListingChange.created_at == run.applied_at,
            ListingChange.state == ChangeState.OPEN,
        )
        withdrawn = {"state": ChangeState.WITHDRAWN, "decided_at": self._now}
        session.execute(update(ListingChange).where(*proposed).values(withdrawn))
        self._touched.tell(None, now=self._now)
        self._edits_of_parts()

    def _each(self, kind: Object, action: ImportAction, work: _Work) -> None:
        for part in steps.of(self._session, self._run.id, kind.name, action):
            self._touched.by(kind, part)
            left = work(kind, part)
            self._leave([step.id for step in part if step.record_id in left])
            self._progress("writing", self.done.restored + self.done.removed, None)

    def _leave(self, ids: Sequence[uuid.UUID]) -> None:
        self.done.left += len(ids)
        if ids:
            self._session.execute(update(ImportChange).where(ImportChange.id.in_(ids)).values(reason=LEFT))

    def _standing(self, kind: Object, part: Sequence[Step]) -> dict[uuid.UUID, Row]:
        table = kind.model.__table__
        stmt = select(table).where(table.c.id.in_([step.record_id for step in part]))
        return {row["id"]: dict(row) for row in self._session.execute(stmt).mappings()}

    def _bring_back(self, kind: Object, part: Sequence[Step]) -> set[uuid.UUID]:
        standing = self._standing(kind, part)
        if not kind.top_level:
            # what was never repeated here (a place that became confidential) cannot come back, and shall not
            whole = [step for step in part if step.record_id not in standing and "source" in step.before]
            rows = [stored_row(kind.model, step.before) | {"id": step.record_id} for step in whole]
            insert_rows(self._session, kind.model, rows)
            self.done.restored += len(rows)
            return {step.record_id for step in part} - {step.record_id for step in whole}
        ours = [step for step in part if standing[step.record_id]["deleted_at"] == self._run.applied_at]
        self._restore(kind, ours, ("deleted_at", "edited_at"))
        self._session.execute(delete(Tombstone).where(Tombstone.record_id.in_([step.record_id for step in ours])))
        return {step.record_id for step in part} - {step.record_id for step in ours}

    def _turn_back(self, kind: Object, part: Sequence[Step]) -> set[uuid.UUID]:
        standing = self._standing(kind, part)
        ours = [step for step in part if _as_left(kind, step, standing.get(step.record_id))]
        self._restore(kind, ours, ())
        if kind.top_level:
            revived = [step.record_id for step in ours if step.before.get("deleted_at")]
            applying.bury(self._session, kind, revived, self._now)
            self._restore(kind, [step for step in ours if step.record_id in set(revived)], ())
        return {step.record_id for step in part} - {step.record_id for step in ours}

    def _restore(self, kind: Object, ours: Sequence[Step], only: Sequence[str]) -> None:
        rows = []
        for step in ours:
            names = only or [*step.after, *(("edited_at",) if kind.top_level else ())]
            values = stored_row(kind.model, {name: step.before[name] for name in names if name in step.before})
            if kind.top_level and not only and step.version is not None:
                values["version"] = step.version - 1
            rows.append((step.record_id, values))
        set_rows(self._session, kind.model, rows)
        self.done.restored += len(rows)

    def _take_away(self, kind: Object, part: Sequence[Step]) -> set[uuid.UUID]:
        standing = self._standing(kind, part)
        ours = {step.record_id for step in part if _as_left(kind, step, standing.get(step.record_id))}
        if kind.top_level:
            applying.bury(self._session, kind, list(ours), self._now)
        else:
            ours -= applying.remove(self._session, kind, list(ours))
        self.done.removed += len(ours)
        return {step.record_id for step in part if step.record_id in standing} - ours

    def _beside(self) -> None:
        for part in steps.of(self._session, self._run.id, BESIDE, CREATE):
            for name, model in _BESIDE.items():
                ids = [step.record_id for step in part if step.after["table"] == name]
                if ids:
                    self._session.execute(delete(model).where(model.__table__.c.id.in_(ids)))

    def _edits_of_parts(self) -> None:
        """Services that were only touched get the date of their own last edit back."""
        for part in steps.of(self._session, self._run.id, "service", ImportAction.SAME):
            rows = [
                (step.record_id, stored_row(Service, {"edited_at": step.before["edited_at"]}))
                for step in part
                if step.reason == BY_A_PART
            ]
            standing = select(Service.id).where(
                Service.id.in_([own for own, _ in rows]), Service.edited_at == self._run.applied_at
            )
            still = set(self._session.scalars(standing))
            set_rows(self._session, Service, [row for row in rows if row[0] in still])


def _as_left(kind: Object, step: Step, row: Row | None) -> bool:
    """Does the record still stand as the import left it?"""
    if row is None:
        return False
    if kind.top_level:
        return row["version"] == step.version and (row["deleted_at"] is None or "deleted_at" in step.before)
    return all(kept_form(row[name]) == _normal(kind, name, value) for name, value in step.after.items())


def _normal(kind: Object, name: str, value: object) -> object:
    return kept_form(stored_row(kind.model, {name: value})[name])

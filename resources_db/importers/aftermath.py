"""What follows from an applied import: proposals of what was held back, history of what changed, words beside HSDS."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from resources_db.base import new_id
from resources_db.hsds.beside import HOLDERS
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers import beside, proposing, steps
from resources_db.importers.changes import Change
from resources_db.importers.steps import Step
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.models.upkeep import RecordHistory
from resources_db.vocab import ImportAction

BESIDE = "beside"
"""The kind of plan rows that hold what was made beside HSDS: the table in `after`, the row's id as the record."""
_QUIET = frozenset({"edited_at", "extra", "last_modified", "deleted_at"})


def follow(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Everything of the plan that is not the records themselves."""
    for kind in OBJECTS.values():
        for action in (ImportAction.UPDATE, ImportAction.SKIP):
            for part in steps.of(session, run.id, kind.name, action):
                if kind.name == "service":
                    proposing.propose_kept(session, part, run.source, now=now)
                if rows := list(_history(kind, run, part, now)):
                    session.execute(insert(RecordHistory), rows)
        if kind.name in HOLDERS:
            _beside(session, kind, run, now)


def _beside(session: Session, kind: Object, run: ImportRun, now: datetime) -> None:
    first = (1 << 41) + (list(OBJECTS).index(kind.name) << 32)
    for action in (ImportAction.CREATE, ImportAction.UPDATE):
        for part in steps.of(session, run.id, kind.name, action):
            told = ((kind.name, step.record_id, _extra(step)) for step in part)
            made = [
                Change(BESIDE, str(row_id), ImportAction.CREATE, after={"table": table})
                for table, row_id in beside.take_in(session, told, now=now)
            ]
            if made:
                session.execute(insert(ImportChange), list(steps.rows(run.id, made, first)))
                first += len(made)


def _extra(step: Step) -> dict[str, object]:
    extra = step.after.get("extra")
    return extra if isinstance(extra, dict) else {}


def _history(kind: Object, run: ImportRun, part: Sequence[Step], now: datetime) -> Iterator[dict[str, object]]:
    """One row for each changed field that may be told; a confidential place's are not in `before`."""
    for step in part:
        for field in step.after.keys() & step.before.keys() - _QUIET:
            owner = {name: step.before.get(name) for name in ("service_id", "location_id")}
            yield {
                "id": new_id(),
                "record_kind": kind.name,
                "record_id": step.record_id,
                "service_id": step.record_id if kind.name == "service" else _id(owner["service_id"]),
                "location_id": step.record_id if kind.name == "location" else _id(owner["location_id"]),
                "field": field,
                "old": _said(step.before[field]),
                "new": _said(step.after[field]),
                "action": "update",
                "role": f"import: {run.source}",
                "actor_id": run.actor_id,
                "run_id": run.id,
                "at": now,
            }


def _id(value: object) -> uuid.UUID | None:
    return uuid.UUID(str(value)) if value else None


def _said(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)

"""The rows of a kept plan, read some thousand at a time in their order; nothing of them stays in a session."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.importers.changes import Change
from resources_db.models.curation import ImportChange
from resources_db.vocab import ImportAction

AT_ONCE = 2_000
_LOW = 64
_OLD = ("before", "kept")
Values = dict[str, object]


@dataclass(slots=True)
class Step:
    """What happens, or happened, to one record."""

    id: uuid.UUID
    kind: str
    record_id: uuid.UUID
    action: ImportAction
    before: Values
    kept: Values
    after: Values
    version: int | None
    reason: str


def of(session: Session, run_id: uuid.UUID, kind: str, action: ImportAction) -> Iterator[Sequence[Step]]:
    """Those of one kind and action."""
    columns = ImportChange.__table__.c
    # A new record was nothing before: reading that thousands of times is time under the write lock.
    names = ("id", "record_id", "after", "version", "reason", *(() if action == ImportAction.CREATE else _OLD))
    these = columns.run_id == run_id, columns.kind == kind, columns.action == action
    last = uuid.UUID(int=0)
    while True:
        stmt = select(*(columns[name] for name in names)).where(*these, columns.id > last)
        rows = session.execute(stmt.order_by(columns.id).limit(AT_ONCE)).all()
        if not rows:
            return
        yield [_step(kind, action, *row) for row in rows]
        last = rows[-1][0]


def _step(
    kind: str,
    action: ImportAction,
    own: uuid.UUID,
    record_id: uuid.UUID,
    after: Values | None,
    version: int | None,
    reason: str,
    before: Values | None = None,
    kept: Values | None = None,
) -> Step:
    return Step(own, kind, record_id, action, before or {}, kept or {}, after or {}, version, reason)


def rows(run_id: uuid.UUID, changes: Iterable[Change], first: int = 1) -> Iterator[Values]:
    """Rows of `import_change`. Their ids count up within a run, so that they come back in order."""
    for number, change in enumerate(changes, start=first):
        yield {
            "id": uuid.UUID(int=(run_id.int >> _LOW << _LOW) + number),
            "run_id": run_id,
            "kind": change.kind,
            "record_id": uuid.UUID(change.id),
            "action": change.action,
            "before": change.before or None,
            "after": change.after or None,
            "kept": change.kept or None,
            "version": change.version,
            "reason": change.reason,
        }

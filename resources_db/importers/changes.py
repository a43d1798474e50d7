"""What an import would do, record by record: kept in the scratch store, counted, and turned into rows of the plan."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from resources_db.hsds.fields import OBJECTS
from resources_db.hsds.values import Plain
from resources_db.vocab import ImportAction

Rows = Mapping[str, Mapping[str, object]]
"""Rows of one table by their id (as text): column -> stored value."""
_COLUMNS = "kind, id, action, before, after, kept, version, reason"


@dataclass(slots=True)
class Change:
    """What happens to one record; values by column in a form that JSON can hold."""

    kind: str
    id: str
    action: ImportAction
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
    kept: dict[str, Plain] = field(default_factory=dict)
    version: int | None = None
    reason: str = ""


class Changes:
    """Everything but `same`, which is only counted. Iterates in the order things were found."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store
        self.counted: Counter[tuple[str, ImportAction]] = Counter()
        self._created: Counter[str] = Counter()

    def add(self, change: Change) -> None:
        """Keep a change. New parts are numbered, so that they stay in the order of their file."""
        self.counted[change.kind, change.action] += 1
        if change.action == ImportAction.SAME:
            return
        if change.action == ImportAction.CREATE and change.kind in OBJECTS and not OBJECTS[change.kind].top_level:
            change.after.setdefault("position", self._created[change.kind])
            self._created[change.kind] += 1
        row = (
            change.kind, change.id, change.action.value, json.dumps(change.before), json.dumps(change.after),
            json.dumps(change.kept), change.version, change.reason,
        )  # fmt: skip
        self._store.execute(f"INSERT INTO change ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def __iter__(self) -> Iterator[Change]:
        for kind, own, action, before, after, kept, version, reason in self._store.execute(
            f"SELECT {_COLUMNS} FROM change ORDER BY seq"  # noqa: S608
        ):
            parts = (json.loads(before), json.loads(after), json.loads(kept))
            yield Change(kind, own, ImportAction(action), *parts, version, reason)

    def __len__(self) -> int:
        found: int = self._store.execute("SELECT count(*) FROM change").fetchone()[0]
        return found

    def withdrawn(self, ids: list[str]) -> set[str]:
        """Of these ids, those that go."""
        self._store.execute("CREATE INDEX IF NOT EXISTS change_id ON change (id)")
        marks = ",".join("?" * len(ids))
        stmt = f"SELECT id FROM change WHERE action = 'withdraw' AND id IN ({marks})"  # noqa: S608
        return {one for (one,) in self._store.execute(stmt, ids)}

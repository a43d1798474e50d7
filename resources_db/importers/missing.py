"""Records of a source that its file no longer has.

A full file withdraws what only this source vouches for. A part (a phone, an hours row) goes when its owner is in the
file without it, if the format lists all parts.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import Object
from resources_db.importers.batch import Batch
from resources_db.importers.changes import Change, Changes
from resources_db.importers.columns import kept_form
from resources_db.importers.compare import before_of, marks_of
from resources_db.importers.scratch import AT_ONCE, marks
from resources_db.vocab import ConfirmMethod, ImportAction

Row = Mapping[str, object]


class Missing:
    """Finds what is missing, kind by kind in the order of the standard: owners before their parts."""

    def __init__(
        self, session: Session, batch: Batch, changes: Changes, source: str, *, full: bool, parts: bool
    ) -> None:
        self._session, self._batch, self._changes = session, batch, changes
        self._source, self._full, self._parts = source, full, parts
        self.count = 0
        """Top-level records that the file lacks, withdrawn or not."""

    def look(self, kind: Object) -> None:
        """Add what goes to the changes."""
        parts_too = self._parts and not kind.top_level and self._batch.has(kind.name)
        if not (self._full or parts_too or kind.top_level):
            return
        for rows in self._standing(kind):
            seen = self._seen(kind.name, [str(row["id"]) for row in rows])
            lost = [row for row in rows if str(row["id"]) not in seen]
            self.count += len(lost) if kind.top_level else 0
            if self._full:
                self._withdraw(kind, lost)
            elif parts_too:
                self._withdraw(kind, self._of_owners_seen(kind, lost))

    def _standing(self, kind: Object) -> Iterator[list[Row]]:
        table = kind.model.__table__
        columns = table.c
        wanted = [columns.source == self._source]
        if kind.top_level:
            # What a person confirmed is not withdrawn because a source forgot it.
            only_source = or_(columns.confirmed_at.is_(None), columns.confirmed_method == ConfirmMethod.IMPORT)
            wanted += [columns.deleted_at.is_(None), only_source]
        last: list[object] = []
        while rows := list(
            self._session.execute(
                select(table).where(*wanted, *(columns.id > one for one in last)).order_by(columns.id).limit(AT_ONCE)
            ).mappings()
        ):
            yield [dict(row) for row in rows]
            last = [rows[-1]["id"]]

    def _seen(self, kind: str, ids: Sequence[str]) -> set[str]:
        """Of these ids, those the file speaks of, rightly or wrongly."""
        stmt = f"SELECT own FROM record WHERE kind = ? AND own IN ({marks(len(ids))})"  # noqa: S608
        return {own for (own,) in self._batch.store.execute(stmt, (kind, *ids))}

    def _of_owners_seen(self, kind: Object, lost: Sequence[Row]) -> list[Row]:
        """Parts whose owner is in the file, or goes itself."""
        seen: set[str] = set()
        for ref in kind.references:
            owners = [str(row[ref.column]) for row in lost if row[ref.column]]
            seen |= self._seen(ref.target, owners) | self._changes.withdrawn(owners)
        return [row for row in lost if any(str(row[ref.column]) in seen for ref in kind.references)]

    def _withdraw(self, kind: Object, rows: Sequence[Row]) -> None:
        groups = {each.group for each in kind.fields if each.group}
        owners = {str(row["id"]): _owners(kind, row) for row in rows}
        vouched = marks_of(self._session, {one for found in owners.values() for one in found})
        for row in rows:
            own = str(row["id"])
            if any((owner, group) in vouched for owner in owners[own] for group in groups):
                continue
            if self._is_secret(kind, row):
                before = {"location_id": str(row["location_id"])}
                self._changes.add(Change(kind.name, own, ImportAction.WITHDRAW, dict(before), reason="confidential"))
                continue
            before_all = before_of(kind, row, ("deleted_at",)) if kind.top_level else whole(row)
            self._changes.add(Change(kind.name, own, ImportAction.WITHDRAW, before_all, reason="missing_from_file"))

    def _is_secret(self, kind: Object, row: Row) -> bool:
        """An address of a place that this very import makes confidential: what it said is not repeated."""
        if kind.name != "address":
            return False
        stmt = "SELECT 1 FROM hidden WHERE location_id = ?"
        return self._batch.store.execute(stmt, (str(row["location_id"]),)).fetchone() is not None


def whole(row: Row) -> dict[str, object]:
    """A row with all its columns, as a rollback puts it back."""
    return {name: kept_form(value) for name, value in row.items()}


def _owners(kind: Object, row: Row) -> list[str]:
    if kind.top_level:
        return [str(row["id"])]
    return [str(uuid.UUID(str(row[ref.column]))) for ref in kind.references if row[ref.column]]

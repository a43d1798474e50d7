"""The checked records of one import, kept on disk, and everything that was wrong with it.

A record stands under its kind and the id its source gave it, once. What was refused is remembered, so that nothing
points at it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TypeAlias, cast

from resources_db.hsds.values import Plain
from resources_db.importers.problems import Problems
from resources_db.importers.records import Copies, Note, Problem, Severity, Where
from resources_db.importers.scratch import AT_ONCE, marks, open_scratch

Key: TypeAlias = tuple[str, str]
_SHORT = 80


class State(IntEnum):
    """Of a record in the batch."""

    GOOD = 0
    BARRED = 1
    """Refused: what points at it is refused too."""
    ASIDE = 2
    """Another record of the file speaks for it; what points at it is right."""


@dataclass(slots=True)
class Checked:
    """A record with typed values under HSDS names. References still hold the source's ids."""

    kind: str
    external_id: str
    values: dict[str, Plain]
    where: Where
    extra: dict[str, object] = field(default_factory=dict)
    copies: Copies = "once"
    weak: bool = False
    own: str = ""
    """Our id, once it is known (identity.py)."""

    @property
    def key(self) -> Key:
        return self.kind, self.external_id

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def words(self, name: str) -> list[str]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []


class Batch:
    """All good records by kind and id. They come out in the order they went in."""

    def __init__(self, folder: Path | None = None) -> None:
        self.store = open_scratch(folder)
        self.on_part: Callable[[int], None] = lambda _: None
        """Told how many records a stage has just worked on."""
        self.problems = Problems(self.store)
        self.rows = 0

    def close(self) -> None:
        """Throw everything away."""
        self.store.close()

    def add(self, record: Checked) -> None:
        """Take a record in; a copy is joined, or refused together with the first when they disagree."""
        stmt = "INSERT OR IGNORE INTO record (kind, key, state, body) VALUES (?, ?, 0, ?)"
        if self.store.execute(stmt, (*record.key, _body(record))).rowcount:
            return
        first = next(iter(self.named(record.kind, [record.external_id])), None)
        if first is None:
            if record.copies == "once":
                self._conflict(record)
        elif record.copies == "first":
            return
        elif record.copies == "once" and record.values == first.values:
            self.warn(record, "duplicate_row", "id", record.external_id)
        elif record.copies == "agree" and _agree(first, record):
            first.values = {**record.values, **first.values}
            first.extra = {**record.extra, **first.extra}
            self.save([first])
        else:
            self.refuse(first, "conflicting_rows", "id", record.external_id)
            self._conflict(record)

    def _conflict(self, record: Checked) -> None:
        self.problems.add(Problem(record.where, "conflicting_rows", "id", record.external_id))

    def save(self, records: Iterable[Checked]) -> None:
        """Keep what was changed in records of this batch."""
        rows = [(_body(one), one.own or None, *one.key) for one in records]
        self.store.executemany("UPDATE record SET body = ?, own = ? WHERE kind = ? AND key = ? AND state = 0", rows)

    def of(self, kind: str) -> Iterator[list[Checked]]:
        """The good records of a kind that stand here now, some thousand at a time (none that is added meanwhile)."""
        last, end = 0, self.store.execute("SELECT max(seq) FROM record").fetchone()[0] or 0
        stmt = (
            "SELECT seq, key, own, body FROM record WHERE kind = ? AND state = 0 AND seq > ? AND seq <= ?"
            " ORDER BY seq LIMIT ?"
        )
        while rows := self.store.execute(stmt, (kind, last, end, AT_ONCE)).fetchall():
            yield [_record(kind, key, own, body) for _seq, key, own, body in rows]
            last = rows[-1][0]
            self.on_part(len(rows))

    def each(self, kind: str) -> Iterator[Checked]:
        """Like `of`, one by one; what the caller changes in a record is kept."""
        for part in self.of(kind):
            before = [(dict(record.values), dict(record.extra)) for record in part]
            yield from part
            changed = zip(part, before, strict=True)
            self.save(record for record, was in changed if (record.values, record.extra) != was)

    def named(self, kind: str, keys: Sequence[str]) -> list[Checked]:
        """The good records under these ids."""
        stmt = f"SELECT key, own, body FROM record WHERE kind = ? AND state = 0 AND key IN ({marks(len(keys))})"  # noqa: S608
        return [_record(kind, *row) for row in self.store.execute(stmt, (kind, *keys))]

    def held(self, kind: str, via: str, owners: Sequence[str]) -> Iterator[Checked]:
        """The good records of a kind that name one of these owners in the field `via`."""
        self.index(kind, via)
        stmt = (
            f"SELECT key, own, body FROM record WHERE kind = '{kind}' AND state = 0"  # noqa: S608
            f" AND json_extract(body, '$[0].{via}') IN ({marks(len(owners))}) ORDER BY seq"
        )
        return (_record(kind, *row) for row in self.store.execute(stmt, tuple(owners)))

    def index(self, kind: str, via: str) -> None:
        """Make `held` quick. Both are names of our own, never of the file."""
        self.store.execute(
            f"CREATE INDEX IF NOT EXISTS {kind}_{via} ON record (json_extract(body, '$[0].{via}'))"
            f" WHERE kind = '{kind}'"
        )

    def has(self, kind: str) -> bool:
        """Did the file say anything of this kind?"""
        return self.store.execute("SELECT 1 FROM record WHERE kind = ? LIMIT 1", (kind,)).fetchone() is not None

    def note(self, note: Note) -> None:
        """Keep words for the team."""
        row = (note.kind, note.external_id, note.field, note.sort, note.text)
        self.store.execute("INSERT INTO note (kind, key, field, sort, text) VALUES (?, ?, ?, ?, ?)", row)

    def warn(self, record: Checked, code: str, column: str = "", value: str = "") -> None:
        """Tell something odd that does not keep the record out."""
        self.problems.add(Problem(record.where, code, column, value[:_SHORT], Severity.WARNING))

    def refuse(self, record: Checked, code: str, column: str = "", value: str = "") -> None:
        """The record is wrong as a whole."""
        self.problems.add(Problem(record.where, code, column, value[:_SHORT]))
        self.bar(record.key)

    def barred(self, key: Key) -> bool:
        """Was a record of this name refused?"""
        stmt = "SELECT 1 FROM record WHERE kind = ? AND key = ? AND state = 1"
        return self.store.execute(stmt, key).fetchone() is not None

    def bar(self, key: Key) -> None:
        """Nothing under this key goes in any more; whatever points at it will not either."""
        if key[1]:
            stmt = "INSERT INTO record (kind, key, state) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET state = 1"
            self.store.execute(stmt, key)


def _agree(first: Checked, second: Checked) -> bool:
    return all(second.values[name] == value for name, value in first.values.items() if name in second.values)


def _body(record: Checked) -> str:
    said = (record.values, record.extra, record.where.file, record.where.line, record.copies, record.weak)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _record(kind: str, key: str, own: str | None, body: str) -> Checked:
    values, extra, file, line, copies, weak = json.loads(body)
    return Checked(kind, key, values, Where(file, line), extra, cast("Copies", copies), weak, own or "")

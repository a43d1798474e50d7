"""Which of our ids a source's record has: the same for the same record of the same source, always.

A UUID of the source is kept unless another source has it already; everything else gets a derived id. An id that was
merged away stands for its survivor.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db import redirects
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers.batch import Batch, State
from resources_db.importers.scratch import AT_ONCE, batched, marks

_NAMESPACE = uuid.UUID("0f4b8c0e-6a57-5c53-9d0c-7f1f4f0e8a11")

_UUID_LETTERS = 36


def namespace(source: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, source)


def identity(source: str, kind: str, external_id: str) -> uuid.UUID:
    """The id of a record that has none of its own: the same for the same source record, always."""
    return uuid.uuid5(namespace(source), f"{kind}:{external_id}")


def as_uuid(text: str) -> uuid.UUID | None:
    if len(text) != _UUID_LETTERS:
        return None
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def settle(session: Session, batch: Batch, source: str) -> None:
    """Give every record of the batch its id, refused ones too: they are not missing from the file."""
    batch.store.execute("CREATE INDEX IF NOT EXISTS record_own ON record (kind, own)")
    for kind in OBJECTS.values():
        for keys in _keys(batch, kind.name):
            ids = _chosen(session, kind, keys, source)
            rows = [(str(ids[key]), kind.name, key) for key in keys]
            batch.store.executemany("UPDATE record SET own = ? WHERE kind = ? AND key = ?", rows)
        _put_aside(batch, kind.name)


def _keys(batch: Batch, kind: str) -> Iterator[list[str]]:
    last = 0
    stmt = "SELECT seq, key FROM record WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ?"
    while rows := batch.store.execute(stmt, (kind, last, AT_ONCE)).fetchall():
        yield [key for _seq, key in rows]
        last = rows[-1][0]


def _chosen(session: Session, kind: Object, keys: Collection[str], source: str) -> dict[str, uuid.UUID]:
    own = {key: found for key in keys if (found := as_uuid(key))}
    columns = kind.model.__table__.c
    stmt = select(columns.id, columns.source).where(columns.id.in_(own.values()))
    taken = {row_id for row_id, whose in session.execute(stmt) if whose not in ("", source)} if own else set()
    free = {key: one for key, one in own.items() if one not in taken}
    chosen = {key: free.get(key) or identity(source, kind.name, key) for key in keys}
    merged = redirects.of(session, chosen.values())
    return {key: merged.get(one, one) for key, one in chosen.items()}


def _put_aside(batch: Batch, kind: str) -> None:
    """Of several records with one id (merged by a person, or a UUID in other letters) the first speaks for all."""
    twice = (
        "SELECT later.key FROM record AS later WHERE later.kind = ? AND later.state = 0 AND EXISTS ("
        "SELECT 1 FROM record AS first WHERE first.kind = later.kind AND first.own = later.own AND first.state = 0"
        " AND (first.key <> first.own, first.seq) < (later.key <> later.own, later.seq))"
    )
    for keys in batched([key for (key,) in batch.store.execute(twice, (kind,))]):
        for record in batch.named(kind, keys):
            batch.warn(record, "merged", "id", record.external_id)
        stmt = f"UPDATE record SET state = {State.ASIDE:d} WHERE kind = ? AND key IN ({marks(len(keys))})"  # noqa: S608
        batch.store.execute(stmt, (kind, *keys))


class References:
    """Our ids of what the records of a batch point at: other records of the file, or of the directory."""

    def __init__(self, session: Session, batch: Batch, source: str) -> None:
        self._session, self._batch, self._source = session, batch, source

    def find(self, kind: str, texts: Iterable[str]) -> dict[str, str]:
        """Our ids by the source's; what is refused or unknown is absent."""
        found: dict[str, str] = {}
        for part in batched(sorted(set(texts))):
            stmt = f"SELECT key, own, state FROM record WHERE kind = ? AND key IN ({marks(len(part))})"  # noqa: S608
            rows = self._batch.store.execute(stmt, (kind, *part)).fetchall()
            known = {key for key, _own, _state in rows}
            found |= {key: own for key, own, state in rows if state != State.BARRED}
            found |= self._standing(kind, [text for text in part if text not in known])
        return found

    def _standing(self, kind: str, texts: Collection[str]) -> dict[str, str]:
        """Of the directory: any record by its id, those of this source by the id the source gave them."""
        if not texts:
            return {}
        columns = OBJECTS[kind].model.__table__.c
        ids = {own: text for text in texts if (own := as_uuid(text))}
        ours = (columns.source == self._source) & columns.external_id.in_(texts)
        stmt = select(columns.id, columns.external_id).where(or_(columns.id.in_(ids), ours))
        rows = self._session.execute(stmt).all()
        merged: Mapping[uuid.UUID, uuid.UUID] = redirects.of(self._session, [row_id for row_id, _ in rows])
        found: dict[str, str] = {}
        for row_id, external_id in rows:
            for text in (external_id, ids.get(row_id, "")):
                if text in texts:
                    found[text] = str(merged.get(row_id, row_id))
        return found

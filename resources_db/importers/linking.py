"""Gives every record its id and turns the source's references into ours; what points at nothing is reported."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS, Field, Object, StoredRow
from resources_db.hsds.values import Plain
from resources_db.importers.checked import Batch, Checked, Key

_NAMESPACE = uuid.UUID("0f4b8c0e-6a57-5c53-9d0c-7f1f4f0e8a11")
_AT_ONCE = 5_000
_STAND_ALONE = frozenset({"unit", "taxonomy", "taxonomy_term", "attribute", "metadata", "meta_table_description"})


@dataclass(slots=True)
class Linked:
    """A record with our ids everywhere; `values` are by column."""

    kind: str
    id: uuid.UUID
    values: dict[str, Plain]
    checked: Checked
    row: StoredRow | None


@dataclass(slots=True)
class Ids:
    """Our id of each source record, and the rows that already exist."""

    by_key: dict[Key, uuid.UUID] = field(default_factory=dict)
    rows: dict[tuple[str, uuid.UUID], StoredRow] = field(default_factory=dict)


def namespace(source: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, source)


def identity(source: str, kind: str, external_id: str) -> uuid.UUID:
    """The id of a record that has none of its own: the same for the same source record, always."""
    return uuid.uuid5(namespace(source), f"{kind}:{external_id}")


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def link(session: Session, batch: Batch, source: str) -> list[Linked]:
    """All records in order of insertion; those that point at nothing are refused."""
    ids = _ids(session, batch, source)
    linked: list[Linked] = []
    for kind in OBJECTS.values():
        _load_targets(session, kind, batch, ids)
        for record in batch.of(kind.name):
            values = _values(record, kind, batch, ids)
            if values is None:
                ids.by_key.pop(record.key, None)
                continue
            own = ids.by_key[record.key]
            linked.append(Linked(kind.name, own, values, record, ids.rows.get((kind.name, own))))
    return linked


def _ids(session: Session, batch: Batch, source: str) -> Ids:
    """A UUID of the source is kept unless another source has it already; everything else gets a derived id."""
    ids = Ids()
    for kind in OBJECTS.values():
        records = batch.of(kind.name)
        wanted = {own for record in records if (own := as_uuid(record.external_id))}
        derived = {identity(source, kind.name, record.external_id) for record in records}
        found = {row.id: row for row in _rows(session, kind, wanted | derived)}
        for record in records:
            own = as_uuid(record.external_id)
            taken = own in found and found[own].source not in ("", source) if own else True
            chosen = identity(source, kind.name, record.external_id) if own is None or taken else own
            ids.by_key[record.key] = chosen
            if chosen in found:
                ids.rows[kind.name, chosen] = found[chosen]
    return ids


def _rows(session: Session, kind: Object, wanted: Iterable[uuid.UUID]) -> list[StoredRow]:
    every = list(wanted)
    found: list[StoredRow] = []
    for start in range(0, len(every), _AT_ONCE):
        found += session.scalars(select(kind.model).where(kind.model.id.in_(every[start : start + _AT_ONCE])))
    return found


def _load_targets(session: Session, kind: Object, batch: Batch, ids: Ids) -> None:
    """References of this kind to records that are not in the file but in the database already."""
    for target in {one.target for one in kind.references}:
        names = [one.name for one in kind.references if one.target == target]
        missing = {
            text
            for record in batch.of(kind.name)
            for name in names
            if (text := record.text(name)) and (target, text) not in ids.by_key and (target, text) not in batch.records
        }
        model = OBJECTS[target].model
        for start in range(0, len(missing), _AT_ONCE):
            part = list(missing)[start : start + _AT_ONCE]
            own = [found for text in part if (found := as_uuid(text))]
            stmt = select(model.id, model.external_id).where(or_(model.id.in_(own), model.external_id.in_(part)))
            for row_id, external_id in session.execute(stmt):
                for text in (str(row_id), external_id):
                    if text in missing and not batch.barred((target, text)):
                        ids.by_key.setdefault((target, text), row_id)


def _values(record: Checked, kind: Object, batch: Batch, ids: Ids) -> dict[str, Plain] | None:
    """The columns of a record, or None when it was refused."""
    values = {
        each.column: record.values[each.name]
        for each in kind.fields
        if each.name in record.values and not each.target and each.type not in ("id", "link")
    }
    pointing = [each for each in kind.fields if each.target or each.type == "link"]
    lost: list[tuple[str, str]] = []
    for each in pointing:
        text = record.text(each.name)
        found = _found(record, each, text, ids) if text else None
        if found is not None:
            values[each.column] = str(found)
        elif text and kind.must_have(each):
            batch.refuse(record, "orphan", each.name, text)
            return None
        elif text:
            lost.append((each.name, text))
    if not _held(kind, values):
        batch.refuse(record, "orphan", *(lost[0] if lost else (pointing[0].name, "")))
        return None
    for name, text in lost:
        batch.warn(record, "link_dropped", name, text)
    return values


def _held(kind: Object, values: dict[str, Plain]) -> bool:
    """Everything it cannot be without is there; a part is held by at least one record."""
    if any(kind.must_have(each) and each.column not in values for each in kind.references):
        return False
    alone = kind.top_level or kind.name in _STAND_ALONE
    return alone or any(each.column in values for each in kind.references)


def _found(record: Checked, each: Field, text: str, ids: Ids) -> uuid.UUID | None:
    """Our id of what a reference means. Attributes and metadata say themselves which object they mean."""
    if each.target:
        return ids.by_key.get((each.target, text))
    named = record.text("link_entity") or record.text("resource_type")
    if each.name.startswith("parent_"):
        # A parent may be unknown here and still be right: it is kept when it is a proper id.
        return ids.by_key.get((record.kind, text)) or as_uuid(text)
    kinds = [named] if named in OBJECTS else list(OBJECTS)
    return next((found for kind in kinds if (found := ids.by_key.get((kind, text)))), None)

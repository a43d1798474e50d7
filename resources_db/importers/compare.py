"""Compares what an import brings with what stands: create, update, same, or kept because a person vouched for it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS
from resources_db.hsds.values import Plain, from_column
from resources_db.importers.linking import Linked
from resources_db.models.curation import FieldMark
from resources_db.vocab import FieldGroup, FieldOrigin, ImportAction

Marks = Mapping[tuple[uuid.UUID, FieldGroup], FieldMark]
_ONLY_NEWER = frozenset({"last_modified", "confirmed_at"})
_ONLY_AT_FIRST = frozenset({"visibility"})  # later it is a person's decision


@dataclass(slots=True)
class Change:
    """What happens to one record; values by column in their plain form."""

    kind: str
    id: uuid.UUID
    action: ImportAction
    linked: Linked | None = None
    before: dict[str, Plain] = field(default_factory=dict)
    after: dict[str, Plain] = field(default_factory=dict)
    kept: dict[str, Plain] = field(default_factory=dict)
    reason: str = ""


def load_marks(session: Session) -> Marks:
    """Marks that stop an import: whatever an agency or staff said, and what is locked."""
    stops = or_(FieldMark.origin != FieldOrigin.IMPORT, FieldMark.locked)
    return {(mark.record_id, mark.field_group): mark for mark in session.scalars(select(FieldMark).where(stops))}


def compare(linked: Linked, marks: Marks) -> Change:
    changed = {name: value for name, value in linked.values.items() if _differs(linked, name, value)}
    held = _held(linked, changed, marks)
    kept = {name: value for name, value in changed.items() if name in held}
    after = {name: value for name, value in changed.items() if name not in held}
    if linked.row is None:
        if held and not OBJECTS[linked.kind].top_level:
            return Change(linked.kind, linked.id, ImportAction.SKIP, linked, kept=kept, reason="kept_confirmed")
        return Change(linked.kind, linked.id, ImportAction.CREATE, linked, after=after)
    if getattr(linked.row, "deleted_at", None) is not None:
        after["deleted_at"] = None
    extra = linked.checked.extra
    if extra and {**linked.row.extra, **extra} != linked.row.extra:
        after["extra"] = None  # the apply step merges; a marker is enough here
    before = {name: from_column(getattr(linked.row, name)) for name in after if name != "extra"}
    action = ImportAction.UPDATE if after else ImportAction.SAME
    return Change(linked.kind, linked.id, action, linked, before, after, kept, "kept_confirmed" if kept else "")


def _differs(linked: Linked, name: str, value: Plain) -> bool:
    if linked.row is None:
        return value is not None
    if name in _ONLY_AT_FIRST:
        return False
    old = from_column(getattr(linked.row, name))
    if name in _ONLY_NEWER and old is not None and value is not None:
        return datetime.fromisoformat(str(value)) > datetime.fromisoformat(str(old))
    return old != _normal(value)


def _normal(value: Plain) -> Plain:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value in ("", []) else value


def _held(linked: Linked, names: Iterable[str], marks: Marks) -> set[str]:
    """Columns whose group somebody vouched for, on this record or on the one that holds it."""
    kind = OBJECTS[linked.kind]
    owners = [linked.id]
    if not kind.top_level:
        owners += [
            uuid.UUID(str(linked.values[ref.column])) for ref in kind.references if linked.values.get(ref.column)
        ]
    groups = {each.column: each.group for each in kind.fields if each.group}
    wanted = set(names)
    return {name for name in wanted if (group := groups.get(name)) and any((owner, group) in marks for owner in owners)}

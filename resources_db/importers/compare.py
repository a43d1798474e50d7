"""Compares what an import brings with what stands: create, update, same, or kept because somebody's word is stronger.

Staff before agency before import (field marks, locks); of two sources the one with the lower rank is believed.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS, Object
from resources_db.hsds.values import Plain, from_column
from resources_db.importers.changes import Change, Rows
from resources_db.importers.columns import kept_form
from resources_db.importers.hiding import UNTOLD
from resources_db.importers.linking import Linked
from resources_db.models.curation import FieldMark
from resources_db.models.imports import DirectorySource
from resources_db.vocab import CostKind, FieldGroup, FieldOrigin, ImportAction, NeedsOrigin, Visibility

Marks = frozenset[tuple[str, FieldGroup]]
"""Records (by id as text) and groups of fields that an agency or staff vouched for, or that are locked."""
_ONLY_NEWER = frozenset({"last_modified", "confirmed_at"})
_LESS_PUBLIC = [one.value for one in Visibility]  # an import may hide; to publish again is a person's decision
_ANY_RANK = 100
_GROUPS = {kind.name: {each.column: each.group for each in kind.fields if each.group} for kind in OBJECTS.values()}
_OWNERS = {kind.name: [] if kind.top_level else [ref.column for ref in kind.references] for kind in OBJECTS.values()}


class Comparing:
    """Compares records of one source with the directory, some thousand of a kind at a time."""

    def __init__(self, session: Session, source: str) -> None:
        self._session, self._source = session, source
        ranks = select(DirectorySource.name, DirectorySource.rank)
        self._ranks: Mapping[str, int] = {name: rank for name, rank in session.execute(ranks)}  # noqa: C416

    def rows(self, kind: Object, linked: Sequence[Linked]) -> Rows:
        """What stands under the ids of these records."""
        table = kind.model.__table__
        stmt = select(table).where(table.c.id.in_([uuid.UUID(one.id) for one in linked]))
        return {str(row["id"]): dict(row) for row in self._session.execute(stmt).mappings()}

    def compare(self, kind: Object, linked: Sequence[Linked], rows: Rows) -> Iterable[Change]:
        """One change for each record."""
        owners = {one.id: _owners(kind, one.id, one.values) for one in linked}
        marks = marks_of(self._session, {owner for found in owners.values() for owner in found})
        for one in linked:
            row = rows.get(one.id)
            yield (
                _new(kind, one, owners[one.id], marks)
                if row is None
                else self._known(kind, one, row, owners[one.id], marks)
            )

    def _known(
        self, kind: Object, one: Linked, row: Mapping[str, object], owners: Sequence[str], marks: Marks
    ) -> Change:
        guessed = _only_guessed(one.values, row)
        changed = {
            name: value
            for name, value in one.values.items()
            if name not in guessed and _differs(row[name], name, value)
        }
        weaker = self._is_weaker(str(row["source"]))
        held = set(changed) if weaker else _held(kind, changed, owners, marks)
        kept = {name: value for name, value in changed.items() if name in held}
        after: dict[str, object] = {name: value for name, value in changed.items() if name not in held}
        extra = row["extra"] if isinstance(row["extra"], dict) else {}
        if not weaker and (joined := {**extra, **one.checked.extra}) != extra:
            after["extra"] = joined
        if row.get("deleted_at") is not None and not weaker:
            after["deleted_at"] = None
        reason = "" if not kept else "kept_source" if weaker else "kept_confirmed"
        if not after:
            action = ImportAction.SKIP if kept else ImportAction.SAME
            return Change(kind.name, one.id, action, kept=kept, reason=reason)
        change = Change(kind.name, one.id, ImportAction.UPDATE, before_of(kind, row, after), after, kept, None, reason)
        if one.secret:
            change.before = {name: value for name, value in change.before.items() if name not in UNTOLD}
        if kind.top_level:
            change.version = int(str(row["version"])) + 1
        return change

    def _is_weaker(self, standing: str) -> bool:
        """Does another source hold this record, one that is believed more (or as much, and was there first)?"""
        if standing in ("", self._source):
            return False
        return self._ranks.get(self._source, _ANY_RANK) >= self._ranks.get(standing, _ANY_RANK)


def before_of(kind: Object, row: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """How these columns stand, with what is needed to find the record's owners and to take a change back."""
    wanted = {*names, *(ref.column for ref in kind.references), *(("edited_at",) if kind.top_level else ())}
    return {name: kept_form(row[name]) for name in sorted(wanted)}


def marks_of(session: Session, records: Iterable[str]) -> Marks:
    """Marks that stop an import: whatever an agency or staff said of these records, and what is locked."""
    ids = [uuid.UUID(one) for one in records]
    found: set[tuple[str, FieldGroup]] = set()
    for start in range(0, len(ids), _AT_ONCE):
        stmt = select(FieldMark.record_id, FieldMark.field_group).where(
            FieldMark.record_id.in_(ids[start : start + _AT_ONCE]),
            or_(FieldMark.origin != FieldOrigin.IMPORT, FieldMark.locked),
        )
        found |= {(str(record_id), group) for record_id, group in session.execute(stmt)}
    return frozenset(found)


_AT_ONCE = 5_000


def _new(kind: Object, one: Linked, owners: Sequence[str], marks: Marks) -> Change:
    held = _held(kind, one.values, owners, marks)
    if held and not kind.top_level:
        kept = {name: one.values[name] for name in held}
        return Change(kind.name, one.id, ImportAction.SKIP, kept=kept, reason="kept_confirmed")
    after: dict[str, object] = {name: value for name, value in one.values.items() if value is not None}
    after |= {"external_id": one.checked.external_id, "extra": one.checked.extra}
    return Change(kind.name, one.id, ImportAction.CREATE, after=after, version=1 if kind.top_level else None)


def _only_guessed(values: Mapping[str, Plain], row: Mapping[str, object]) -> set[str]:
    """Columns that the importer worked out from words, where more is known already: a guess replaces no statement."""
    guessed = set()
    suggested = values.get("needs_origin") == NeedsOrigin.SUGGESTED.value
    if suggested and from_column(row["needs_origin"]) not in (None, "", NeedsOrigin.SUGGESTED.value):
        guessed |= {"needs", "needs_origin"}
    if values.get("cost_kind") == CostKind.UNKNOWN.value:
        guessed.add("cost_kind")
    return guessed


def _differs(old: object, name: str, value: Plain) -> bool:
    standing = from_column(old)
    if name == "visibility":
        return value is not None and _LESS_PUBLIC.index(str(value)) > _LESS_PUBLIC.index(str(standing))
    if name in _ONLY_NEWER and standing is not None and value is not None:
        return datetime.fromisoformat(str(value)) > datetime.fromisoformat(str(standing))
    return standing != _normal(value)


def _normal(value: Plain) -> Plain:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value in ("", []) else value


def _owners(kind: Object, own: str, values: Mapping[str, Plain]) -> list[str]:
    """The record itself, and for a part those that hold it: a mark on them covers it."""
    return [own, *(str(one) for column in _OWNERS[kind.name] if (one := values.get(column)))]


def _held(kind: Object, names: Iterable[str], owners: Sequence[str], marks: Marks) -> set[str]:
    """Columns whose group somebody vouched for."""
    groups = _GROUPS[kind.name]
    if not marks:
        return set()
    return {name for name in names if (group := groups.get(name)) and any((own, group) in marks for own in owners)}

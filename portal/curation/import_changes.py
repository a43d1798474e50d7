"""The records of an import as a person reads them: whose they are, field by field what was and what is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, or_, select

from i18n.catalog import gettext as _
from portal.curation import import_words
from portal.parts import Piece, changed_pieces
from resources_db.hsds.fields import OBJECTS
from resources_db.importers import mapping_fields, undo
from resources_db.models.curation import ImportChange
from resources_db.models.upkeep import DuplicatePair
from resources_db.vocab import ImportAction, PairState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

PER_PAGE: Final = 25
SAMPLES: Final = 3
NAMED: Final = ("organization", "service", "location", "program")
INSIDE: Final = frozenset(
    {"id", "source", "external_id", "position", "extra", "version", "edited_at", "deleted_at", "last_modified"}
    | {"needs_origin", "parse_confidence", "e164", "short_code", "normal_name", "geocode_source"}
)
"""Columns that say nothing to a person."""
LONG: Final = 400
Owners = dict[uuid.UUID, list[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: what stood there and what stands there now, as runs of words."""

    label: str
    was: tuple[Piece, ...]
    now: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One record."""

    title: str
    kind: str
    action: str
    fields: tuple[FieldRow, ...]
    kept: tuple[FieldRow, ...]
    reason: str


def counted(session: Session, run_id: uuid.UUID) -> dict[tuple[str, ImportAction], int]:
    """How many records of each kind and action can be looked at."""
    stmt = select(ImportChange.kind, ImportChange.action, func.count()).where(ImportChange.run_id == run_id)
    rows = session.execute(stmt.group_by(ImportChange.kind, ImportChange.action))
    return {(kind, action): number for kind, action, number in rows}


def page(session: Session, run_id: uuid.UUID, *, action: str, kind: str, number: int) -> list[ChangeRow]:
    """One page of the records with this action and of this kind; empty words mean any."""
    stmt = select(ImportChange).where(ImportChange.run_id == run_id)
    if action:
        stmt = stmt.where(ImportChange.action == ImportAction(action))
    if kind:
        stmt = stmt.where(ImportChange.kind == kind)
    order = stmt.order_by(ImportChange.kind, ImportChange.action, ImportChange.id)
    found = session.scalars(order.offset((number - 1) * PER_PAGE).limit(PER_PAGE))
    return rows(session, run_id, list(found))


def some(session: Session, run_id: uuid.UUID, action: ImportAction) -> list[ImportChange]:
    """Three records with this action: services first, they say the most."""
    stmt = select(ImportChange).where(ImportChange.run_id == run_id, ImportChange.action == action)
    first = case({"service": 0, "organization": 1, "location": 2}, value=ImportChange.kind, else_=3)
    return list(session.scalars(stmt.order_by(first, ImportChange.id).limit(SAMPLES)))


def left_alone(session: Session, run_id: uuid.UUID) -> list[ImportChange]:
    """Records that were not taken back because somebody changed them since."""
    stmt = select(ImportChange).where(ImportChange.run_id == run_id, ImportChange.reason == undo.LEFT)
    return list(session.scalars(stmt.order_by(ImportChange.kind, ImportChange.id)))


def possible_duplicates(session: Session, run_id: uuid.UUID) -> int:
    """Pairs with a new record of this import that wait for a person."""
    made = (ImportChange.run_id == run_id, ImportChange.action == ImportAction.CREATE)
    ids = select(ImportChange.record_id).where(*made, ImportChange.kind.in_(NAMED))
    one_of_them = or_(DuplicatePair.first_id.in_(ids), DuplicatePair.second_id.in_(ids))
    stmt = select(func.count()).select_from(DuplicatePair).where(DuplicatePair.state == PairState.OPEN, one_of_them)
    return session.scalar(stmt) or 0


def rows(session: Session, run_id: uuid.UUID, changes: Sequence[ImportChange]) -> list[ChangeRow]:
    """Records with their names; the number of queries does not grow with them."""
    owners = _owners(session, changes)
    wanted = {one.record_id for one in changes} | {owner for held in owners.values() for owner in held}
    names = _names(session, run_id, wanted)
    return [_row(change, owners.get(change.record_id, []), names) for change in changes]


def _row(change: ImportChange, owners: Sequence[uuid.UUID], names: Mapping[uuid.UUID, str]) -> ChangeRow:
    before, after = dict(change.before or {}), dict(change.after or {})
    told = [names[owner] for owner in owners if names.get(owner)]
    own = str(after.get("name") or before.get("name") or names.get(change.record_id) or "")
    top = change.kind in NAMED
    title = own if top and own else ", ".join(dict.fromkeys(told)) or own
    # What an update leaves alone stands in `before` too: whose it is, for taking it back.
    said = after if change.action is ImportAction.UPDATE else {**before, **after}
    made = change.action is ImportAction.CREATE
    columns = [name for name, value in said.items() if _tells(change.kind, name) and not (made and value is False)]
    return ChangeRow(
        title=title or _("Without a name"),
        kind=str(import_words.ONE.get(change.kind, change.kind)),
        action=change.action.value,
        fields=tuple(_field(change.kind, name, before.get(name), after.get(name), names) for name in columns),
        kept=tuple(
            _field(change.kind, name, None, value, names)
            for name, value in (change.kept or {}).items()
            if _tells(change.kind, name)
        ),
        reason=str(import_words.REASONS.get(change.reason, "")),
    )


def _tells(kind: str, column: str) -> bool:
    return column not in INSIDE and (kind in NAMED or column not in {ref.column for ref in OBJECTS[kind].references})


def _field(kind: str, column: str, was: object, now: object, names: Mapping[uuid.UUID, str]) -> FieldRow:
    old, new = changed_pieces(_in_words(was, names), _in_words(now, names))
    return FieldRow(_label(kind, column), old, new)


def _in_words(value: object, names: Mapping[uuid.UUID, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_in_words(one, names) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_in_words(one, names)}" for name, one in value.items())
    text = str(value)
    found = names.get(_id_in(text) or uuid.UUID(int=0))
    return found or (text if len(text) <= LONG else f"{text[:LONG]}…")


def _id_in(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _label(kind: str, column: str) -> str:
    field = next((one for one in OBJECTS[kind].fields if one.column == column), None)
    if field and field.target in import_words.ONE:
        return str(import_words.ONE[field.target])
    name = f"{kind}.{field.name}" if field else ""
    words = mapping_fields.label_of(name)
    return words if words != name else str(import_words.COLUMNS.get(column, column.replace("_", " ").capitalize()))


def _owners(session: Session, changes: Iterable[ImportChange]) -> Owners:
    """The records that hold a part, or that a link ties together."""
    held: Owners = {}
    without: dict[str, list[uuid.UUID]] = defaultdict(list)
    for change in changes:
        values = {**(change.before or {}), **(change.after or {})}
        ids = [_id_in(str(values.get(ref.column) or "")) for ref in OBJECTS[change.kind].references]
        held[change.record_id] = [one for one in ids if one is not None]
        if not held[change.record_id] and change.kind not in NAMED:
            without[change.kind].append(change.record_id)
    for kind, ids_of_kind in without.items():
        columns = OBJECTS[kind].model.__table__.c
        wanted = [columns[ref.column] for ref in OBJECTS[kind].references]
        for row_id, *found in session.execute(select(columns.id, *wanted).where(columns.id.in_(ids_of_kind))):
            held[row_id] = [one for one in found if one is not None]
    return held


def _names(session: Session, run_id: uuid.UUID, wanted: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names as they stand, and of new records as the file has them."""
    named: dict[uuid.UUID, str] = {}
    made = (ImportChange.run_id == run_id, ImportChange.record_id.in_(wanted), ImportChange.kind.in_(NAMED))
    for change in session.scalars(select(ImportChange).where(*made)):
        named[change.record_id] = str((change.after or {}).get("name") or "")
    for kind in NAMED:
        columns = OBJECTS[kind].model.__table__.c
        for row_id, name in session.execute(select(columns.id, columns.name).where(columns.id.in_(wanted))):
            named.setdefault(row_id, "")
            named[row_id] = named[row_id] or str(name or "")
    return named

"""Takes what was written of a place that becomes confidential out of history, proposals, imports, merges and reports.

The rows stay, so that it can still be told that something changed; what they said of the place is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import String, cast, or_, select

from resources_db.models.curation import ImportChange, ImportRun, ListingChange, ListingChangeField
from resources_db.models.directory import ListingText, Metadata
from resources_db.models.upkeep import DuplicatePair, RecordHistory, RecordMerge
from resources_db.vocab import ChangeState, PairState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from resources_db.base import JsonDict, JsonList
    from resources_db.repositories.confidential import HiddenPlace

GONE: Final = "confidential"
"""Stands in history where the place was told."""
TELLING: Final = frozenset(
    {
        "address", "attention", "address_1", "address_2", "city", "region", "state", "state_province", "postal_code",
        "latitude", "longitude", "external_identifier", "external_identifier_type", "name", "alternate_name",
        "description", "transportation", "url", "geocode_source", "accessibility", "extra", "old", "new",
    }
)  # fmt: skip
"""Columns and fields that may say where a place is."""
_OF_LISTING: Final = TELLING - {"name", "alternate_name", "description", "url", "old", "new"}
"""The same, where a row is about a listing: its service keeps its name and description."""
_REJECTED = "rejected"
_SHORTEST = 5  # a shorter text, "OH" or "Apt", says nothing by itself


def purge(session: Session, location_id: uuid.UUID, address_ids: Iterable[uuid.UUID], true: HiddenPlace) -> None:
    """Leave nothing of the place in any table but its own sealed one. Changes rows, decides no more than it must."""
    session.flush()
    ids = {location_id, *address_ids, *_addresses_before(session, location_id)}
    _history(session, location_id, ids)
    _proposals(session, location_id)
    _imports(session, ids)
    _reports(session, list(_words(true)))
    _merges(session, ids)
    either = or_(DuplicatePair.first_id == location_id, DuplicatePair.second_id == location_id)
    for pair in session.scalars(select(DuplicatePair).where(either)):
        pair.reasons, pair.signature = [], GONE
        pair.state = PairState.GONE if pair.state is PairState.OPEN else pair.state
    for text in session.scalars(select(ListingText).where(ListingText.record_id.in_(ids))):
        session.delete(text)
    session.flush()


def _addresses_before(session: Session, location_id: uuid.UUID) -> set[uuid.UUID]:
    """Addresses the place had once, as imports remember them."""
    told = or_(_holds(ImportChange.before, location_id), _holds(ImportChange.after, location_id))
    return set(session.scalars(select(ImportChange.record_id).where(ImportChange.kind == "address", told)))


def _holds(
    column: InstrumentedAttribute[JsonDict | None] | InstrumentedAttribute[JsonList], one: uuid.UUID
) -> ColumnElement[bool]:
    return cast(column, String).contains(str(one))


def _history(session: Session, location_id: uuid.UUID, ids: set[uuid.UUID]) -> None:
    stmt = select(RecordHistory).where(or_(RecordHistory.record_id.in_(ids), RecordHistory.location_id == location_id))
    for row in session.scalars(stmt):
        own = row.record_kind in ("location", "address") and row.field != "confidentiality"
        if own or row.field in _OF_LISTING:
            row.old = GONE if row.old else ""
            row.new = GONE if row.new else ""
            row.kept = None
    for told in session.scalars(select(Metadata).where(Metadata.resource_id.in_(ids))):
        told.previous_value = told.replacement_value = GONE


def _proposals(session: Session, location_id: uuid.UUID) -> None:
    """Fields of the place are refused by themselves; a proposal of nothing else is over."""
    changes = {
        row.id: row for row in session.scalars(select(ListingChange).where(ListingChange.location_id == location_id))
    }
    fields = session.scalars(select(ListingChangeField).where(ListingChangeField.change_id.in_(changes))).all()
    left = {field.change_id for field in fields if field.field not in _OF_LISTING and field.decision is None}
    for field in fields:
        if field.field not in _OF_LISTING:
            continue
        field.old = field.new = field.published = ""
        change = changes[field.change_id]
        change.note = ""
        if change.state is ChangeState.OPEN:
            field.decision, field.why = field.decision or _REJECTED, GONE
            if change.id not in left:
                change.state = ChangeState.WITHDRAWN


def _imports(session: Session, ids: set[uuid.UUID]) -> None:
    for row in session.scalars(select(ImportChange).where(ImportChange.record_id.in_(ids))):
        row.before, row.after, row.kept = scrubbed(row.before), scrubbed(row.after), scrubbed(row.kept)
        row.reason = GONE


def _reports(session: Session, words: list[str]) -> None:
    """Values that reports of imports quote from the file."""
    if not words:
        return
    for run in session.scalars(select(ImportRun)):
        told = [_quiet(problem, words) for problem in run.problems]
        if told != run.problems:
            run.problems = told


def _quiet(problem: object, words: list[str]) -> object:
    if not isinstance(problem, dict):
        return problem
    value = str(problem.get("value") or "").casefold()
    return {**problem, "value": ""} if any(word in value for word in words) else problem


def _words(true: HiddenPlace) -> Iterator[str]:
    """What gives the place away wherever it stands."""
    for address in true.addresses:
        yield from (
            text.casefold()
            for name, text in address.items()
            if name in ("address_1", "address_2", "postal_code") and len(text) >= _SHORTEST
        )
    if true.latitude is not None and true.longitude is not None:
        yield from (str(true.latitude), str(true.longitude))


def _merges(session: Session, ids: set[uuid.UUID]) -> None:
    """A merge of this place can be taken back still; its address comes back from behind the seal only."""
    names = {str(one) for one in ids}
    about = or_(RecordMerge.survivor_id.in_(ids), RecordMerge.gone_id.in_(ids))
    for row in session.scalars(select(RecordMerge).where(or_(about, *(_holds(RecordMerge.moved, one) for one in ids)))):
        moved: JsonList = [_silenced(entry, names) for entry in row.moved]
        if moved != row.moved:
            row.moved = moved
        if {row.survivor_id, row.gone_id} & ids:
            row.picked, row.before = scrubbed(row.picked) or {}, scrubbed(row.before) or {}


def _silenced(entry: object, names: set[str]) -> object:
    """A journal entry is [table, row, column, before, after]."""
    if isinstance(entry, list) and len(entry) > 2 and str(entry[1]) in names and entry[2] in TELLING:
        return [*entry[:3], *(None if value is None else "" for value in entry[3:])]
    return entry


def scrubbed(said: JsonDict | None) -> JsonDict | None:
    """The same without what may tell the place; at any depth."""
    return None if said is None else {name: _scrub(name, value) for name, value in said.items()}


def _scrub(name: str, value: object) -> object:
    if isinstance(value, dict) and name not in TELLING:
        return scrubbed(value)
    if isinstance(value, list) and name not in TELLING:
        return [_scrub("", one) for one in value]
    if name not in TELLING:
        return value
    return "" if isinstance(value, str) else {} if isinstance(value, dict) else None

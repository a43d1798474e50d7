"""Makes two records one and takes it back: what hangs on the one that goes moves, its id leads to the survivor.

Every change is noted as (table, row, column, before, after); taking back is that list read from its end.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from resources_db import audit, history, redirects, search_log
from resources_db.duplicates import LOCATION, ORGANIZATION, SERVICE
from resources_db.merge_checks import MergeError, checked, links_of
from resources_db.merge_journal import Journal, plain, take_back
from resources_db.merge_tables import BLOCKS, LINK, MOVES
from resources_db.models.curation import Tombstone
from resources_db.models.directory import Location, Organization, Service, ServiceAtLocation
from resources_db.models.upkeep import DuplicatePair, RecordMerge, RecordRedirect
from resources_db.tenancy import actor_of
from resources_db.vocab import Confidentiality, PairState, Visibility

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

UNDO_FOR: Final = timedelta(days=90)
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    ORGANIZATION: ("name", "alternate_name", "description", "email", "website", "year_incorporated", "legal_status"),
    SERVICE: (
        *("name", "alternate_name", "description", "needs", "eligibility_description", "minimum_age", "maximum_age"),
        *("access", "application_process", "cost_kind", "fees_description", "url", "email"),
        *("interpretation_services", "alert"),
    ),
    LOCATION: ("name", "description", "transportation"),
}
"""What a person picks a side for; blocks such as hours and address come after them."""
_WITH_ADDRESS: Final = ("latitude", "longitude", "geocode_quality", "geocode_source", "timezone")
_STRICTNESS: Final = (Confidentiality.PUBLIC, Confidentiality.AREA_ONLY, Confidentiality.HIDDEN)


def merge(
    session: Session,
    kind: str,
    survivor_id: uuid.UUID,
    gone_id: uuid.UUID,
    *,
    from_gone: frozenset[str] = frozenset(),
    now: datetime,
) -> RecordMerge:
    """One record of two. `from_gone` names the fields and blocks taken from the record that goes; a field that is
    empty in the survivor is filled from it. Raises MergeError; nothing is changed then.
    """
    survivor, gone = checked(session, kind, survivor_id, gone_id)
    touched = _services(session, kind, {survivor_id, gone_id})
    journal = Journal(session)
    row = RecordMerge(kind=kind, survivor_id=survivor_id, gone_id=gone_id, at=now, by=actor_of(session).user_id)
    row.before = {"survivor": survivor.name, "gone": gone.name}
    row.picked = dict.fromkeys(sorted(from_gone), "gone")
    session.add(row)
    session.flush()
    changed = _pick(journal, kind, survivor, gone, from_gone)
    _blocks(journal, kind, survivor_id, gone_id, from_gone)
    _move(journal, kind, survivor_id, gone_id)
    for link in links_of(session, kind, gone_id):
        _join_link(session, journal, kind, survivor_id, link, row)
    _end(session, journal, kind, gone_id, survivor_id, row)
    journal.set(kind, survivor_id, version=survivor.version + 1, edited_at=now)
    _settle_pairs(session, journal, kind, survivor_id, gone_id, now)
    row.moved = journal.entries
    _tell(session, kind, survivor_id, gone_id, changed, now)
    return _done(session, row, "record.merged", touched | _services(session, kind, {survivor_id}), now)


def undo(session: Session, merge_id: uuid.UUID, *, now: datetime) -> RecordMerge:
    """Both records as they were. What somebody changed since then stays as they left it. Raises MergeError."""
    row = session.get(RecordMerge, merge_id, with_for_update=True)
    if row is None:
        raise MergeError("not_found")
    if row.undone_at is not None:
        raise MergeError("undone")
    if now - row.at > UNDO_FOR:
        raise MergeError("too_late")
    both = (row.survivor_id, row.gone_id)
    later = select(RecordMerge.id).where(
        RecordMerge.undone_at.is_(None),
        RecordMerge.id != row.id,
        RecordMerge.at >= row.at,
        or_(RecordMerge.survivor_id.in_(both), RecordMerge.gone_id.in_(both)),
    )
    if session.scalar(later.limit(1)) is not None:
        raise MergeError("later_merge")
    touched = _services(session, row.kind, {row.survivor_id})
    for redirect in session.scalars(select(RecordRedirect).where(RecordRedirect.merge_id == row.id)).all():
        if (tombstone := session.get(Tombstone, redirect.old_id)) is not None:
            session.delete(tombstone)
        session.delete(redirect)
    session.flush()
    take_back(session, row.moved)
    row.undone_at, row.undone_by = now, actor_of(session).user_id
    about = history.About(row.kind, row.survivor_id, history.TEAM)
    history.record(session, about, [("merged_from", str(row.gone_id), "")], now=now)
    return _done(session, row, "record.merge_undone", touched | _services(session, row.kind, set(both)), now)


def newest(session: Session, *, now: datetime, limit: int = 50) -> list[RecordMerge]:
    """The merges that can still be taken back, and those that were, newest first."""
    query = select(RecordMerge).where(RecordMerge.at >= now - UNDO_FOR)
    return list(session.scalars(query.order_by(RecordMerge.at.desc(), RecordMerge.id).limit(limit)))


def _pick(
    journal: Journal,
    kind: str,
    survivor: Organization | Service | Location,
    gone: Organization | Service | Location,
    from_gone: frozenset[str],
) -> list[tuple[str, str, str]]:
    """Set the survivor's fields; gives what changed as (field, old, new)."""
    values: dict[str, object] = {}
    for name in FIELDS[kind]:
        mine, theirs = getattr(survivor, name), getattr(gone, name)
        if theirs != mine and (name in from_gone or mine in ("", None, [])):
            values[name] = theirs
    if isinstance(survivor, Location) and isinstance(gone, Location):
        values["confidentiality"] = max(survivor.confidentiality, gone.confidentiality, key=_STRICTNESS.index)
        if "address" in from_gone and survivor.confidentiality is Confidentiality.PUBLIC:
            values |= {name: getattr(gone, name) for name in _WITH_ADDRESS}
    if isinstance(survivor, Service) and isinstance(gone, Service):
        values |= {name: True for name in ("sensitive", "call_first") if getattr(gone, name)}
    if gone.visibility is Visibility.PUBLIC:
        values["visibility"] = Visibility.PUBLIC  # what everybody could find does not vanish
    values = {name: value for name, value in values.items() if value != getattr(survivor, name)}
    said = [
        (name, str(plain(getattr(survivor, name)) or ""), str(plain(value) or "")) for name, value in values.items()
    ]
    journal.set(kind, survivor.id, **values)
    return said


def _blocks(journal: Journal, kind: str, survivor_id: uuid.UUID, gone_id: uuid.UUID, from_gone: frozenset[str]) -> None:
    """Hours and address come whole from one side; the other side's stay with the record that goes."""
    for name, tables in BLOCKS[kind].items():
        for table in tables:
            column = f"{kind}_id"
            empty = not journal.count(table, column, survivor_id)
            if name in from_gone or empty:
                mine, theirs = (journal.rows(table, column, one) for one in (survivor_id, gone_id))
                journal.point(table, column, mine, gone_id)
                journal.point(table, column, theirs, survivor_id)


def _move(journal: Journal, kind: str, survivor_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    for hanging in MOVES[kind]:
        same = tuple(name for name in hanging.same if name != hanging.column)
        rows = journal.rows_not_twice(hanging.table, hanging.column, gone_id, survivor_id, same)
        if hanging.column == "parent_organization_id" and survivor_id in rows:
            rows.remove(survivor_id)
            journal.set(hanging.table, survivor_id, parent_organization_id=None)
        journal.point(hanging.table, hanging.column, rows, survivor_id)


def _join_link(
    session: Session, journal: Journal, kind: str, survivor_id: uuid.UUID, link: ServiceAtLocation, row: RecordMerge
) -> None:
    """A link the survivor has already is merged into its own; any other is hung on the survivor."""
    other = "location_id" if kind == SERVICE else "service_id"
    mine = links_of(session, kind, survivor_id)
    twin = next((one for one in mine if getattr(one, other) == getattr(link, other) and one.deleted_at is None), None)
    if twin is None or link.deleted_at is not None:
        journal.point(LINK, f"{kind}_id", [link.id], survivor_id)
        return
    _blocks(journal, LINK, twin.id, link.id, frozenset())
    _move(journal, LINK, twin.id, link.id)
    _end(session, journal, LINK, link.id, twin.id, row)


def _end(
    session: Session, journal: Journal, kind: str, gone_id: uuid.UUID, survivor_id: uuid.UUID, row: RecordMerge
) -> None:
    """The record is withdrawn; its id, and all that led to it, lead to the survivor in one step."""
    version = journal.value(kind, gone_id, "version")
    assert isinstance(version, int)
    journal.set(kind, gone_id, deleted_at=row.at, edited_at=row.at, version=version + 1)
    journal.point("record_redirect", "new_id", journal.rows("record_redirect", "new_id", gone_id), survivor_id)
    journal.point("tombstone", "replaced_by", journal.rows("tombstone", "replaced_by", gone_id), survivor_id)
    redirects.lead(session, gone_id, survivor_id, kind=kind, merge_id=row.id, by=row.by, now=row.at)
    session.add(Tombstone(record_id=gone_id, kind=kind, deleted_at=row.at, replaced_by=survivor_id))
    session.flush()


def _settle_pairs(
    session: Session, journal: Journal, kind: str, survivor_id: uuid.UUID, gone_id: uuid.UUID, now: datetime
) -> None:
    both = {survivor_id, gone_id}
    pairs = select(DuplicatePair).where(
        DuplicatePair.kind == kind, or_(DuplicatePair.first_id == gone_id, DuplicatePair.second_id == gone_id)
    )
    for pair in session.scalars(pairs):
        of_both = {pair.first_id, pair.second_id} == both
        if of_both or pair.state is PairState.OPEN:
            state = PairState.MERGED if of_both else PairState.GONE
            journal.set("duplicate_pair", pair.id, state=state, decided_at=now, decided_by=actor_of(session).user_id)


def _tell(
    session: Session,
    kind: str,
    survivor_id: uuid.UUID,
    gone_id: uuid.UUID,
    changed: list[tuple[str, str, str]],
    now: datetime,
) -> None:
    """Both histories are kept: what the survivor took over, and where the other one went."""
    mine = history.About(kind, survivor_id, history.TEAM)
    history.record(session, mine, [*changed, ("merged_from", "", str(gone_id))], now=now)
    service_id = survivor_id if kind == SERVICE else None
    gone = history.About(kind, gone_id, history.TEAM, service_id=service_id)
    history.record(session, gone, [("merged_into", "", str(survivor_id))], action="delete", now=now)


def _services(session: Session, kind: str, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """The services whose listings show these records."""
    if kind == SERVICE:
        return ids
    if kind == ORGANIZATION:
        return set(session.scalars(select(Service.id).where(Service.organization_id.in_(ids))))
    return set(session.scalars(select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(ids))))


def _done(session: Session, row: RecordMerge, action: str, touched: set[uuid.UUID], now: datetime) -> RecordMerge:
    audit.record(session, action=action, subject_kind=row.kind, subject_id=row.survivor_id, now=now)
    search_log.touch(session, touched, now=now)
    session.flush()
    session.expire_all()
    return row

"""Keeps an index true to the database: follows the change log, rebuilds beside and swaps. SQL is the truth.

One writer a host at a time. The number of the last change is written last, so a replay after a crash does no harm.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db.models.curation import SearchChange
from resources_db.repositories import listings
from search import columns, index
from search.errors import IndexUnavailableError
from search.index import TextIndex
from search.rows import HORIZON_DAYS, IndexRow, from_listing, is_shown, minute
from search.store import Generation, Manifest, Store

Progress = Callable[[int, int], None]

_BATCH = 500  # services read at once
_OVERLAP = 500  # numbers looked back: transactions commit out of order
_TOO_MANY = 2_000  # changed services from which a rebuild is quicker
_MOST_GONE = 0.25
_DAY = 24 * 60


def read_rows(session: Session, now: datetime, progress: Progress | None = None) -> list[IndexRow]:
    """Every listing that may be found, fresh from SQL."""
    ids = listings.all_service_ids(session)
    rows: list[IndexRow] = []
    for start in range(0, len(ids), _BATCH):
        rows += _rows_of(session, ids[start : start + _BATCH], now)
        if progress is not None:
            progress(min(start + _BATCH, len(ids)), len(ids))
    return rows


def rebuild(store: Store, session: Session, now: datetime, progress: Progress | None = None) -> int:
    """A new generation beside the old one, checked, then made current. Gives the number of listings."""
    seq, seen = _position(session)  # first: what changes while we read is read again later
    rows = read_rows(session, now, progress)
    store.make()
    generation = store.new()
    built = columns.build(rows)
    index.write(generation.words, enumerate(rows))
    name = generation.next_columns()
    columns.save(built, generation.directory / name)
    generation.write_manifest(Manifest(name, seq, seen, minute(now), len(rows)))
    _verify(generation, len(rows))
    store.make_current(generation)
    return len(rows)


def is_behind(session: Session, manifest: Manifest) -> bool:
    """One cheap question: has anything been written after what we took in?"""
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    return newest > manifest.applied_seq


def needs_rebuild(manifest: Manifest, now: datetime) -> bool:
    """The opening hours laid out in the columns are running out, or the clock went back before them."""
    at = minute(now)
    return at > manifest.hours_from + (HORIZON_DAYS - 8) * _DAY or at < manifest.hours_from - _DAY


def apply(generation: Generation, session: Session, now: datetime) -> int | None:
    """Takes the new changes in; gives how many services changed, None when a rebuild is the better way."""
    manifest = generation.manifest()
    changes = _changes(session, manifest)
    if not changes:
        return 0
    services = list(dict.fromkeys(service for _, service in changes))
    before = columns.load(generation.directory / manifest.columns)
    if len(services) > _TOO_MANY or before.rows - before.living > max(_MOST_GONE * before.rows, 200):
        return None
    rows = _rows_of(session, services, now)
    gone = [str(service) for service in services]
    after = columns.changed(before, gone, rows)
    index.write(generation.words, enumerate(rows, start=before.rows), gone)
    name = generation.next_columns()
    columns.save(after, generation.directory / name)
    numbers = [seq for seq, _ in changes]
    applied = max(manifest.applied_seq, *numbers)
    seen = tuple(sorted(seq for seq in {*manifest.seen, *numbers} if seq > applied - _OVERLAP))
    generation.write_manifest(Manifest(name, applied, seen, manifest.hours_from, after.living))
    generation.forget_columns()
    return len(services)


def _rows_of(session: Session, ids: Sequence[uuid.UUID], now: datetime) -> list[IndexRow]:
    return [from_listing(listing, now) for listing in listings.of_services(session, ids) if is_shown(listing)]


def _position(session: Session) -> tuple[int, tuple[int, ...]]:
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    recent = select(SearchChange.seq).where(SearchChange.seq > newest - _OVERLAP).order_by(SearchChange.seq)
    return newest, tuple(session.scalars(recent))


def _changes(session: Session, manifest: Manifest) -> list[tuple[int, uuid.UUID]]:
    later = SearchChange.seq > manifest.applied_seq - _OVERLAP
    found = session.execute(select(SearchChange.seq, SearchChange.service_id).where(later).order_by(SearchChange.seq))
    seen = set(manifest.seen)
    return [(seq, service) for seq, service in found if seq not in seen]


def _verify(generation: Generation, expected: int) -> None:
    """What was written reads back with as many rows and documents as SQL gave."""
    snapshot = generation.open()
    if snapshot.columns.living != expected or TextIndex(generation.words).documents != expected:
        raise IndexUnavailableError("verification_failed")

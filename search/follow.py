"""Keeps an index true to the database: follows the change log, and builds a generation beside. SQL is the truth.

One writer a host at a time. The number of the last change is written last, so a replay after a crash does no harm.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from resources_db.models.curation import SearchChange
from resources_db.repositories import listings, standing
from search import column_files, columns, index, verify
from search.columns import Columns
from search.errors import IndexUnavailableError
from search.rows import HORIZON_DAYS, IndexRow, from_listing, is_shown, minute
from search.store import Generation, Manifest, Store

Progress = Callable[[int, int], None]

_BATCH = 500  # services read at once
_OVERLAP = 500  # numbers looked back: transactions commit out of order
_KEPT_DAYS, _KEPT = 2 * HORIZON_DAYS, 2 * _OVERLAP  # of the log: so many days, and always so many changes
_TOO_MANY = 2_000  # changed services from which a rebuild is quicker
_MOST_GONE = 0.25
_DAY = 24 * 60


def read_rows(session: Session, now: datetime, progress: Progress | None = None) -> list[IndexRow]:
    """Every listing that may be found, fresh from SQL."""
    ids = listings.all_service_ids(session)
    rows: list[IndexRow] = []
    for start in range(0, len(ids), _BATCH):
        rows += rows_of(session, ids[start : start + _BATCH], now)
        if progress is not None:
            progress(min(start + _BATCH, len(ids)), len(ids))
    return rows


def rows_of(session: Session, ids: Sequence[uuid.UUID], now: datetime) -> list[IndexRow]:
    """The listings of these services that may be found."""
    records = standing.of_services(session, ids)
    found = (listing for listing in listings.of_services(session, ids) if is_shown(listing))
    return [from_listing(listing, now, records.get(listing.key, ())) for listing in found]


def build(store: Store, session: Session, now: datetime, progress: Progress | None = None) -> tuple[Generation, int]:
    """A new generation beside the current one, checked; nothing of it is left when that fails."""
    seq, seen = _position(session)  # first: what changes while we read is read again later
    rows = read_rows(session, now, progress)
    generation = store.new()
    try:
        _fill(generation, rows, Manifest("", 0, seq, seen, minute(now), len(rows), minute(now)))
        verify.whole(generation.open().snapshot, rows, now)
    except BaseException:
        generation.remove()
        raise
    return generation, len(rows)


def _fill(generation: Generation, rows: Sequence[IndexRow], facts: Manifest) -> None:
    index.write(generation.words, enumerate(rows))
    name = generation.next_columns()
    column_files.save(columns.build(rows), generation.directory / name)
    generation.write_manifest(facts.of(name, index.commit_of(generation.words)))


def is_behind(session: Session, manifest: Manifest) -> bool:
    """One cheap question: is anything in the log that we did not take in, also late under a lower number?"""
    later = manifest.applied_seq - _OVERLAP
    logged = session.scalar(select(func.count()).where(SearchChange.seq > later))
    return logged != sum(seq > later for seq in manifest.seen)


def waiting(session: Session, manifest: Manifest) -> set[uuid.UUID]:
    """Services with a change that is not taken in yet."""
    return {service for _, service in _changes(session, manifest)}


def is_of_another_past(session: Session, manifest: Manifest) -> bool:
    """The log ends before what we took in (a backup was put back), or begins after it (pruned while we slept)."""
    oldest, newest = session.execute(select(func.min(SearchChange.seq), func.max(SearchChange.seq))).one()
    applied = manifest.applied_seq
    return applied > (newest or 0) or 0 < applied < (oldest or 0)


def prune(session: Session, now: datetime) -> int:
    """Takes out of the log what no index of any host can need; gives how many changes. The edge commits.

    An index that did not take in a change so old was built before it, so its opening hours ran out long ago and it must
    be built anew whatever the log says. The newest changes stay, for they say how far the log is.
    """
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    old = (SearchChange.at < now - timedelta(days=_KEPT_DAYS), SearchChange.seq <= newest - _KEPT)
    pruned = session.execute(delete(SearchChange).where(*old).returning(SearchChange.seq)).all()
    return len(pruned)


def needs_rebuild(manifest: Manifest, now: datetime) -> bool:
    """The opening hours laid out in the columns are running out, or the clock went back before them."""
    at = minute(now)
    return at > manifest.hours_from + (HORIZON_DAYS - 8) * _DAY or at < manifest.hours_from - _DAY


def hours_are_over(manifest: Manifest, now: datetime) -> bool:
    """The columns hold no hours of this moment, so they would call every place closed."""
    at = minute(now)
    return at > manifest.hours_from + (HORIZON_DAYS - 1) * _DAY or at < manifest.hours_from - _DAY


def apply(generation: Generation, session: Session, now: datetime) -> int | None:
    """Takes the new changes in; gives how many services changed, None when a rebuild is the better way."""
    manifest = generation.settle()
    changes = _changes(session, manifest)
    if not changes:
        return 0
    services = list(dict.fromkeys(service for _, service in changes))
    before = column_files.load(generation.directory / manifest.columns)
    if len(services) > _TOO_MANY or before.rows - before.living > max(_MOST_GONE * before.rows, 200):
        return None
    write(generation, manifest, before, changes, rows_of(session, services, now))
    return len(services)


def write(
    generation: Generation,
    manifest: Manifest,
    before: Columns,
    changes: Sequence[tuple[int, uuid.UUID]],
    rows: Sequence[IndexRow],
) -> None:
    """One step of a settled generation: words and columns with these rows instead of the changed services."""
    gone = list(dict.fromkeys(str(service) for _, service in changes))
    numbers = [seq for seq, _ in changes]
    applied = max(manifest.applied_seq, *numbers)
    seen = tuple(sorted(seq for seq in {*manifest.seen, *numbers} if seq > applied - _OVERLAP))
    source, name = generation.directory / manifest.columns, generation.next_columns()
    commit = manifest.words + 1
    try:
        living = column_files.extend(before, source, generation.directory / name, gone, rows)
        promised = manifest.after(name, commit, applied, seen, living)
        generation.promise(promised)
        _commit(generation, enumerate(rows, start=before.rows), gone)
    except BaseException:
        if index.commit_of(generation.words) != commit:
            generation.forget_columns(manifest.columns)
        raise
    generation.keep_promise()
    generation.forget_columns(name, manifest.columns)


def _commit(generation: Generation, documents: Iterable[tuple[int, IndexRow]], gone: Iterable[str]) -> None:
    try:
        index.write(generation.words, documents, gone)
    except OSError:
        raise  # the disk's fault: the index is as good as before
    except Exception as error:  # joining segments stumbled over a damaged one
        raise IndexUnavailableError("cannot_write") from error


def _position(session: Session) -> tuple[int, tuple[int, ...]]:
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    recent = select(SearchChange.seq).where(SearchChange.seq > newest - _OVERLAP).order_by(SearchChange.seq)
    return newest, tuple(session.scalars(recent))


def _changes(session: Session, manifest: Manifest) -> list[tuple[int, uuid.UUID]]:
    later = SearchChange.seq > manifest.applied_seq - _OVERLAP
    found = session.execute(select(SearchChange.seq, SearchChange.service_id).where(later).order_by(SearchChange.seq))
    seen = set(manifest.seen)
    return [(seq, service) for seq, service in found if seq not in seen]

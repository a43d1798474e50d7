"""The search engine of one process: the snapshot it answers from, how it follows SQL, what it does without an index."""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db.listing_key import ListingKey
from search import answering, columns, follow, index
from search.answer import SearchAnswer
from search.criteria import SearchCriteria
from search.errors import IndexUnavailableError
from search.follow import Progress
from search.plain_text import PlainText
from search.rows import minute
from search.snapshot import Snapshot
from search.store import Generation, Store

_log = logging.getLogger(__name__)

_WRITER_WAITS = 30.0
_STAND_IN_MINUTES = 2


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`healthy` is False while answers come straight from SQL."""

    healthy: bool
    generation: str
    listings: int
    applied_seq: int


class SearchEngine:
    """Safe for threads. Any number of processes may read one directory; one of them writes at a time."""

    def __init__(self, directory: Path) -> None:
        self._store = Store(directory)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._signature: tuple[int, ...] = ()
        self._stand_in: tuple[int, Snapshot] | None = None

    def search(self, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
        """Raises IndexUnavailableError without an index, PlaceError when the form's place is not known."""
        return answering.answer(self.snapshot(), criteria, now)

    def with_room(self, criteria: SearchCriteria, now: datetime) -> frozenset[ListingKey]:
        """Every listing that answers as asked and did not say it is full; raises like `search`."""
        return answering.with_room(self.snapshot(), criteria, now)

    def answer(self, session: Session, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
        """Like `search`, but takes new changes in first, and answers from SQL while there is no index."""
        try:
            self.apply_changes(session, now, wait=0.0)
            return self.search(criteria, now)
        except IndexUnavailableError as error:
            _log.warning("search answers from SQL: %s", error.reason)
            found = answering.answer(self._from_sql(session, now), criteria, now)
            return replace(found, degraded=True)

    def apply_changes(self, session: Session, now: datetime, *, wait: float = _WRITER_WAITS) -> int:
        """Services taken in; builds the index when none can be trusted, and does nothing while another writes."""
        generation = self._readable()
        if generation is not None:
            manifest = generation.manifest()
            if not follow.is_behind(session, manifest) and not follow.needs_rebuild(manifest, now):
                return 0
        self._store.make()
        with index.only_one(self._store.lock, wait=wait) as mine:
            return self._write(session, now) if mine else 0

    def rebuild(self, session: Session, now: datetime, progress: Progress | None = None) -> int:
        """Listings in the new index. Readers go on with the old one until it is ready."""
        self._store.make()
        with index.only_one(self._store.lock, wait=_WRITER_WAITS) as mine:
            if not mine:
                raise IndexUnavailableError("another_writer")
            return follow.rebuild(self._store, session, now, progress)

    def snapshot(self) -> Snapshot:
        """The newest state on disk; the one we hold when the newer one cannot be read."""
        signature = self._store.signature()
        if self._snapshot is not None and signature == self._signature:
            return self._snapshot
        with self._lock:
            if self._snapshot is None or signature != self._signature:
                self._snapshot = self._open()
                self._signature = signature
            return self._snapshot

    def status(self) -> EngineStatus:
        try:
            snapshot = self.snapshot()
        except IndexUnavailableError:
            return EngineStatus(healthy=False, generation="", listings=0, applied_seq=0)
        return EngineStatus(
            healthy=True,
            generation=snapshot.generation,
            listings=snapshot.columns.living,
            applied_seq=snapshot.applied_seq,
        )

    def _write(self, session: Session, now: datetime) -> int:
        generation = self._readable()
        if generation is None or follow.needs_rebuild(generation.manifest(), now):
            return follow.rebuild(self._store, session, now)
        try:
            taken = follow.apply(generation, session, now)
        except IndexUnavailableError as error:
            _log.warning("search index is rebuilt: %s", error.reason)
            taken = None
        return follow.rebuild(self._store, session, now) if taken is None else taken

    def _readable(self) -> Generation | None:
        """The current generation, when it opens."""
        current = next(self._store.generations())
        try:
            self.snapshot()
            current.manifest()
        except IndexUnavailableError:
            return None
        return current if self._snapshot and self._snapshot.generation == current.directory.name else None

    def _open(self) -> Snapshot:
        reason = "missing"
        for generation in self._store.generations():
            try:
                return generation.open()
            except IndexUnavailableError as error:
                reason = error.reason
        if self._snapshot is not None:
            return self._snapshot
        raise IndexUnavailableError(reason)

    def _from_sql(self, session: Session, now: datetime) -> Snapshot:
        """Everything read from SQL into memory; kept a moment, so that a broken index does not drown the database."""
        held = self._stand_in
        if held is not None and 0 <= minute(now) - held[0] < _STAND_IN_MINUTES:
            return held[1]
        rows = follow.read_rows(session, now)
        snapshot = Snapshot(columns.build(rows), PlainText(rows))
        self._stand_in = (minute(now), snapshot)
        return snapshot

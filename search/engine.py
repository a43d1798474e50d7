"""The search engine of one process: the snapshot it answers from, and what it does without one. Writing: upkeep.

Where an indexer follows the database in this process, a question only reads. Elsewhere (commands, tests) it takes new
changes in first.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db.listing_key import ListingKey
from search import answering, follow, suggest, upkeep
from search.answer import SearchAnswer
from search.criteria import SearchCriteria
from search.errors import IndexUnavailableError
from search.follow import Progress
from search.snapshot import Snapshot
from search.stand_in import StandIn
from search.store import Generation, Opened, Store
from search.suggest import Suggestion
from search.upkeep import WRITER_WAITS
from search.verify import Drift

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`healthy` is False while answers come straight from SQL."""

    healthy: bool
    generation: str
    listings: int
    applied_seq: int


class SearchEngine:
    """Safe for threads. Any number of processes may read one directory; one of them writes at a time."""

    def __init__(self, directory: Path, *, standing: bool = True) -> None:
        """`standing` False: records of helping do not count and are not shown."""
        self._standing = standing
        self.store = Store(directory)
        self.followed = False  # an indexer of this process takes changes in and opens what is new
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._signature: tuple[int, ...] = ()
        self._distrusted: set[tuple[str, int]] = set()
        self._stand_in = StandIn()

    def search(self, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
        """Raises IndexUnavailableError without an index, PlaceError when the form's place is not known."""
        return answering.answer(self._fresh(now), criteria, now, standing=self._standing)

    def with_room(self, criteria: SearchCriteria, now: datetime) -> frozenset[ListingKey]:
        """Every listing that answers as asked and did not say it is full; raises like `search`."""
        return answering.with_room(self._fresh(now), criteria, now)

    def suggest(self, text: str, lang: str = "en", limit: int = suggest.MOST) -> tuple[Suggestion, ...]:
        """What may be meant by what is typed so far; without an index, needs and places only."""
        try:
            return suggest.suggest(self.snapshot(), text, lang, limit)
        except IndexUnavailableError:
            return suggest.suggest(None, text, lang, limit)

    def answer(self, session: Session, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
        """Like `search`, but truthful in any case: from SQL while there is no index that can be trusted."""
        if not self.followed:
            self._follow_now(session, now)
        try:
            return self._search_whatever_opens(criteria, now)
        except IndexUnavailableError as error:
            _log.warning("search answers from SQL: %s", error.reason)
        stand_in = self._stand_in.snapshot(session, criteria, now)
        found = answering.answer(stand_in, criteria, now, standing=self._standing)
        return replace(found, degraded=True)

    def apply_changes(self, session: Session, now: datetime, *, wait: float = WRITER_WAITS) -> int:
        """Services taken in; builds the index when none can be trusted, and does nothing while another writes."""
        taken = self.take(session, now, wait=wait)
        if taken is not None:
            return taken
        try:
            return self.rebuild(session, now, wait=wait)
        except IndexUnavailableError as error:
            if error.reason == "another_writer":
                return 0
            raise

    def take(self, session: Session, now: datetime, *, wait: float = WRITER_WAITS) -> int | None:
        """Services taken into the index as it is; None when it must be built anew."""
        return upkeep.take(self.store, self._readable(), session, now, wait=wait)

    def rebuild(
        self, session: Session, now: datetime, progress: Progress | None = None, *, wait: float = WRITER_WAITS
    ) -> int:
        """Listings in the new index. Readers go on with the old one until it is ready."""
        listings = upkeep.rebuild(self.store, session, now, progress, wait=wait)
        self._distrusted.clear()
        return listings

    def check(self, session: Session, now: datetime) -> Drift | None:
        """How far the index is from SQL; None while changes wait. Raises IndexUnavailableError without an index."""
        return upkeep.check(self.store, session, now)

    def snapshot(self) -> Snapshot:
        """The newest state: on disk, or as the indexer opened it; the one we hold when the newer cannot be read."""
        opened = self._opened
        if opened is None or not self.followed:
            opened = self.take_newest()
        return opened.snapshot

    def take_newest(self) -> Opened:
        """Open what is newest on disk, and swap to it; who asks meanwhile goes on with what we hold."""
        signature = self.store.signature()
        if self._opened is not None and signature == self._signature:
            return self._opened
        with self._lock:
            if self._opened is None or signature != self._signature:
                opened = self._open()
                if self.followed:
                    _warm(opened.snapshot)
                self._opened = opened
                self._signature = signature
                self._stand_in.forget()
            return self._opened

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

    def _fresh(self, now: datetime) -> Snapshot:
        """A snapshot whose opening hours reach to this moment."""
        snapshot = self.snapshot()
        opened = self._opened
        if opened is not None and opened.snapshot is snapshot and follow.hours_are_over(opened.manifest, now):
            raise IndexUnavailableError("hours_are_over")
        return snapshot

    def _search_whatever_opens(self, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
        """A generation that turns out damaged while it answers is not asked again; the one before it is."""
        for _ in range(2):
            held = self._opened
            try:
                return self.search(criteria, now)
            except IndexUnavailableError as error:
                if error.reason != "words_unreadable":
                    raise
                self.distrust(held)
        raise IndexUnavailableError("words_unreadable")

    def distrust(self, opened: Opened | None = None) -> None:
        """Answer from this state (else from what we hold) no more, and have the index built anew."""
        with self._lock:
            opened = opened or self._opened
            if opened is not None and self._opened is opened:
                _log.warning("search distrusts its index and has it built anew")
                self._distrusted.add((opened.snapshot.generation, opened.manifest.built))
                self._opened = None
                self.store.ask_for_rebuild()

    def _follow_now(self, session: Session, now: datetime) -> None:
        try:
            self.apply_changes(session, now, wait=0.0)
        except (IndexUnavailableError, OSError) as error:
            _log.warning("search could not take changes in: %s", upkeep.code(error))

    def _readable(self) -> Generation | None:
        """The current generation, when it opens."""
        current = self.store.current()
        try:
            opened = self.take_newest()
            current.manifest()
        except IndexUnavailableError:
            return None
        return current if opened.snapshot.generation == current.name else None

    def _open(self) -> Opened:
        reason = "missing"
        for generation in self.store.generations():
            try:
                opened = generation.open(self._opened)
            except IndexUnavailableError as error:
                reason = error.reason
                continue
            if (generation.name, opened.manifest.built) not in self._distrusted:
                return opened
        if self._opened is not None:
            return self._opened
        raise IndexUnavailableError(reason)


def _warm(snapshot: Snapshot) -> None:
    """What a snapshot works out once is worked out before the first question, in the background."""
    for name, member in vars(Snapshot).items():
        if isinstance(member, cached_property):
            getattr(snapshot, name)

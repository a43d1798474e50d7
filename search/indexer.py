"""The indexer of a process: looks every second, so that no question ever pays for indexing.

On each host one process has the turn and writes; the others open what it wrote. When it dies, another takes over.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from search import upkeep
from search.engine import SearchEngine
from search.errors import IndexUnavailableError
from search.turn import Turn

_log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
CHECK_SECONDS = 600.0
_LONGEST_WAIT = 600.0
_FAILURES = 3
_STOP_SECONDS = 30.0
_NO_FAILURE = frozenset({"another_writer", "stopped"})

Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(slots=True)
class Patience:
    """After each failure it waits twice as long, so that what fails again and again does not keep the host busy."""

    ticks: Callable[[], float]
    failures: int = 0
    until: float = 0.0

    @property
    def allows(self) -> bool:
        return self.ticks() >= self.until

    def failed(self) -> None:
        self.failures += 1
        self.until = self.ticks() + min(2.0**self.failures, _LONGEST_WAIT)

    def worked(self) -> None:
        self.failures, self.until = 0, 0.0


class Indexer:
    """`reading` opens a session, `now` is the product's clock, `ticks` the process's own."""

    def __init__(
        self,
        engine: SearchEngine,
        reading: Reading,
        now: Callable[[], datetime],
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._reading, self._now, self._ticks = engine, reading, now, ticks
        self._turn = Turn(engine.store.turn)
        self._taking, self._building = Patience(ticks), Patience(ticks)
        self._next_check = 0.0
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._builder: threading.Thread | None = None

    def start(self) -> None:
        """From now on questions in this process only read."""
        if self._thread is not None:
            return
        self._engine.followed = True
        self._open_newest()
        self._thread = threading.Thread(target=self._run, name="search-indexer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the change being written, leave a half built index, and give the turn to another process."""
        self._stopping.set()
        self._wake.set()
        for thread in (self._thread, self._builder):
            if thread is not None:
                thread.join(_STOP_SECONDS)
        self._turn.give_up()
        self._thread = self._builder = None
        self._engine.followed = False

    def nudge(self) -> None:
        """Something was just committed: look now."""
        self._wake.set()

    def look(self, *, beside: bool = False) -> None:
        """One look: write if it is our turn, open what is new. Never raises. `beside`: build in a thread of its own."""
        try:
            self._engine.store.make()
            if self._turn.mine():
                self._write(beside=beside)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
            _log.warning("the search index could not be written: %s", upkeep.code(error))
        self._open_newest()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look(beside=True)
            self._wake.wait(EVERY_SECONDS)
            self._wake.clear()

    def _write(self, *, beside: bool) -> None:
        taken = self._take()
        if self._builder is not None and self._builder.is_alive():
            return
        if self._engine.store.take_ask() or (taken is None and self._building.allows):
            self._build(beside=beside)
        elif taken == 0:
            self._check(beside=beside)

    def _take(self) -> int | None:
        """Services taken in (-1: it failed, or it is too early to try again); None when a rebuild is better."""
        if not self._taking.allows:
            return -1
        try:
            with self._reading() as session:
                taken = self._engine.take(session, self._now(), wait=0.0)
        except Exception as error:  # noqa: BLE001 - said, and tried again after a while
            self._taking.failed()
            _log.warning("changes could not be taken into the search index: %s", upkeep.code(error))
            return None if self._taking.failures >= _FAILURES else -1
        self._taking.worked()
        return taken

    def _check(self, *, beside: bool) -> None:
        if self._ticks() < self._next_check:
            return
        try:
            with self._reading() as session:
                drift = self._engine.check(session, self._now())
        except IndexUnavailableError:
            self._engine.distrust()
            return
        if drift is None:
            return
        self._next_check = self._ticks() + CHECK_SECONDS
        if drift.is_nonsense:
            self._engine.distrust()
        if drift.too_far and self._building.allows:
            _log.warning(
                "the search index is built anew: %d listings, %d in SQL, %d of %d sampled differ",
                drift.indexed, drift.in_sql, drift.differing, drift.sampled,
            )  # fmt: skip
            self._building.failed()  # an index that drifts right after it was built must not keep the host busy
            self._build(beside=beside)

    def _build(self, *, beside: bool) -> None:
        if not beside:
            self._build_now()
            return
        self._builder = threading.Thread(target=self._build_now, name="search-rebuild", daemon=True)
        self._builder.start()

    def _build_now(self) -> None:
        try:
            with self._reading() as session:
                listings = self._engine.rebuild(session, self._now(), self._go_on, wait=0.0)
        except Exception as error:  # noqa: BLE001 - said, and tried again after a while
            if isinstance(error, IndexUnavailableError) and error.reason in _NO_FAILURE:
                return
            self._building.failed()
            _log.warning("the search index could not be built: %s", upkeep.code(error))
            return
        self._building.worked()
        _log.info("the search index was built: %d listings", listings)
        self.nudge()

    def _go_on(self, _done: int, _total: int) -> None:
        if self._stopping.is_set():
            raise IndexUnavailableError("stopped")

    def _open_newest(self) -> None:
        try:
            self._engine.take_newest()
        except IndexUnavailableError as error:
            _log.debug("no search index opens: %s", error.reason)
        except Exception:  # noqa: BLE001 - the thread must live: a question says what it cannot do by itself
            _log.exception("the newest search index could not be opened")

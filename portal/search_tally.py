"""Counts in memory what is asked and not answered; a thread beside the requests writes the counts down.

A write for each search would cost more than the search, and no question waits for one. A process that ends writes what
is left; one that is killed loses its last five seconds, longer only while the database takes no writes: the report is
about months.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from resources_db.repositories import search_tally
from resources_db.repositories.search_tally import Cell, Count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from resources_db.engine import Database
    from search.answer import SearchAnswer
    from search.criteria import SearchCriteria

log = logging.getLogger(__name__.replace("portal", "handrail", 1))

EVERY_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 10.0


class SearchTally:
    """The counts of one process. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[Cell] = Counter()
        self._unanswered: Counter[Cell] = Counter()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, criteria: SearchCriteria, answer: SearchAnswer, now: datetime) -> None:
        """Count one question: by the need it is surest of, the ZIP asked about, the language wanted. No words of it."""
        if not answer.understood or criteria.offset:
            return
        surest = max(answer.understood, key=lambda one: (one.chosen, one.confidence))
        place = (answer.place.zip_code or "") if answer.place else ""
        cell = Cell(now.date(), surest.need, place, criteria.language or criteria.lang)
        with self._lock:
            self._asked[cell] += 1
            self._unanswered[cell] += answer.with_room == 0

    def start(self, database: Database) -> None:
        """Write down every few seconds from now on, and once more when the process ends."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, args=(database,), name="search-tally", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Write down what is left; does nothing where nothing was started."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
            self._thread = None
        atexit.unregister(self.stop)

    def _run(self, database: Database) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            self._try(database)
        self._try(database)

    def _try(self, database: Database) -> None:
        try:
            self.write_down(database)
        except SQLAlchemyError as error:
            log.warning("the counts of searches could not be written down: %s", type(error).__name__)

    def write_down(self, database: Database) -> None:
        """Add what was counted to the table, in a transaction of its own; kept for the next time when that fails."""
        counts = self._take()
        if not counts:
            return
        try:
            with database.writing() as session, session.begin():
                search_tally.add(session, counts)
        except Exception:
            self._give_back(counts)
            raise

    def _take(self) -> Mapping[Cell, Count]:
        with self._lock:
            counts = {cell: Count(n, self._unanswered[cell]) for cell, n in self._asked.items()}
            self._asked, self._unanswered = Counter(), Counter()
            return counts

    def _give_back(self, counts: Mapping[Cell, Count]) -> None:
        with self._lock:
            for cell, count in counts.items():
                self._asked[cell] += count.asked
                self._unanswered[cell] += count.unanswered

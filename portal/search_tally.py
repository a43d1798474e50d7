"""Counts in memory what is asked and not answered, and writes the counts down now and then.

A write for each search would cost more than the search. What a killed process had not written yet, half a minute at
most, is lost: the report is about months.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from resources_db.repositories import search_tally
from resources_db.repositories.search_tally import Cell, Count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from resources_db.engine import Database
    from search.answer import SearchAnswer
    from search.criteria import SearchCriteria

EVERY_SECONDS: Final = 30
MOST_CELLS: Final = 500


class SearchTally:
    """The counts of one process. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[Cell] = Counter()
        self._unanswered: Counter[Cell] = Counter()
        self._since: datetime | None = None

    def note(self, criteria: SearchCriteria, answer: SearchAnswer, now: datetime) -> None:
        """Count one question: by the need it is surest of, the ZIP asked about, the language wanted. No words of it."""
        if not answer.understood or criteria.offset:
            return
        surest = max(answer.understood, key=lambda one: (one.chosen, one.confidence))
        place = (answer.place.zip_code or "") if answer.place else ""
        cell = Cell(now.date(), surest.need, place, criteria.language or criteria.lang)
        with self._lock:
            self._since = self._since or now
            self._asked[cell] += 1
            self._unanswered[cell] += answer.with_room == 0

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to write down."""
        with self._lock:
            if self._since is None:
                return False
            return (now - self._since).total_seconds() >= EVERY_SECONDS or len(self._asked) >= MOST_CELLS

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
            self._asked, self._unanswered, self._since = Counter(), Counter(), None
            return counts

    def _give_back(self, counts: Mapping[Cell, Count]) -> None:
        with self._lock:
            for cell, count in counts.items():
                self._asked[cell] += count.asked
                self._unanswered[cell] += count.unanswered

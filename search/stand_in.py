"""Answers while there is no index: listings read straight from SQL into memory. Slower, never false.

A small directory is read whole, so its totals stay exact. Of a big one the listings of the needs asked for are read,
those around the place first.
"""

import math
import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from resources_db.needs import DOMAINS, NEEDS
from resources_db.repositories import listings, shown
from resources_db.repositories.shown import Box
from search import columns, question
from search.criteria import SearchCriteria
from search.follow import rows_of
from search.plain_text import PlainText
from search.question import Question
from search.rows import IndexRow, minute
from search.snapshot import Snapshot

WHOLE = 3_000  # listings
MOST = 1_500  # services read for one question to a big directory
_KEPT_MINUTES = 2
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class _Held:
    minute: int
    snapshot: Snapshot


class StandIn:
    """Kept a moment, so that a broken index does not drown the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def snapshot(self, session: Session, criteria: SearchCriteria, now: datetime) -> Snapshot:
        """Raises PlaceError when the form's place is not one we know."""
        with self._lock:  # one reads, the others wait for what it read
            held = self._held
            if held is not None and 0 <= minute(now) - held.minute < _KEPT_MINUTES:
                return held.snapshot
            if shown.count(session) > WHOLE:
                return _of_a_big_directory(session, criteria, now)
            self._held = _Held(minute(now), _snapshot(rows_of(session, listings.all_service_ids(session), now)))
            return self._held.snapshot

    def forget(self) -> None:
        """An index answers again."""
        self._held = None


def _of_a_big_directory(session: Session, criteria: SearchCriteria, now: datetime) -> Snapshot:
    asked = question.put(_snapshot([]), criteria)
    needs = tuple(asked.needs) or tuple(need for need in NEEDS if NEEDS[need].domain == asked.domain in DOMAINS)
    ids = shown.narrowed(session, needs=needs, words=asked.words, box=_box(asked), most=MOST)
    return _snapshot(rows_of(session, ids, now))


def _box(asked: Question) -> Box | None:
    if asked.place is None:
        return None
    point = asked.place.point
    high = asked.radius_m / _METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(min(abs(point.latitude) + high, 89.0))), 0.02)
    return Box(point.latitude - high, point.longitude - wide, point.latitude + high, point.longitude + wide)


def _snapshot(rows: list[IndexRow]) -> Snapshot:
    return Snapshot(columns.build(rows), PlainText(rows))

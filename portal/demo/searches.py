"""What people of the demo's community looked for in the last weeks, and how often nothing with room answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.demo import files
from resources_db.repositories import search_tally
from resources_db.repositories.search_tally import Cell, Count

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def make(session: Session, *, now: datetime) -> None:
    """Counts for the gap report."""
    search_tally.add(session, dict(_count(row, now) for row in files.rows("searches")))


def _count(row: dict[str, str], now: datetime) -> tuple[Cell, Count]:
    day = now.date() - timedelta(days=int(row["days_ago"]))
    return Cell(day, row["need"], row["zip"], row["language"]), Count(int(row["asked"]), int(row["unanswered"]))

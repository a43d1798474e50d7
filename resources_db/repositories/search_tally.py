"""Counts of what was asked of search and not answered: added to day by day, read for the gap report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from resources_db.models.finding import SearchTally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted together."""

    day: date
    need: str
    zip: str
    language: str


@dataclass(frozen=True, slots=True)
class Count:
    """Times asked, and times among them that nothing with room answered."""

    asked: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A need in a place and language over a stretch of days."""

    need: str
    zip: str
    language: str
    count: Count


def add(session: Session, counts: Mapping[Cell, Count]) -> None:
    """Add to what is counted already; safe beside others who add at the same moment."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(SearchTally)
    added = insert.on_conflict_do_update(
        index_elements=[SearchTally.day, SearchTally.need, SearchTally.zip, SearchTally.language],
        set_={
            "asked": SearchTally.asked + insert.excluded.asked,
            "unanswered": SearchTally.unanswered + insert.excluded.unanswered,
        },
    )
    # in one order everywhere, so that two processes never wait for each other's rows
    ordered = sorted(counts.items(), key=lambda item: (item[0].day, item[0].need, item[0].zip, item[0].language))
    session.execute(added, [{**asdict(cell), **asdict(count)} for cell, count in ordered])


def since(session: Session, day: date) -> list[Gap]:
    """Everything asked since this day, the most often unanswered first."""
    return between(session, day, date.max)


def between(session: Session, first: date, until: date) -> list[Gap]:
    """Everything asked from a day until before another one, the most often unanswered first."""
    asked, unanswered = func.sum(SearchTally.asked), func.sum(SearchTally.unanswered)
    found = session.execute(
        select(SearchTally.need, SearchTally.zip, SearchTally.language, asked, unanswered)
        .where(SearchTally.day >= first, SearchTally.day < until)
        .group_by(SearchTally.need, SearchTally.zip, SearchTally.language)
        .order_by(unanswered.desc(), asked.desc(), SearchTally.need, SearchTally.zip, SearchTally.language)
    )
    return [
        Gap(need, zip_code, language, Count(int(times), int(without)))
        for need, zip_code, language, times, without in found
    ]


def forget_before(session: Session, day: date) -> None:
    """Old counts go: nobody asks for them, and they only cost room."""
    session.execute(delete(SearchTally).where(SearchTally.day < day))

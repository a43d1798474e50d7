"""Listings as the index sees them, made in one line, and snapshots of them with and without Whoosh."""

import math
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from resources_db.hours import OpenState
from resources_db.vocab import GeocodeQuality
from search import answering, columns, index
from search.answer import SearchAnswer
from search.criteria import SearchCriteria
from search.index import TextIndex
from search.plain_text import PlainText
from search.rows import IndexRow, minute
from search.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in Cincinnati
HERE = (39.1072, -84.502)  # the middle of 45202


def row(number: int, name: str, *needs: str, at: tuple[float, float] | None = HERE, **more: object) -> IndexRow:
    key = str(uuid.UUID(int=number))
    plain = IndexRow(key=key, service_id=key, name=name, organization=name, description="", needs=needs)
    latitude, longitude = at or (math.nan, math.nan)
    quality = GeocodeQuality.STREET if at else GeocodeQuality.NONE
    placed = replace(plain, latitude=latitude, longitude=longitude, quality=quality, zone="America/New_York")
    return replace(placed, **more)


def open_for(minutes: int, *, since: int = 60) -> dict[str, object]:
    """Open now, and for so many minutes more."""
    return {"open_state": OpenState.OPEN, "spans": ((minute(NOW) - since, minute(NOW) + minutes),)}


def opens_in(minutes: int) -> dict[str, object]:
    return {"open_state": OpenState.CLOSED, "spans": ((minute(NOW) + minutes, minute(NOW) + minutes + 120),)}


def plain(rows: Sequence[IndexRow]) -> Snapshot:
    return Snapshot(columns.build(rows), PlainText(rows))


def indexed(rows: Sequence[IndexRow], directory: Path) -> Snapshot:
    index.create(directory)
    index.write(directory, enumerate(rows))
    return Snapshot(columns.build(rows), TextIndex(directory))


def ask(snapshot: Snapshot, q: str = "", now: datetime = NOW, **asked: object) -> SearchAnswer:
    return answering.answer(snapshot, replace(SearchCriteria(q=q), **asked), now)


def names(rows: Sequence[IndexRow], answer: SearchAnswer) -> list[str]:
    by_key = {item.key: item.name for item in rows}
    return [by_key[str(hit.key)] for hit in answer.hits]

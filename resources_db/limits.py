"""Counted tries, in rows: several processes share one count, and a rolled-back request still counts.

Each hit is its own short transaction, so never call this with a write transaction open (SQLite has one writer).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from resources_db.encryption import blind_index
from resources_db.models.access import RateLimit

if TYPE_CHECKING:
    from resources_db.engine import Database


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` hits of `name` in `window`, for each key."""

    name: str
    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a hit was within the limit; if not, when to try again."""

    allowed: bool
    n: int
    again_at: datetime

    def wait(self, now: datetime) -> int:
        """Whole seconds until a try counts anew, at least one."""
        return max(1, math.ceil((self.again_at - now).total_seconds()))


def hit(database: Database, limit: Limit, key: str, *, now: datetime) -> Verdict:
    """Count one try and say whether it was within the limit."""
    start = _window_start(limit, now)
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    row = {"key": _key(limit, key), "window_start": start, "n": 1}
    statement = insert(RateLimit).values(**row)
    counted = statement.on_conflict_do_update(
        index_elements=[RateLimit.key, RateLimit.window_start], set_={"n": RateLimit.n + 1}
    ).returning(RateLimit.n)
    with database.writing() as session, session.begin():
        n = int(session.scalar(counted) or 1)
    return Verdict(n <= limit.most, n, start + limit.window)


def count(database: Database, limit: Limit, key: str, *, now: datetime) -> int:
    """How many tries were counted in this window, without counting one."""
    with database.reading() as session:
        found = session.scalar(
            select(func.coalesce(func.sum(RateLimit.n), 0)).where(
                RateLimit.key == _key(limit, key), RateLimit.window_start == _window_start(limit, now)
            )
        )
    return int(found or 0)


def forget(database: Database, limit: Limit, key: str) -> None:
    """Start anew, after a success."""
    with database.writing() as session, session.begin():
        session.execute(delete(RateLimit).where(RateLimit.key == _key(limit, key)))


def sweep(database: Database, *, now: datetime, keep: timedelta = timedelta(days=2)) -> None:
    """Delete windows that no limit looks at any more."""
    with database.writing() as session, session.begin():
        session.execute(delete(RateLimit).where(RateLimit.window_start < now - keep))


def network_of(address: str | None) -> str:
    """The key of an address: itself, or its /64, since one household owns a whole IPv6 /64."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ip_network(f"{parsed}/64", strict=False))


def _window_start(limit: Limit, now: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _key(limit: Limit, key: str) -> bytes:
    return blind_index(f"limit|{limit.name}", key)

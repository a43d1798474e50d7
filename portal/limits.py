"""Which tries are counted at the edge, and how many are allowed (security design, "limits in our own rows")."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import current_app, request

from portal import db
from resources_db import limits
from resources_db.limits import Limit

if TYPE_CHECKING:
    from datetime import datetime

PASSWORD_BY_ACCOUNT: Final = Limit("password.account", 10, timedelta(minutes=15))
PASSWORD_BY_ADDRESS: Final = Limit("password.address", 30, timedelta(minutes=15))
CODE_BY_ACCOUNT: Final = Limit("code.account", 5, timedelta(minutes=15))
MAIL_BY_ACCOUNT: Final = Limit("mail.account", 3, timedelta(hours=1))
MAIL_BY_ADDRESS: Final = Limit("mail.address", 10, timedelta(hours=1))
UNKNOWN_LINK: Final = Limit("link.unknown", 10, timedelta(minutes=1))
EXPORT: Final = Limit("export", 10, timedelta(hours=1))
PUBLIC_SEARCH: Final = Limit("search.public", 120, timedelta(minutes=1))
PUBLIC_REPORT: Final = Limit("listing.report", 5, timedelta(hours=1))
SUGGESTIONS: Final = Limit("search.suggestions", 600, timedelta(minutes=1))


class TooManyError(RuntimeError):
    """A limit was reached; carries when to try again."""

    def __init__(self, limit: Limit, again_at: datetime, wait_seconds: int) -> None:
        super().__init__(limit.name)
        self.limit, self.again_at, self.wait_seconds = limit, again_at, wait_seconds


def count(limit: Limit, key: str | None = None) -> None:
    """Count one try, by the caller's address unless a key is given; raises TooManyError beyond the limit."""
    now = db.wall_clock()
    verdict = limits.hit(db.runtime().database, limit, key or address(), now=now)
    if not verdict.allowed:
        raise TooManyError(limit, verdict.again_at, verdict.wait(now))


def forget(limit: Limit, key: str | None = None) -> None:
    """Start anew after a success."""
    limits.forget(db.runtime().database, limit, key or address())


def address() -> str:
    """The caller's network, as limits count it."""
    return limits.network_of(request.remote_addr)


class InMemory:
    """Counts in this process only: against scraping of public pages, where a write for each request would cost more."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit

    def hit(self) -> None:
        """Count one request of the caller; raises TooManyError beyond the limit."""
        now = db.wall_clock()
        seconds = int(self.limit.window.total_seconds())
        number = int(now.timestamp()) // seconds
        window: _Window = current_app.extensions.setdefault(f"limit:{self.limit.name}", _Window())
        if window.number != number:
            window.number, window.counts = number, {}
        key = address()
        window.counts[key] = window.counts.get(key, 0) + 1
        if window.counts[key] > self.limit.most:
            wait = (number + 1) * seconds - int(now.timestamp())
            raise TooManyError(self.limit, now + timedelta(seconds=wait), wait)


@dataclass(slots=True)
class _Window:
    """The counts of one stretch of time, kept with the app: two apps in one process do not count each other's."""

    number: int = 0
    counts: dict[str, int] = field(default_factory=dict)

"""Whether somebody proved a moment ago that they are still the one who signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import g

from portal import db

if TYPE_CHECKING:
    from portal.auth.current import Member

FRESH_FOR = timedelta(minutes=10)


def authenticated_at() -> datetime | None:
    """When the person of this request last gave a password or second factor."""
    found: datetime | None = g.get("authenticated_at")
    return found


def is_fresh(person: Member) -> bool:
    """Whether sensitive pages may be opened without asking again. Demo people have nothing to be asked for."""
    at = authenticated_at()
    return person.demo or (at is not None and db.wall_clock() - at <= FRESH_FOR)

"""Asks watched searches again and hands what has room to `referrals`: search and referrals do not know each other."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from referrals import saved_searches
from resources_db.listing_key import ListingKey
from resources_db.tenancy import system
from resources_db.vocab import ActorKind
from search.criteria import from_query
from search.errors import IndexUnavailableError, PlaceError

if TYPE_CHECKING:
    from datetime import datetime

    from portal.wiring import Runtime
    from search.criteria import SearchCriteria

log = logging.getLogger(__name__.replace("portal", "handrail", 1))


def criteria_of(query: str) -> SearchCriteria:
    """What to wait for: the saved question without opening hours, which change by themselves every morning."""
    criteria, _problems = from_query(parse_qs(query))
    without = tuple(dict.fromkeys((*criteria.without, "open")))
    return replace(criteria, open_when=None, open_at=None, without=without, offset=0)


def with_room(runtime: Runtime, criteria: SearchCriteria, now: datetime) -> frozenset[ListingKey] | None:
    """The places that fit and have room now; None while nobody can say: no index, or a place not known any more."""
    try:
        return runtime.search.with_room(criteria, now)
    except (IndexUnavailableError, PlaceError):
        return None


def look(runtime: Runtime) -> None:
    """Ask every watched search again; each that has news is written down in a transaction of its own."""
    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        watched = saved_searches.watched(session)
    for one in watched:
        found = with_room(runtime, criteria_of(one.query), now)
        if found is None or {str(key) for key in found} == one.known:
            continue  # an answer nobody could give must not look as if every place had closed
        try:
            with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
                saved_searches.take_in(session, one.id, with_room=found, now=now)
        except Exception:
            log.exception("one watched search failed")

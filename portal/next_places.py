"""The next-best places after a no, found by our search: kept ready on items by the clock, looked up when asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from portal import finding
from referrals import acting, rereferral
from resources_db.tenancy import system
from resources_db.vocab import ActorKind
from search.criteria import SearchCriteria

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.wiring import Runtime
    from referrals.rereferral import Finder, Wanted
    from resources_db.listing_key import ListingKey
    from search.engine import SearchEngine

FEW = 6
"""With fewer places in the person's language, others are looked at too, then places farther away: some help is best."""
FARTHER_M = 80_000


def finder(session: Session, engine: SearchEngine) -> Finder:
    """Our search as re-referral asks it."""

    def find(wanted: Wanted, *, limit: int, now: datetime) -> Sequence[ListingKey]:
        near = SearchCriteria(needs=(wanted.subneed,), near=wanted.zip, limit=limit)
        own = replace(near, language=wanted.language if wanted.language != "en" else "")
        keys: dict[ListingKey, None] = {}
        for asked in dict.fromkeys((own, near, replace(near, radius_m=FARTHER_M))):
            if len(keys) < FEW:
                keys |= dict.fromkeys(_keys(session, engine, asked, now))
        return list(keys)[:limit]

    return find


def _keys(session: Session, engine: SearchEngine, asked: SearchCriteria, now: datetime) -> Iterator[ListingKey]:
    for hit, _listing in finding.find(session, engine, asked, now, counted=False).pairs:
        yield hit.key


def get_ready(runtime: Runtime, now: datetime) -> Iterator[partial[None]]:
    """The work of the clock, one piece for each item that has no next places yet or old ones."""
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        found = [(item.id, item.org_id) for item in rereferral.waiting(session, now=now)]
    for item_id, org_id in found:
        yield partial(_keep, runtime.search, item_id, org_id, now)


def _keep(engine: SearchEngine, item_id: uuid.UUID, org_id: uuid.UUID, now: datetime, session: Session) -> None:
    with acting.in_org(session, org_id):
        rereferral.keep(session, item_id, finder(session, engine), now=now)

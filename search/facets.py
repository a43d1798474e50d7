"""How many of the listings found have what. Exact counts over the whole answer, not over a page."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CapacityState
from search import tallies
from search.answer import Facets
from search.columns import CAPACITY_STATES, COST_KINDS, DOMAIN_IDS
from search.criteria import CHECKED_DAYS, MILE
from search.fits import Fits
from search.geo import haversine
from search.rows import minute
from search.selection import COSTS, Near
from search.snapshot import Mask, Snapshot

MILES = (1, 2, 5, 10, 25)
_DAY = 24 * 60
_WAITS = CAPACITY_STATES.index(CapacityState.WAITLIST)
_KINDS = {cost: [COST_KINDS.index(kind) for kind in kinds] for cost, kinds in COSTS.items()}
Rows = NDArray[np.intp]


def count(snapshot: Snapshot, found: Mask, known: Fits, near: Near | None, now: datetime) -> Facets:
    rows = np.flatnonzero(found)
    tally = tallies.count(snapshot.marks_of(rows), snapshot.columns.tables.languages)
    return Facets(
        need=tally.needs,
        domain=tally.domains,
        language=tally.languages,
        open_now=_both(known.open_now, found),
        has_room=_both(known.has_room, found),
        no_papers=_both(known.no_papers, found),
        by_phone=_both(known.by_phone, found),
        cost=_costs(tally.costs),
        distance=_distances(snapshot, near, rows) if near is not None else {},
        checked=_checked(snapshot, rows, minute(now)),
        room=_room(known, found, len(rows)),
    )


def _both(some: Mask, others: Mask) -> int:
    return int(np.count_nonzero(some & others))


def browse(snapshot: Snapshot, near: Near | None) -> dict[str, int]:
    """What there is at all, by domain: around the person when there is anything, else everywhere. Most first."""
    alive = snapshot.columns.arrays.alive
    here = alive & near.matches if near is not None else alive
    rows = np.flatnonzero(here if here.any() else alive)
    counts = tallies.count(snapshot.marks_of(rows), snapshot.columns.tables.languages).domains
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _costs(counts: Sequence[int]) -> dict[str, int]:
    return {cost.value: sum(counts[number] for number in kinds) for cost, kinds in _KINDS.items()}


def _distances(snapshot: Snapshot, near: Near, rows: Rows) -> dict[str, int]:
    """Help by phone has a place too, which nobody measured when it was found."""
    arrays = snapshot.columns.arrays
    metres = near.metres[rows].copy()
    unmeasured = np.flatnonzero(np.isnan(metres))
    far = rows[unmeasured]
    metres[unmeasured] = haversine(near.place.point, arrays.latitude[far], arrays.longitude[far])
    placed = metres[~np.isnan(metres)]
    within = _within(placed, [miles * MILE for miles in MILES])
    return {
        **{str(miles): number for miles, number in zip(MILES, within, strict=True)},
        "beyond": len(placed) - within[-1],
        "nowhere": len(metres) - len(placed),
    }


def _checked(snapshot: Snapshot, rows: Rows, at: int) -> dict[str, int]:
    confirmed = snapshot.columns.arrays.confirmed[rows]
    said = confirmed[confirmed >= 0].astype(np.int64)
    within = _within(at - said, [days * _DAY for days in CHECKED_DAYS])
    return {
        **{str(days): number for days, number in zip(CHECKED_DAYS, within, strict=True)},
        "older": len(said) - within[-1],
        "never": len(rows) - len(said),
    }


def _within(values: NDArray[np.float64] | NDArray[np.int64], limits: Sequence[float]) -> list[int]:
    """For each limit, rising: how many values lie within it."""
    return [int(np.count_nonzero(values <= limit)) for limit in limits]


def _room(known: Fits, found: Mask, count: int) -> dict[str, int]:
    has, full, waitlist = _both(known.has_room, found), _both(known.full, found), _both(known.room == _WAITS, found)
    return {"has_room": has, "waitlist": waitlist, "full": full, "unknown": count - has - waitlist - full}


def in_domain(snapshot: Snapshot, domain: str) -> Mask:
    """Listings that serve any need of a domain."""
    bit = np.uint8(1 << DOMAIN_IDS.index(domain))
    return np.asarray((snapshot.columns.arrays.domains & bit) != 0)

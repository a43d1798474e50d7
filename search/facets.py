"""How many of the listings found have what. Exact counts over the whole answer, not over a page."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CapacityState
from search.answer import Facets
from search.columns import CAPACITY_STATES, COST_KINDS, DOMAIN_IDS, NEED_IDS
from search.criteria import CHECKED_DAYS, MILE
from search.fits import Fits
from search.geo import haversine
from search.rows import minute
from search.selection import COSTS, Near
from search.snapshot import Mask, Snapshot

MILES = (1, 2, 5, 10, 25)
_DAY = 24 * 60
_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").T.astype(np.float64)
Rows = NDArray[np.intp]


def count(snapshot: Snapshot, found: Mask, known: Fits, near: Near | None, now: datetime) -> Facets:
    rows = np.flatnonzero(found)
    by_need = _sums(snapshot.columns.arrays.needs[rows])
    return Facets(
        need={need: int(number) for need, number in zip(NEED_IDS, by_need, strict=True) if number},
        domain=_domains(snapshot, rows),
        language=_languages(snapshot, rows),
        open_now=int(np.count_nonzero(known.open_now[rows])),
        has_room=int(np.count_nonzero(known.has_room[rows])),
        no_papers=int(np.count_nonzero(known.no_papers[rows])),
        by_phone=int(np.count_nonzero(known.by_phone[rows])),
        cost=_costs(snapshot, rows),
        distance=_distances(snapshot, near, rows) if near is not None else {},
        checked=_checked(snapshot, rows, minute(now)),
        room=_room(known, rows),
    )


def browse(snapshot: Snapshot, near: Near | None) -> dict[str, int]:
    """What there is at all, by domain: around the person when there is anything, else everywhere. Most first."""
    alive = snapshot.columns.arrays.alive
    here = alive & near.matches if near is not None else alive
    counts = _domains(snapshot, np.flatnonzero(here if here.any() else alive))
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _languages(snapshot: Snapshot, rows: Rows) -> dict[str, int]:
    codes, spoken = snapshot.columns.tables.languages, snapshot.columns.arrays.languages[rows]
    counts: dict[str, int] = {}
    for first in range(0, len(codes), 8):
        eight = (spoken >> np.uint64(first)).astype(np.uint8)
        counts |= _of_bits(eight, codes[first : first + 8])
    return {code: number for code, number in counts.items() if number}


def _costs(snapshot: Snapshot, rows: Rows) -> dict[str, int]:
    counts = np.bincount(snapshot.columns.arrays.cost[rows], minlength=len(COST_KINDS))
    return {cost.value: sum(int(counts[COST_KINDS.index(kind)]) for kind in kinds) for cost, kinds in COSTS.items()}


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


def _room(known: Fits, rows: Rows) -> dict[str, int]:
    waits = CAPACITY_STATES.index(CapacityState.WAITLIST)
    has, full = int(np.count_nonzero(known.has_room[rows])), int(np.count_nonzero(known.full[rows]))
    waitlist = int(np.count_nonzero(known.room[rows] == waits))
    return {"has_room": has, "waitlist": waitlist, "full": full, "unknown": len(rows) - has - waitlist - full}


def _domains(snapshot: Snapshot, rows: Rows) -> dict[str, int]:
    counts = _of_bits(snapshot.columns.arrays.domains[rows], DOMAIN_IDS)
    return {domain: number for domain, number in counts.items() if number}


def _of_bits(held: NDArray[np.uint8], names: Sequence[str]) -> dict[str, int]:
    """How many hold each bit: the few hundred patterns are counted first, then the bits of each pattern."""
    counts = _BITS[: len(names)] @ np.bincount(held, minlength=256)
    return dict(zip(names, counts.astype(np.int64).tolist(), strict=True))


def _sums(held: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many rows hold each column. Bytes are added up to 255 at a time: they cannot overflow, and it is quick."""
    whole = len(held) // 255 * 255
    blocks = held[:whole].reshape(-1, 255, held.shape[1]).sum(axis=1, dtype=np.uint8)
    return np.asarray(blocks.sum(axis=0, dtype=np.int64) + held[whole:].sum(axis=0, dtype=np.int64))


def in_domain(snapshot: Snapshot, domain: str) -> Mask:
    """Listings that serve any need of a domain."""
    bit = np.uint8(1 << DOMAIN_IDS.index(domain))
    return np.asarray((snapshot.columns.arrays.domains & bit) != 0)

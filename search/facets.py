"""How many of the listings found have what. Exact counts over the whole answer, not over a page."""

from datetime import datetime

import numpy as np

from resources_db.needs import NEEDS
from search import selection
from search.answer import Facets
from search.columns import NEED_IDS, language_bit
from search.rows import minute
from search.snapshot import Mask, Snapshot


def count(snapshot: Snapshot, found: Mask, now: datetime) -> Facets:
    arrays, tables = snapshot.columns.arrays, snapshot.columns.tables
    by_need = arrays.needs[found].sum(axis=0)
    needs = {need: int(number) for need, number in zip(NEED_IDS, by_need, strict=True) if number}
    spoken = arrays.languages[found]
    languages = {code: int(np.count_nonzero(spoken & language_bit(tables, code))) for code in tables.languages}
    return Facets(
        need=needs,
        domain=_domains(snapshot, found),
        language={code: number for code, number in languages.items() if number},
        open_now=int(np.count_nonzero(found & snapshot.open_at(minute(now)))),
        has_room=int(np.count_nonzero(found & selection.has_room(snapshot, now))),
        no_papers=int(np.count_nonzero(found & selection.no_papers(snapshot))),
    )


def _domains(snapshot: Snapshot, found: Mask) -> dict[str, int]:
    counts: dict[str, int] = {}
    for domain in dict.fromkeys(need.domain for need in NEEDS.values()):
        number = int(np.count_nonzero(in_domain(snapshot, domain) & found))
        if number:
            counts[domain] = number
    return counts


def in_domain(snapshot: Snapshot, domain: str) -> Mask:
    """Listings that serve any need of a domain."""
    members = np.array([NEEDS[need].domain == domain for need in NEED_IDS])
    return np.asarray(snapshot.columns.arrays.needs[:, members].any(axis=1))

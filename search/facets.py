"""How many of the listings found have what. Exact counts over the whole answer, not over a page."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from resources_db.needs import NEEDS
from search.answer import Facets
from search.columns import NEED_IDS, language_bit
from search.fits import Fits
from search.snapshot import Mask, Snapshot


def count(snapshot: Snapshot, found: Mask, known: Fits) -> Facets:
    arrays, tables = snapshot.columns.arrays, snapshot.columns.tables
    by_need = arrays.needs[found].sum(axis=0)
    spoken = arrays.languages[found]
    languages = {code: int(np.count_nonzero(spoken & language_bit(tables, code))) for code in tables.languages}
    return Facets(
        need={need: int(number) for need, number in zip(NEED_IDS, by_need, strict=True) if number},
        domain=_domains(snapshot, found),
        language={code: number for code, number in languages.items() if number},
        open_now=int(np.count_nonzero(found & known.open_now)),
        has_room=int(np.count_nonzero(found & known.has_room)),
        no_papers=int(np.count_nonzero(found & known.no_papers)),
    )


def _domains(snapshot: Snapshot, found: Mask) -> dict[str, int]:
    needs = snapshot.columns.arrays.needs[found]
    counts = {domain: int(np.count_nonzero(needs[:, members].any(axis=1))) for domain, members in _members().items()}
    return {domain: number for domain, number in counts.items() if number}


@cache
def _members() -> Mapping[str, list[int]]:
    """The columns of each domain's needs."""
    numbers: dict[str, list[int]] = {}
    for number, need in enumerate(NEED_IDS):
        numbers.setdefault(NEEDS[need].domain, []).append(number)
    return numbers


def in_domain(snapshot: Snapshot, domain: str) -> Mask:
    """Listings that serve any need of a domain."""
    return np.asarray(snapshot.columns.arrays.needs[:, _members()[domain]].any(axis=1))

"""Words of listings in plain dictionaries: the same answers as the index. Serves while there is no index."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from search.index import NO_POSTINGS, Postings, terms_of
from search.rows import IndexRow


class PlainText:
    """Has the reading side of TextIndex."""

    def __init__(self, rows: Sequence[IndexRow]) -> None:
        held: dict[str, dict[int, float]] = defaultdict(dict)
        for slot, row in enumerate(rows):
            for term, weight in terms_of(row).items():
                held[term][slot] = weight
        self._postings = {
            term: Postings(np.fromiter(found, np.int32), np.fromiter(found.values(), np.float32))
            for term, found in held.items()
        }

    def beginning_with(self, prefix: str, most: int = 20) -> list[str]:
        found = [term for term in self._postings if term.startswith(prefix)]
        return sorted(found, key=lambda term: (-len(self._postings[term].slots), term))[:most]

    def postings(self, term: str) -> Postings:
        return self._postings.get(term, NO_POSTINGS)

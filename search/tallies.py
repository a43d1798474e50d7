"""What the filters count, laid side by side byte by byte, so that all their counts over an answer are one count.

A row is bytes of needs, domains, the kind of cost and languages; each byte has 256 numbers of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.columns import COST_KINDS, DOMAIN_IDS, NEED_IDS, Columns

Marks = NDArray[np.uint16]

_NEED_BYTES = -(-len(NEED_IDS) // 8)
_DOMAINS, _COST, _LANGUAGES = _NEED_BYTES, _NEED_BYTES + 1, _NEED_BYTES + 2
_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.float64)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many listings have what; nothing for what none has. Costs by number of their kind."""

    needs: dict[str, int]
    domains: dict[str, int]
    languages: dict[str, int]
    costs: list[int]


def lay_out(columns: Columns, first: int = 0) -> Marks:
    """Of the rows from `first` on."""
    arrays, spoken = columns.arrays, -(-len(columns.tables.languages) // 8)
    parts = (
        np.packbits(arrays.needs[first:], axis=1, bitorder="little"),
        arrays.domains[first:, None],
        arrays.cost[first:, None].astype(np.uint8),
        arrays.languages[first:].astype("<u8")[:, None].view(np.uint8)[:, :spoken],
    )
    held = np.concatenate(parts, axis=1)
    return np.asarray(held + np.arange(held.shape[1], dtype=np.uint16) * np.uint16(256), np.uint16)


def count(marks: Marks, languages: Sequence[str]) -> Tally:
    """Over all these rows."""
    width = marks.shape[1]
    counts = np.bincount(marks.ravel(), minlength=256 * width).reshape(width, 256)
    bits = (counts.astype(np.float64) @ _BITS).astype(np.int64)
    return Tally(
        needs=_named(NEED_IDS, bits[:_NEED_BYTES]),
        domains=_named(DOMAIN_IDS, bits[_DOMAINS : _DOMAINS + 1]),
        languages=_named(languages, bits[_LANGUAGES:]),
        costs=counts[_COST, : len(COST_KINDS)].tolist(),
    )


def _named(names: Sequence[str], bits: NDArray[np.int64]) -> dict[str, int]:
    return {name: number for name, number in zip(names, bits.ravel().tolist(), strict=False) if number}

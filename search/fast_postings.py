"""Whoosh's posting lists straight to numpy and back: the one module that knows the block format of its files (2.7.4).

Whoosh reads and writes them one posting at a time, a hundred times slower. What is read here is proved against the
public way whenever an index is opened; who finds them different goes the public way.
"""

from __future__ import annotations

import io
import pickle
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.reading import IndexReader

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]
Item = tuple[str, bytes, int, float, bytes]

_MAGIC_BYTES = 4
_SAMPLE_FROM = ("", "=", "a", "f", "m", "s")
_SAMPLED, _SHORT_ENOUGH = 12, 500


def read(leaf: IndexReader, field: str, term: bytes) -> tuple[Numbers, Weights]:
    """Document numbers within one segment, deleted ones too, and the weight of the term in each."""
    terms = leaf._terms  # noqa: SLF001  # this module is the door to what whoosh keeps to itself
    if (field, term) not in terms:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    start, (length,) = terms.term_info(field, term).extent()  # whoosh forgot to unpack the second
    blocks = list(_blocks(terms._postfile.get(start, length)))  # noqa: SLF001  # see above
    return np.concatenate([numbers for numbers, _ in blocks]), np.concatenate([weights for _, weights in blocks])


def _blocks(data: bytes) -> Iterator[tuple[Numbers, Weights]]:
    """Each block: its length (negative: the last), facts about it, then distances of numbers, weights and values."""
    at, size = _MAGIC_BYTES, 0
    while size >= 0:
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        block = io.BytesIO(data[at + 4 : at + 4 + abs(size)])
        count, _, _, packed, *_ = pickle.load(block)  # noqa: S301  # our own directory, closed to others; whoosh does it
        rest = zlib.decompress(block.read()) if packed else block.read()
        distances, weights, _ = pickle.loads(rest)  # noqa: S301  # see above
        numbers = np.cumsum(np.array(distances, np.int32), dtype=np.int32)
        same = 1.0 if weights is None else weights
        yield numbers, np.array(same, np.float32) if isinstance(same, tuple) else np.full(count, same, np.float32)
        at += 4 + abs(size)


def column(leaf: IndexReader, field: str) -> Numbers:
    """A column of whole numbers that has an entry for every document of the segment."""
    held = leaf._perdoc.column_reader(field, leaf.schema[field].column_type)  # noqa: SLF001  # see read
    raw = held._dbfile.get(held._basepos, 4 * leaf.doc_count_all())  # noqa: SLF001  # see read
    return np.frombuffer(raw, ">i4").astype(np.int32)


def is_right(leaf: IndexReader, field: str) -> bool:
    """Do a few terms from all over the vocabulary read here as they do the public way?"""
    try:
        return all(_reads_alike(leaf, field, term) for start in _SAMPLE_FROM for term in _sample(leaf, field, start))
    except Exception:  # noqa: BLE001  # whatever a changed format makes us stumble over
        return False


def _sample(leaf: IndexReader, field: str, start: str) -> list[bytes]:
    near = (term for _, term in islice(leaf.terms_from(field, start), _SAMPLED))
    fitting = [term for term in near if leaf.doc_frequency(field, term) <= _SHORT_ENOUGH]
    return sorted(fitting, key=lambda term: -leaf.doc_frequency(field, term))[:1]


def _reads_alike(leaf: IndexReader, field: str, term: bytes) -> bool:
    matcher = leaf.postings(field, term)
    public = []
    while matcher.is_active():
        public.append((matcher.id(), float(matcher.weight())))
        matcher.next()
    numbers, weights = read(leaf, field, term)
    return public == [
        (number, weight)
        for number, weight in zip(numbers.tolist(), weights.tolist(), strict=True)
        if not leaf.is_deleted(number)
    ]


class Pool:
    """Takes a writer's postings in by term, so that nothing has to be sorted but the terms."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, bytes], tuple[array[int], array[float]]] = {}

    def add(self, item: Item) -> None:
        field, term, number, weight, _ = item
        held = self._held.get((field, term))
        if held is None:
            held = self._held[field, term] = (array("I"), array("f"))
        held[0].append(number)
        held[1].append(weight)

    def iter_postings(self) -> Iterator[tuple[str, bytes, array[int], array[float]]]:
        for field, term in sorted(self._held):
            yield field, term, *self._held[field, term]

    def cleanup(self) -> None:
        self._held.clear()


class BlockCodec(W3Codec):
    """The same files in larger blocks, written a block at a time. Pickled into the index: the class never moves."""

    length_stats = False  # nothing of ours asks for the length of a field

    def __init__(self) -> None:
        super().__init__(blocklimit=4096, compression=1)

    def field_writer(self, storage: object, segment: object) -> W3FieldWriter:
        return _BlockWriter(self, storage, segment)


class _BlockWriter(W3FieldWriter):
    def add_postings(
        self,
        schema: Mapping[str, object],
        lengths: object,  # noqa: ARG002  # whoosh hands it over
        items: Iterable[tuple[str, bytes, array[int], array[float]]],
    ) -> None:
        """Takes what a Pool hands out; documents of merged segments come last and have the highest numbers."""
        last = ""
        for field, term, numbers, weights in items:
            if field != last:
                if last:
                    self.finish_field()
                self.start_field(field, schema[field])
                last = field
            self.start_term(term)
            self._write_blocks(numbers, weights)
            self.finish_term()
        if last:
            self.finish_field()

    def _write_blocks(self, numbers: array[int], weights: array[float]) -> None:
        lists, size = self._postwriter, self._codec._blocklimit  # noqa: SLF001  # see read
        for start in range(0, len(numbers), size):
            if start:
                lists._write_block()  # noqa: SLF001  # see read
            lists._ids, lists._weights = numbers[start : start + size], weights[start : start + size]  # noqa: SLF001
            lists._maxweight = max(lists._weights)  # noqa: SLF001

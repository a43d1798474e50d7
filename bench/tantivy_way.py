"""tantivy for the words, numpy for the rest: the same arithmetic as the numpy limit behind another text engine.

tantivy is told needs and places too, as terms, so that it hands over no more listings than it must.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tantivy

from bench.numpy_limit import NumpyLimit, Slots
from bench.work import Reading
from search.columns import NEED_NUMBER
from search.rows import IndexRow
from search.snapshot import Snapshot

_CELL = 0.25
_WRITER_BYTES = 256_000_000


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("slot", fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("need", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("place", tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(rows: Sequence[IndexRow], terms: Sequence[Mapping[str, float]], directory: Path) -> None:
    directory.mkdir()
    writer = tantivy.Index(schema(), path=str(directory)).writer(_WRITER_BYTES, 1)
    for slot, (row, held) in enumerate(zip(rows, terms, strict=True)):
        document = tantivy.Document(text=" ".join(repeated(held)))
        document.add_unsigned("slot", slot)
        for need in {*row.needs, *row.also_serves}:
            document.add_text("need", str(NEED_NUMBER[need]))
        for place in places_of(row):
            document.add_text("place", place)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def repeated(terms: Mapping[str, float]) -> Iterable[str]:
    """Terms as often as they weigh, since tantivy knows how often and not how much."""
    for term, weight in terms.items():
        yield from [term] * max(round(weight), 1)


def places_of(row: IndexRow) -> Iterable[str]:
    """The cell of the point, and a word for who is not bound to it."""
    if row.latitude == row.latitude:  # NaN has no cell
        yield cell(row.latitude, row.longitude)
    if row.areas:
        yield "area"
    elif row.remote:
        yield "anywhere"


def cell(latitude: float, longitude: float) -> str:
    return f"{int(np.floor(latitude / _CELL))}/{int(np.floor(longitude / _CELL))}"


class Tantivy(NumpyLimit):
    name = "tantivy + numpy"
    ordered_alike = False  # it scores words its own way

    def __init__(self, snapshot: Snapshot, directory: Path) -> None:
        super().__init__(snapshot, _Words(directory))


class _Words:
    def __init__(self, directory: Path) -> None:
        index = tantivy.Index.open(str(directory))
        self._schema = index.schema
        self._searcher = index.searcher()
        self._most = self._searcher.num_docs
        self._scored: tuple[Slots, np.ndarray] = (np.zeros(0, np.intp), np.zeros(0))

    def holders(self, reading: Reading) -> tuple[Slots, Slots]:
        """The search itself: all that hold the words (or serve the need), with their scores kept for `scores`."""
        nothing = np.zeros(0, np.intp)
        named = self._search(self._every([(mark,) for mark in reading.name]), reading)[0] if reading.name else nothing
        if not reading.words:
            self._scored = nothing, np.zeros(0)
            return nothing, named
        if reading.needs:
            serving = self._any("need", [str(need) for need in reading.needs])
            words = [self._any("text", terms) for terms in reading.words if terms]
            must = [(tantivy.Occur.Must, tantivy.Query.const_score_query(serving, 0.0))]
            query = tantivy.Query.boolean_query([*must, *((tantivy.Occur.Should, word) for word in words)])
        else:
            query = self._every(reading.words)
        self._scored = self._search(query, reading)
        return (named if reading.needs else self._scored[0]), named

    def scores(self, reading: Reading, slots: Slots) -> np.ndarray:
        del reading
        held, scores = self._scored
        if not len(held):
            return np.zeros(len(slots))
        places = np.minimum(np.searchsorted(held, slots), len(held) - 1)
        return np.where(held[places] == slots, scores[places], 0.0)

    def _search(self, query: tantivy.Query, reading: Reading) -> tuple[Slots, np.ndarray]:
        if reading.place is not None:
            near = tantivy.Query.const_score_query(self._near(reading), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, near)])
        hits = self._searcher.search(query, limit=max(self._most, 1), count=False).hits
        slots = np.array(self._searcher.fast_field_values("slot", [address for _, address in hits]), np.intp)
        scores = np.array([score for score, _ in hits])
        order = np.argsort(slots)
        return slots[order], scores[order]

    def _near(self, reading: Reading) -> tantivy.Query:
        place, reach = reading.place, reading.radius_m / 110_500
        wide = reach / np.cos(np.radians(min(abs(place.latitude) + reach, 89)))
        rows = _cells(place.latitude - reach, place.latitude + reach)
        across = _cells(place.longitude - wide, place.longitude + wide)
        return self._any("place", [*(f"{row}/{column}" for row in rows for column in across), "area", "anywhere"])

    def _every(self, words: Sequence[Sequence[str]]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._any("text", terms)) for terms in words])

    def _any(self, field: str, terms: Sequence[str]) -> tantivy.Query:
        if not terms:
            return tantivy.Query.empty_query()
        queries = [tantivy.Query.term_query(self._schema, field, term, "freq") for term in terms]
        if len(queries) == 1:
            return queries[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _cells(low: float, high: float) -> range:
    return range(int(np.floor(low / _CELL)), int(np.floor(high / _CELL)) + 1)

"""SQLite FTS5 for the words, numpy for the rest: the same arithmetic as the numpy limit behind another text engine."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.numpy_limit import NumpyLimit, Slots
from bench.tantivy_way import repeated
from bench.work import Reading
from search.columns import NEED_NUMBER
from search.rows import IndexRow
from search.snapshot import Snapshot

_MARK = "xname"  # FTS5's own words have no "=": names are marked by a prefix instead


def build(rows: Sequence[IndexRow], terms: Sequence[Mapping[str, float]], file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = off")
        connection.execute(
            "CREATE VIRTUAL TABLE listing USING fts5(text, need, content='', detail='column', tokenize='unicode61')"
        )
        connection.executemany(
            "INSERT INTO listing(rowid, text, need) VALUES (?, ?, ?)",
            ((slot, _text(held), _needs(row)) for slot, (row, held) in enumerate(zip(rows, terms, strict=True), 1)),
        )
        connection.execute("INSERT INTO listing(listing) VALUES ('optimize')")


def _text(terms: Mapping[str, float]) -> str:
    return " ".join(_plain(term) for term in repeated(terms))


def _plain(term: str) -> str:
    return term.replace("=", _MARK)


def _needs(row: IndexRow) -> str:
    return " ".join(f"n{NEED_NUMBER[need]}" for need in {*row.needs, *row.also_serves})


class Fts5(NumpyLimit):
    name = "SQLite FTS5 + numpy"
    ordered_alike = False  # it scores words its own way

    def __init__(self, snapshot: Snapshot, file: Path) -> None:
        super().__init__(snapshot, _Words(file))


class _Words:
    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA mmap_size = 2000000000")
        self._scored: tuple[Slots, np.ndarray] = (np.zeros(0, np.intp), np.zeros(0))

    def holders(self, reading: Reading) -> tuple[Slots, Slots]:
        nothing = np.zeros(0, np.intp)
        named = self._search(_every([(mark,) for mark in reading.name]))[0] if reading.name else nothing
        self._scored = nothing, np.zeros(0)
        if not reading.words:
            return nothing, named
        if reading.needs:
            told = [term for terms in reading.words for term in terms]
            if told:
                needs = " OR ".join(f'"n{need}"' for need in reading.needs)
                self._scored = self._search(f"need : ({needs}) AND text : ({_any(told)})")
            return named, named
        self._scored = self._search(_every(reading.words))
        return self._scored[0], named

    def scores(self, reading: Reading, slots: Slots) -> np.ndarray:
        del reading
        held, scores = self._scored
        if not len(held):
            return np.zeros(len(slots))
        places = np.minimum(np.searchsorted(held, slots), len(held) - 1)
        return np.where(held[places] == slots, scores[places], 0.0)

    def _search(self, match: str) -> tuple[Slots, np.ndarray]:
        if not match:
            return np.zeros(0, np.intp), np.zeros(0)
        found = self._connection.execute(
            "SELECT rowid - 1, -bm25(listing) FROM listing WHERE listing MATCH ? ORDER BY rowid", (match,)
        ).fetchall()
        table = np.array(found, np.float64).reshape(-1, 2)
        return table[:, 0].astype(np.intp), table[:, 1]


def _every(words: Sequence[Sequence[str]]) -> str:
    if not all(words):
        return ""
    return "text : (" + " AND ".join(f"({_any(terms)})" for terms in words) + ")"


def _any(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{_plain(term)}"' for term in terms)

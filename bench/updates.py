"""How long until a change is found: words and columns written, a new snapshot opened, one question answered."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from bench import corpus, ours
from search import answering, column_files, index
from search.criteria import SearchCriteria
from search.index import TextIndex
from search.rows import IndexRow
from search.snapshot import Snapshot

_CHANGES = 20
_FOOD = SearchCriteria(q="food pantry", near="45202")


def tell(screen: Console, directory: Path) -> None:
    """One listing changed at a time, as an indexer takes it in; reading it from SQL is not part of this."""
    answering.answer(ours.load(directory), _FOOD, corpus.NOW)  # a server has answered before
    columns, spent = "columns", []
    for number, row in enumerate(corpus.listings(_CHANGES)):
        began = time.perf_counter()
        columns = _take(directory, columns, f"c{number}", replace(row, name=f"Changed {number}"))
        spent.append((time.perf_counter() - began) * 1_000)
    p50, p95 = np.percentile(spent, [50, 95])
    screen.print(f"A change is found {p50:.0f} ms (p95 {p95:.0f} ms) after it was read, over {_CHANGES} changes.")


def _take(directory: Path, columns: str, next_columns: str, row: IndexRow) -> str:
    before = column_files.load(directory / columns)
    column_files.extend(before, directory / columns, directory / next_columns, [row.service_id], [row])
    index.write(directory / "words", [(before.rows, row)], [row.service_id])
    snapshot = Snapshot(column_files.load(directory / next_columns), TextIndex(directory / "words"))
    answering.answer(snapshot, _FOOD, corpus.NOW)
    return next_columns

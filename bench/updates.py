"""How long until a change is found, as the indexer takes it in: written, opened, swapped to, one question answered.

All but the reading of the listing from SQL, which is asked for by its number and costs what it costs at any size.
"""

import time
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from bench import corpus
from search import column_files, follow, index
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.rows import IndexRow, minute
from search.store import Generation, Manifest

_CHANGES = 40
_FOOD = SearchCriteria(q="food pantry", near="45202")


def tell(screen: Console, directory: Path) -> None:
    """One listing changed at a time. What was built in `directory` becomes the index of an engine, for good."""
    engine = _engine(directory)
    wall, cpu = [], []
    for number, row in enumerate(corpus.listings(_CHANGES), start=1):
        began, busy = time.perf_counter(), time.process_time()
        _take(engine, number, replace(row, name=f"Changed {number}"))
        wall.append((time.perf_counter() - began) * 1_000)
        cpu.append((time.process_time() - busy) * 1_000)
    (p50, p95), (cpu50, cpu95) = np.percentile(wall, [50, 95]), np.percentile(cpu, [50, 95])
    screen.print(f"A change is found {p50:.0f} ms (p95 {p95:.0f} ms) after it was read, over {_CHANGES} changes,")
    screen.print(f"of which {cpu50:.0f} ms (p95 {cpu95:.0f} ms) are CPU time.")


def _engine(directory: Path) -> SearchEngine:
    engine = SearchEngine(directory / "index")
    engine.store.make()
    generation = Generation(engine.store.directory / "g000001")
    generation.directory.mkdir()
    (directory / "words").rename(generation.words)
    (directory / "columns").rename(generation.directory / "c000001")
    rows, at = column_files.load(generation.directory / "c000001").living, minute(corpus.NOW)
    generation.write_manifest(Manifest("c000001", index.commit_of(generation.words), 0, (), at, rows, at))
    engine.store.make_current(generation)
    engine.followed = True  # as by an indexer: what is new is worked out before it is swapped to
    engine.take_newest()
    engine.search(_FOOD, corpus.NOW)  # a server has answered before
    return engine


def _take(engine: SearchEngine, number: int, row: IndexRow) -> None:
    generation = engine.store.current()
    manifest = generation.settle()
    before = column_files.load(generation.directory / manifest.columns)
    follow.write(generation, manifest, before, [(number, uuid.UUID(row.service_id))], [row])
    engine.take_newest()
    engine.search(_FOOD, corpus.NOW)

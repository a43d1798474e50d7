"""What one import holds while it is planned: an SQLite file without a name, so that memory stays flat as files grow.

The file is gone with its process, even a killed one: it may hold the streets of confidential places for a while.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2_000
"""Records worked on together."""
_CACHE_KB = 16_000
_TABLES = """
CREATE TABLE record (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, state INTEGER NOT NULL, own TEXT, body TEXT,
    UNIQUE (kind, key));
CREATE TABLE problem (
    seq INTEGER PRIMARY KEY, severity TEXT, file TEXT, line INTEGER, "column" TEXT, code TEXT, value TEXT);
CREATE INDEX problem_where ON problem (file, line);
CREATE TABLE note (seq INTEGER PRIMARY KEY, kind TEXT, key TEXT, field TEXT, sort TEXT, text TEXT);
CREATE TABLE change (
    seq INTEGER PRIMARY KEY, kind TEXT, id TEXT, action TEXT, before TEXT, after TEXT, kept TEXT, version INTEGER,
    reason TEXT);
CREATE TABLE hidden (location_id TEXT PRIMARY KEY, level TEXT);
CREATE TABLE touched (service_id TEXT PRIMARY KEY);
"""


def open_scratch(folder: Path | None = None) -> sqlite3.Connection:
    """A new scratch store in `folder` (else where temporary files go)."""
    handle, name = tempfile.mkstemp(prefix=".plan-", dir=folder)
    os.close(handle)
    try:
        store = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KB}", "locking_mode=EXCLUSIVE"):
            store.execute(f"PRAGMA {pragma}")
        store.executescript(_TABLES)
        store.execute("BEGIN")  # never committed: nobody else reads it, and pages are written only when they must be
    finally:
        Path(name).unlink()
    return store


def marks(count: int) -> str:
    """As many question marks as an IN list needs."""
    return ",".join("?" * count)


def batched(values: Iterable[T]) -> Iterator[list[T]]:
    """Lists of some thousand of these."""
    source = iter(values)
    while part := list(islice(source, AT_ONCE)):
        yield part

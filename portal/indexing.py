"""What search does beside the pages in this process (of `handrail run`, each gunicorn process, `handrail worker`).

The indexer follows the database, and what was asked is written down.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from resources_db import search_log
from resources_db.tenancy import system

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from portal.wiring import Runtime
    from search.indexer import Indexer


class _Process:
    indexer: Indexer | None = None
    pid = 0
    lock = threading.Lock()


def start(runtime: Runtime) -> None:
    """Follow the database from now on; does nothing where it is done already."""
    if _Process.pid == os.getpid():
        return
    with _Process.lock:
        if _Process.pid == os.getpid():
            return
        _Process.indexer = of(runtime)
        _Process.indexer.start()
        runtime.search_tally.start(runtime.database)
        runtime.database.on_commit(_committed)
        _Process.pid = os.getpid()


def stop() -> None:
    """Finish the change being written, and let another process of this host follow."""
    if _Process.indexer is not None and _Process.pid == os.getpid():
        _Process.indexer.stop()
    _Process.indexer, _Process.pid = None, 0


def of(runtime: Runtime) -> Indexer:
    """An indexer that nobody has started: tests and commands let it look when they want."""
    from search.indexer import Indexer

    return Indexer(runtime.search, lambda: runtime.database.reading(system()), runtime.clock.now)


def in_each_process(app: Flask, runtime: Runtime) -> None:
    """For servers that fork: a thread does not survive it, so each process starts its own with its first request."""
    app.before_request(lambda: start(runtime))


def _committed(session: Session) -> None:
    """An editor's change is in the index before the poll would have found it."""
    if search_log.was_touched(session) and _Process.indexer is not None:
        _Process.indexer.nudge()

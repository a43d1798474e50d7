"""An indexer in a process of its own, to be killed. It looks without a pause."""

from __future__ import annotations

import json
import multiprocessing
import resource
import signal
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from resources_db.engine import Database
from resources_db.tenancy import system
from search.engine import SearchEngine
from search.indexer import Indexer
from tests import network


def start(facts: Path) -> BaseProcess:
    """A real process; it is born of one that has loaded everything already, so that twenty births take no minute."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "search.engine", "search.indexer"])
    process = context.Process(target=work, args=(facts,), daemon=True)
    process.start()
    return process


def work(path: Path) -> None:
    network.close()
    facts = json.loads(path.read_text("utf-8"))
    if facts.get("most_bytes"):
        # a write beyond it fails as on a full disk; without a handler the signal would end the process
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (facts["most_bytes"], facts["most_bytes"]))
    database = Database(facts["database"])
    engine = SearchEngine(Path(facts["index"]))
    engine.followed = True
    now = datetime.fromisoformat(facts["now"])
    indexer = Indexer(engine, lambda: database.reading(system()), lambda: now)
    for _ in range(facts.get("looks", 10**9)):
        indexer.look()

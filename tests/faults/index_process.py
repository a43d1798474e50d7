"""An indexer of its own, to be killed: `python -m tests.faults.index_process <facts.json>`. It looks without a pause."""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path

from resources_db.engine import Database
from resources_db.tenancy import system
from search.engine import SearchEngine
from search.indexer import Indexer
from tests import network

network.close()


def main() -> None:
    facts = json.loads(Path(sys.argv[1]).read_text())
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


if __name__ == "__main__":
    main()

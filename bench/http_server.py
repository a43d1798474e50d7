"""The real server for the HTTP benchmark: the demo's settings, waitress, an indexer, and a directory filled in bulk.

Run by http_way.py in a process of its own; with no listings it joins a directory that another one has filled. The
limit against scraping is raised: it is not what is measured.
"""

import json
import socket
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

from bench import corpus, http_fill
from bench.readers import memory
from portal import finding, indexing, startup, warming, wiring
from portal.app import create_app
from portal.commands.run import _start_server
from portal.config import Settings
from resources_db import search_log
from resources_db.limits import Limit
from resources_db.models.directory import Service
from resources_db.tenancy import system


def main(folder: Path, port: int, listings: int) -> None:
    finding.PUBLIC_SEARCH = Limit("search.public", 1_000_000_000, timedelta(minutes=1))
    settings = Settings.from_env({"HANDRAIL_DEMO": "1", "HANDRAIL_DATA_DIR": str(folder), "PORT": str(port)})
    listener = socket.create_server(("127.0.0.1", port))
    runtime = wiring.build(settings)
    startup.upgrade(runtime)
    runtime.open_keys()
    if listings:
        with runtime.database.writing(system()) as session:
            http_fill.fill(session, corpus.listings(listings))
            session.commit()
    wall, cpu = time.perf_counter(), time.process_time()
    startup.prepare(runtime, lambda _words, work: work())
    built = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    app = create_app(settings, runtime)
    indexing.start(runtime)
    warming.now()
    _start_server(app, settings, listener)
    _tell({"ready": True, **built})
    for line in sys.stdin:
        if line.strip() == "memory":
            _tell({"private": memory()[0]})
        elif line.strip() == "change":
            _tell({"visible_ms": _change(runtime)})
        else:
            break


def _change(runtime: wiring.Runtime) -> float:
    """Milliseconds from a commit until a snapshot with the change is the one that answers."""
    before = runtime.search.snapshot()
    arrays = before.columns.arrays
    row = time.time_ns() % len(arrays.alive)
    with runtime.database.writing(system()) as session:
        service = session.get_one(Service, uuid.UUID(arrays.service[row].decode()))
        service.name = f"{service.name} again"
        search_log.touch(session, [service.id], now=runtime.clock.now())
        session.commit()
    began = time.perf_counter()
    while runtime.search.snapshot() is before:
        time.sleep(0.001)
    return (time.perf_counter() - began) * 1_000


def _tell(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

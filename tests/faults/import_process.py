"""An import in a process of its own, to be killed: it reads or applies one file of the queue, then says so and ends."""

from __future__ import annotations

import json
import multiprocessing
import threading
import uuid
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from resources_db import encryption
from resources_db.engine import Database
from resources_db.importers import applying, work
from tests import network


def start(facts: Path, verb: str, job_id: str) -> BaseProcess:
    """A real process; it is born of one that has loaded everything already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "resources_db.importers.work"])
    process = context.Process(target=run, args=(facts, verb, job_id), daemon=True)
    process.start()
    return process


def run(path: Path, verb: str, job_id: str) -> None:
    network.close()
    facts = json.loads(path.read_text("utf-8"))
    ring = encryption.KeyRing(
        {1: bytes.fromhex(facts["master"])}, bytes.fromhex(facts["blind"]), bytes.fromhex(facts["audit"])
    )
    encryption.use(encryption.Vault(ring))
    if marker := facts.get("hang"):
        applying.sealed.write = lambda *_args, **_named: _hang(Path(marker))
    now = datetime.fromisoformat(facts["now"])
    shop = work.Shop(Database(facts["database"]), Path(facts["folder"]), lambda: now)
    {"read": work.read, "apply": work.apply, "undo": work.undo}[verb](shop, uuid.UUID(job_id))


def _hang(marker: Path) -> None:
    """In the midst of applying: all records are written, nothing is committed."""
    marker.touch()
    threading.Event().wait()

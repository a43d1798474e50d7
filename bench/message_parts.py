"""The processes of the message benchmark: a phone company without delay, a worker, and a loop that only posts.

`python -m bench.message_parts company <file>`, `... worker <facts> <slot>`, `... bare <facts> <texts> <at once>`
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from messaging import reconcile, send, sweeper
from messaging.transport import Accepted, OutgoingText
from portal.sms.carrier import SENDER, Carrier
from portal.sms.phone_server import PhoneServer
from portal.sms.phone_store import OUT, PhoneStore, Text
from resources_db import jobs
from resources_db.jobs import JobName
from tests.faults.drain import ACCOUNT
from tests.faults.worker_process import make_messenger


class Company(Carrier):
    """Takes every text at once and writes down when it came."""

    def __init__(self, arrivals: IO[str], store: PhoneStore) -> None:
        super().__init__(store, ACCOUNT)
        self.arrivals = arrivals

    def accept(self, *, to: str, body: str, callback: str) -> Text:
        now = datetime.now(UTC)
        self.arrivals.write(f"{body}\t{now.timestamp()}\n")
        sid = "SM" + secrets.token_hex(16)
        return Text(sid, OUT, SENDER, to, body, "queued", "", callback, now, now, None, now, 0)


def company(path: Path) -> None:
    """Serve until killed; the first line of output is the address."""
    with path.open("a", buffering=1) as arrivals:
        server = PhoneServer(Company(arrivals, PhoneStore(path.with_suffix(".phones"))))
        print(server.url, flush=True)
        server.serve()


def worker(facts: Path, slot: str) -> None:
    """The product's worker with its own times and pace."""
    messenger = make_messenger(json.loads(facts.read_text()))
    handlers = {
        JobName.SEND_MESSAGE: partial(send.run, messenger),
        JobName.RECONCILE_MESSAGE: partial(reconcile.run, messenger),
        JobName.RELEASE_BATCH: lambda _row_id: None,
    }
    url = messenger.database.url.render_as_string(hide_password=False)
    jobs.launch(url, handlers, lambda _at: _sweep(messenger), executor_id=slot)
    print("ready", flush=True)
    threading.Event().wait()


def _sweep(messenger) -> None:  # noqa: ANN001 - made above
    sweeper.sweep(messenger, messenger.now())


def bare(facts: Path, texts: int, at_once: int) -> None:
    """Post so many texts with the product's own client and nothing else; prints the seconds it took."""
    transport = make_messenger(json.loads(facts.read_text())).texts
    letters = [OutgoingText("+15135550148", f"text {number}", "http://127.0.0.1:9/") for number in range(texts)]
    assert isinstance(transport.send(letters[0]), Accepted)
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        assert all(isinstance(outcome, Accepted) for outcome in threads.map(transport.send, letters))
    print(time.perf_counter() - begun)


if __name__ == "__main__":
    what, path, *more = sys.argv[1:]
    match what:
        case "company":
            company(Path(path))
        case "worker":
            worker(Path(path), *more)
        case "bare":
            bare(Path(path), *map(int, more))

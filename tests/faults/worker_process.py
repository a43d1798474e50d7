"""A worker of its own, to be killed, frozen and starved: `python -m tests.faults.worker_process <facts.json> <slot>`.

It is the product's own worker with short times. What the facts may ask for beyond that: another release of the program,
a name service that is down and a disk that is full for as long as a file exists.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from dbos import DBOS
from sqlalchemy import Engine, event

from messaging import pace, reconcile, record, send, sweeper
from messaging.email_transport import mail_transport
from messaging.messenger import Messenger
from messaging.settings import Limits, ProviderSettings, Timing
from messaging.twilio_transport import TwilioTexts
from resources_db import encryption, jobs, worker_slots
from resources_db.engine import Database
from resources_db.jobs import JobName
from tests import network

network.close()

# The proportions are the product's: grace outlasts the fence and both times of the call.
SHORT = Timing(
    fence=timedelta(seconds=1),
    connect=timedelta(seconds=1),
    read=timedelta(seconds=1.5),
    grace=timedelta(seconds=5),
    look_again=timedelta(seconds=0.5),
    overdue=timedelta(seconds=2),
)
PACE = jobs.Pace(at_once=8, poll_seconds=0.05, cron="* * * * * *")
MANY = Limits(100_000, 100_000, 100_000, 1_000_000)
AS_FAST_AS_IT_GOES = 10_000.0
SOON = (timedelta(seconds=0.5), timedelta(seconds=1))
SHUT_SECONDS = (0.5, 1.0, 1.0)


def main() -> None:
    facts = json.loads(Path(sys.argv[1]).read_text())
    executor = sys.argv[2]
    pace.SHUT_SECONDS, record.NOT_SENT_WAITS = SHUT_SECONDS, SOON
    trouble(Path(facts["trouble"]))
    messenger = make_messenger(facts)
    handlers = {
        JobName.SEND_MESSAGE: partial(send.run, messenger),
        JobName.RECONCILE_MESSAGE: partial(reconcile.run, messenger),
        JobName.RELEASE_BATCH: lambda _row_id: None,
        **dict.fromkeys((JobName.READ_IMPORT, JobName.APPLY_IMPORT, JobName.UNDO_IMPORT), lambda _row_id: None),
    }
    if len(sys.argv) > 3:
        DBOS.workflow(name=f"only_in_release_{sys.argv[3]}")(only_in_this_release)
    jobs.launch(facts["database"], handlers, lambda _at: minute(messenger, executor), executor_id=executor, pace=PACE)
    threading.Event().wait()


def make_messenger(facts) -> Messenger:
    ring = encryption.KeyRing(
        {1: bytes.fromhex(facts["master"])}, bytes.fromhex(facts["blind"]), bytes.fromhex(facts["audit"])
    )
    encryption.use(encryption.Vault(ring))
    timing = Timing() if facts["product_times"] else SHORT
    rate = {"segments_per_second": AS_FAST_AS_IT_GOES, **facts["provider"]}
    settings = ProviderSettings(timing=timing, limits=MANY, **rate)
    offset = datetime.fromisoformat(facts["now"]) - datetime.fromisoformat(facts["real"])
    return Messenger(
        database=Database(facts["database"]),
        settings=settings,
        texts=TwilioTexts(settings),
        mails=mail_transport(settings),
        now=lambda: datetime.now(UTC) + offset,
    )


def minute(messenger: Messenger, executor: str) -> None:
    """The part of the product's minute that concerns texts."""
    for name in worker_slots.left_by_the_dead(messenger.database, jobs.begun_by() - {executor}):
        jobs.take_over(name)
    sweeper.sweep(messenger, messenger.now())


def only_in_this_release(_row_id: str) -> None:
    """Another program text, so another hash of it; a name that the older release does not know."""


def trouble(folder: Path) -> None:
    find, no_names, full = socket.getaddrinfo, folder / "no-names", folder / "full"

    def getaddrinfo(*args, **kwargs):
        if no_names.exists():
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return find(*args, **kwargs)

    socket.getaddrinfo = getaddrinfo

    @event.listens_for(Engine, "before_cursor_execute")
    def limit(connection, _cursor, _statement, _parameters, _context, _many):
        if connection.dialect.name == "sqlite":
            # the file may not grow by one page: the same fault as a full disk, raised by SQLite itself
            connection.connection.driver_connection.execute(
                f"PRAGMA max_page_count = {1 if full.exists() else 1_000_000}"
            )


if __name__ == "__main__":
    main()

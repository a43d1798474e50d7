"""A worker of its own, to be killed: `python -m tests.faults.worker_process <facts.json>`."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from messaging import reconcile, send, sweeper
from messaging.email_transport import mail_transport
from messaging.messenger import Messenger
from messaging.settings import Limits, ProviderSettings, Timing
from messaging.twilio_transport import TwilioTexts
from resources_db import encryption, jobs
from resources_db.engine import Database
from resources_db.jobs import JobName
from tests import network

network.close()

TIMING = Timing(
    fence=timedelta(seconds=1),
    connect=timedelta(seconds=2),
    read=timedelta(seconds=2),
    grace=timedelta(seconds=1),
    look_again=timedelta(seconds=0.2),
    overdue=timedelta(seconds=1),
)
PACE = jobs.Pace(at_once=8, poll_seconds=0.05, cron="* * * * * *")
MANY = Limits(10_000, 10_000, 10_000, 100_000)


def main() -> None:
    facts = json.loads(Path(sys.argv[1]).read_text())
    ring = encryption.KeyRing(
        {1: bytes.fromhex(facts["master"])}, bytes.fromhex(facts["blind"]), bytes.fromhex(facts["audit"])
    )
    encryption.use(encryption.Vault(ring))
    settings = ProviderSettings(timing=TIMING, limits=MANY, **facts["provider"])
    offset = datetime.fromisoformat(facts["now"]) - datetime.now(UTC)
    messenger = Messenger(
        database=Database(facts["database"]),
        settings=settings,
        texts=TwilioTexts(settings),
        mails=mail_transport(settings),
        now=lambda: datetime.now(UTC) + offset,
    )
    handlers = {
        JobName.SEND_MESSAGE: partial(send.run, messenger),
        JobName.RECONCILE_MESSAGE: partial(reconcile.run, messenger),
        JobName.RELEASE_BATCH: lambda _row_id: None,
    }
    executor = sys.argv[2] if len(sys.argv) > 2 else "local"
    jobs.launch(
        facts["database"],
        handlers,
        lambda _at: sweeper.sweep(messenger, messenger.now()),
        executor_id=executor,
        pace=PACE,
    )
    threading.Event().wait()


if __name__ == "__main__":
    main()

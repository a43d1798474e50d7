"""`handrail worker`: the background work alone, for installations with several machines."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from portal import wiring
from portal.config import Settings
from resources_db import migrate

if TYPE_CHECKING:
    from types import FrameType


@click.command("worker")
def worker() -> None:
    """Send texts and do what is due, until stopped."""
    from portal import indexing
    from portal import worker as work

    settings = Settings.from_env()
    if settings.demo:
        raise click.ClickException("The demo works in one process: start it with `handrail run`.")
    runtime = wiring.build(settings)
    migrate.require_head(runtime.database.engine)
    runtime.open_keys()
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask_to_stop)
    indexing.start(runtime)
    work.start(runtime)
    click.echo("Working. Ctrl-C stops it.")
    stop.wait()
    work.stop()
    indexing.stop()
    runtime.close()

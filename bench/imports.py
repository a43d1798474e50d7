"""`make bench ARGS=imports`: rows per second and peak memory of dry run, apply and the same file again.

Each step runs in a process of its own, whose peak of memory is its own (`ru_maxrss`), beside `frictionless validate` of
the same package. While the plan is written, another process asks for a small write again and again: its longest wait
is what somebody at a page would have waited.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import import_files
from bench.import_files import Size
from resources_db import encryption, jobs, migrate
from resources_db.engine import Database
from resources_db.tenancy import system
from resources_db.vocab import ActorKind
from tests.databases import PostgresServer

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
KEYS = encryption.KeyRing({1: bytes(32)}, bytes(range(32)), bytes(range(32)))
EVERY_SECONDS = 0.02
STEPS = ("dry run", "apply", "same again")


def main(argv: Sequence[str]) -> int:
    """Measure and print; with --step, do one step in this process and tell its figures."""
    options = _options(argv)
    if options.step:
        print(json.dumps(_step(options)))
        return 0
    with tempfile.TemporaryDirectory(prefix="hr-bench-", dir="/var/tmp") as folder:
        _measure(Path(folder), options)
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench imports", description=__doc__)
    parser.add_argument("--services", default="10000,30000", help="sizes, separated by commas")
    parser.add_argument("--paper", action="store_true", help="4,000 services, 11,000 hours rows, 26,000 category links")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--steps", default=",".join(STEPS), help="of: dry run, apply, same again")
    parser.add_argument("--without-frictionless", action="store_true")
    parser.add_argument("--step", choices=[*STEPS, "frictionless"])
    parser.add_argument("--package", type=Path)
    parser.add_argument("--database", default="")
    return parser.parse_args(argv)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    sizes = [Size(4_000, 2.75, 6.5)] if options.paper else [Size(int(one)) for one in options.services.split(",")]
    server = PostgresServer(durable=True).start() if "postgresql" in options.databases else None
    console = Console(width=120)
    try:
        for size in sizes:
            package = folder / f"package-{size.services}"
            rows = import_files.write(package, size)
            shown = _table(f"{size.services:,} services, {rows:,} rows; load {os.getloadavg()[0]:.1f}")
            if not options.without_frictionless:
                _show(shown, "frictionless validate", rows, _run("frictionless", package, ""))
            for name in options.databases.split(","):
                url = f"sqlite:///{folder}/{size.services}.sqlite" if name == "sqlite" else _server_url(server)
                _prepare(url)
                for step in options.steps.split(","):
                    _show(shown, f"{name}, {step}", rows, _run(step, package, url))
            console.print(shown)
    finally:
        if server is not None:
            server.stop()


def _server_url(server: PostgresServer | None) -> str:
    assert server is not None
    return server.url(server.create_empty())


def _prepare(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database.engine)
    database.close()
    jobs.upgrade(url)


def _table(title: str) -> Table:
    shown = Table(title=title, title_justify="left")
    shown.add_column("step")
    for head in ("seconds", "CPU s", "rows a second", "peak MB", "longest wait of a writer, ms", "found"):
        shown.add_column(head, justify="right")
    return shown


def _show(shown: Table, name: str, rows: int, told: dict[str, object]) -> None:
    seconds = float(str(told["seconds"]))
    wait = f"{float(str(told['wait'])) * 1000:,.0f}" if "wait" in told else ""
    found = str(told.get("found", ""))
    cpu = f"{float(str(told['cpu'])):,.1f}"
    shown.add_row(
        name, f"{seconds:,.1f}", cpu, f"{rows / seconds:,.0f}", f"{float(str(told['peak_mb'])):,.0f}", wait, found
    )


def _run(step: str, package: Path, url: str) -> dict[str, object]:
    command = [sys.executable, "-m", "bench", "imports", "--step", step, "--package", str(package), "--database", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    print(f"{step}: {told}", file=sys.stderr)
    return told


def _step(options: argparse.Namespace) -> dict[str, object]:
    told = _frictionless(options.package) if options.step == "frictionless" else _ours(options)
    cpu = time.process_time()
    return {**told, "cpu": cpu, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _frictionless(package: Path) -> dict[str, object]:
    import frictionless

    begun = time.monotonic()
    report = frictionless.validate(str(package / "datapackage.json"))
    found = "valid" if report.valid else f"{report.stats['errors']} errors"
    return {"seconds": time.monotonic() - begun, "found": found}


def _ours(options: argparse.Namespace) -> dict[str, object]:
    from resources_db.importers import base
    from resources_db.importers.keeping import keep
    from resources_db.models.curation import ImportRun

    encryption.use(encryption.Vault(KEYS))
    database, actor = Database(options.database), system(kind=ActorKind.IMPORT)
    applying = options.step == "apply"
    writer = _Writer(options.database)
    writer.start()
    begun = time.monotonic()
    with database.reading(actor) as session:
        planned = base.plan(session, options.package, source="bench")
    found = {action: sum(one.get(action, 0) for one in planned.counts().values()) for action in ("create", "update")}
    if applying:
        run_id = keep(database, planned, actor=actor, now=NOW)
        planned.close()
        begun = time.monotonic()
        writer.longest = 0.0
        with database.writing(actor) as session, session.begin():
            assert base.apply_if_current(session, session.get_one(ImportRun, run_id), now=NOW)
    else:
        keep(database, planned, actor=actor, now=NOW)
        planned.close()
    spent = time.monotonic() - begun
    writer.stop()
    return {"seconds": spent, "wait": writer.longest, "found": f"{found['create']:,} new, {found['update']:,} changed"}


class _Writer(threading.Thread):
    """Somebody at a page: a small write, again and again; remembers its longest wait."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url, self._enough, self.longest = url, threading.Event(), 0.0

    def run(self) -> None:
        from sqlalchemy import text

        patient = Database(self._url, pool_size=1)
        with patient.engine.connect() as connection:
            if patient.is_sqlite:
                connection.exec_driver_sql("PRAGMA busy_timeout=600000")  # measured, not given up after five seconds
        while not self._enough.wait(EVERY_SECONDS):
            begun = time.monotonic()
            with patient.engine.begin() as connection:
                connection.execute(text("UPDATE search_change SET at = at WHERE seq = -1"))
            self.longest = max(self.longest, time.monotonic() - begun)
        patient.close()

    def stop(self) -> None:
        self._enough.set()
        self.join()

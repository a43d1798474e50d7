"""How fast texts leave: the drain of a full queue beside a loop that only posts, and the time from commit to provider.

Both databases in one run, with the product's own times; the rate of a campaign, which binds far earlier, is set aside.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from resources_db import encryption, tenancy
from resources_db.engine import Database
from tests import databases, factories
from tests.conftest import NOW
from tests.faults import drain
from tests.faults.drain import ACCOUNT

ROOT = Path(__file__).resolve().parents[1]
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
AT_ONCE = 16
"""As many as one worker sends at once."""
A_SECOND = 10
HEADER = "| database | workers | texts a second | of the loop, one by one | of the loop, 16 at once | p50 | p95 | max |"


@dataclass(frozen=True)
class Row:
    """What one database gave."""

    name: str
    workers: int
    drained: float
    waits: list[float]


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench messages")
    parser.add_argument("--texts", type=int, default=1_000, help="texts in the full queue")
    parser.add_argument("--seconds", type=int, default=60, help="how long ten texts a second are promised")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ring = encryption.KeyRing.generate()
        encryption.use(encryption.Vault(ring))
        loops = {at_once: _bare(folder, ring, asked.texts, at_once) for at_once in (1, AT_ONCE)}
        rows = [_measure(folder, ring, asked, *one) for one in _databases(folder)]
    _print(asked, loops, rows)
    return 0


def _databases(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    databases.sqlite_template(folder)
    yield "SQLite", f"sqlite:///{folder / 'template.sqlite'}", ["local"]
    databases.SETTINGS.update(DURABLE)
    databases.quick_folder = tempfile.gettempdir  # on the disk, as an installation has it
    server = databases.PostgresServer().start()
    try:
        yield "PostgreSQL", server.url(server.create()), ["worker-0", "worker-1"]
    finally:
        server.stop()


def _measure(
    folder: Path, ring: encryption.KeyRing, asked: argparse.Namespace, name: str, url: str, slots: list[str]
) -> Row:
    database = Database(url)
    with database.writing(tenancy.system()) as session, session.begin():
        org_id = factories.cast(session, NOW).org.id
    arrivals = folder / f"{name}.arrivals"
    with _company(arrivals) as address:
        facts = _facts(folder, ring, url, address)
        drain.promise(database, org_id, range(asked.texts))
        with _workers(facts, slots):
            _wait_for(arrivals, asked.texts)
            moments = sorted(_arrived(arrivals).values())
            committed = _promise_steadily(database, org_id, asked)
            _wait_for(arrivals, asked.texts + len(committed))
    database.close()
    came = _arrived(arrivals)
    waits = [came[f"text {number}"] - at for number, at in committed.items()]
    return Row(name, len(slots), (asked.texts - 1) / (moments[-1] - moments[0]), waits)


def _promise_steadily(database: Database, org_id, asked: argparse.Namespace) -> dict[int, float]:  # noqa: ANN001
    committed = {}
    begun = time.time()
    for number in range(asked.seconds * A_SECOND):
        time.sleep(max(begun + number / A_SECOND - time.time(), 0))
        with database.writing(tenancy.system()) as session, session.begin():
            drain.promise_one(session, org_id, asked.texts + number)
        committed[asked.texts + number] = time.time()
    return committed


def _bare(folder: Path, ring: encryption.KeyRing, texts: int, at_once: int) -> float:
    with _company(folder / f"bare-{at_once}.arrivals") as address:
        facts = _facts(folder, ring, "sqlite://", address)
        done = subprocess.run(_part("bare", facts, texts, at_once), cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return texts / float(done.stdout)


def _facts(folder: Path, ring: encryption.KeyRing, url: str, address: str) -> Path:
    path = folder / "facts.json"
    provider = {
        "account_sid": ACCOUNT.sid,
        "auth_token": ACCOUNT.token,
        "messaging_service_sid": ACCOUNT.service_sid,
        "public_url": "http://127.0.0.1:9",
        "api_base": address,
    }
    keys = {"master": ring.master[1].hex(), "blind": ring.blind.hex(), "audit": ring.audit.hex()}
    clock = {"now": NOW.isoformat(), "real": datetime.now(UTC).isoformat()}
    path.write_text(json.dumps({"database": url, "product_times": True, "provider": provider, **keys, **clock}))
    return path


@contextmanager
def _company(arrivals: Path) -> Iterator[str]:
    with _running(_part("company", arrivals)) as address:
        yield address


@contextmanager
def _workers(facts: Path, slots: list[str]) -> Iterator[None]:
    first, *others = slots
    with _running(_part("worker", facts, first)):
        if not others:
            yield
            return
        with _workers(facts, others):
            yield


@contextmanager
def _running(command: list[str]) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def _part(*words: object) -> list[str]:
    return [sys.executable, "-m", "bench.message_parts", *map(str, words)]


def _arrived(arrivals: Path) -> dict[str, float]:
    lines = [line.split("\t") for line in arrivals.read_text().splitlines()]
    bodies = [line[0] for line in lines]
    if len(set(bodies)) != len(bodies):
        raise SystemExit("A text arrived twice.")
    return {body: float(at) for body, at in lines}


def _wait_for(arrivals: Path, texts: int) -> None:
    while not arrivals.exists() or len(arrivals.read_text().splitlines()) < texts:
        time.sleep(0.1)


def _print(asked: argparse.Namespace, loops: dict[int, float], rows: list[Row]) -> None:
    one, many = loops[1], loops[AT_ONCE]
    print(f"{asked.texts} texts, then {A_SECOND} a second for {asked.seconds} s; Python {platform.python_version()}")
    print(f"A loop that only posts: {one:.0f} texts a second one by one, {many:.0f} with {AT_ONCE} at once.\n")
    print(HEADER)
    print("|" + "---|" * (HEADER.count("|") - 1))
    for row in rows:
        times = sorted(row.waits)
        p95 = statistics.quantiles(times, n=20)[-1]
        middle = f"{row.drained:.0f} | {row.drained / one:.2f} | {row.drained / many:.2f}"
        waits = f"{statistics.median(times):.2f} s | {p95:.2f} s | {times[-1]:.2f} s"
        print(f"| {row.name} | {row.workers} | {middle} | {waits} |")

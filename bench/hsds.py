"""The HSDS API and the export of files: how long a page takes, how soon a stream starts, and what memory it holds.

The app answers in this process, without the network between: time on the clock and of the processor stand beside.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from flask.testing import FlaskClient
from rich.table import Table

from bench import corpus, http_fill, report
from bench.readers import memory
from portal import startup, wiring
from portal.api.hsds import views
from portal.app import create_app
from portal.config import Settings
from resources_db.hsds import export
from resources_db.limits import Limit
from resources_db.tenancy import system

_LINES_BETWEEN = 1_000
_HOST = "http://127.0.0.1:8000"


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; the figures that were asked for stand beside."""
    parser = argparse.ArgumentParser(prog="bench hsds", description=__doc__)
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=100)
    chosen = parser.parse_args(arguments)
    views._limit.limit = Limit("hsds", 1_000_000_000, timedelta(minutes=1))
    screen = report.console()
    with tempfile.TemporaryDirectory(prefix="hr-hsds-") as folder:
        runtime = _filled(Path(folder), chosen.services)
        try:
            client = create_app(runtime.settings, runtime).test_client()
            shown = Table(title=f"{chosen.services:,} services", title_justify="left")
            for head in ("what", "p50 ms", "p95 ms", "CPU p95 ms", "asked for"):
                shown.add_column(head)
            for row in _questions(client, chosen.asked):
                shown.add_row(*row)
            screen.print(shown)
            screen.print(_stream(client))
            for name in ("out.zip", "out.ndjson"):
                screen.print(_export(runtime, Path(folder) / name))
        finally:
            runtime.close()
    screen.print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def _filled(folder: Path, services: int) -> wiring.Runtime:
    settings = Settings.from_env({"HANDRAIL_DEMO": "1", "HANDRAIL_DATA_DIR": str(folder / "data")})
    runtime = wiring.build(settings)
    startup.upgrade(runtime)
    runtime.open_keys()
    with runtime.database.writing(system()) as session:
        http_fill.fill(session, corpus.listings(services))
        session.commit()
    return runtime


def _questions(client: FlaskClient, asked: int) -> Iterator[Sequence[str]]:
    first = json.loads(client.get("/hsds/services?per_page=500", base_url=_HOST).get_data())
    ids, pages = [one["id"] for one in first["contents"]], first["total_pages"] * 10
    kinds: dict[str, tuple[str, Callable[[int], str]]] = {
        "page of 50": ("p95 <= 100", lambda turn: f"services?per_page=50&page={turn * 7 % pages + 1}"),
        "full service": ("<= 50", lambda turn: f"services/{ids[turn * 13 % len(ids)]}"),
        "page of 50, full": ("", lambda turn: f"services?per_page=50&full=true&page={turn * 7 % pages + 1}"),
        "page of 50 places": ("", lambda turn: f"service_at_locations?per_page=50&page={turn * 7 % pages + 1}"),
        "changed since": ("", lambda _turn: "services?modified_after=2026-11-24"),
        "words": ("", lambda turn: f"services?search={('food', 'legal', 'rent')[turn % 3]}"),
    }
    for name, (wanted, address) in kinds.items():
        spent = [_timed(client, address(turn)) for turn in range(asked + 3)][3:]
        p50, p95 = np.percentile([wall for wall, _ in spent], [50, 95])
        yield name, f"{p50:.1f}", f"{p95:.1f}", f"{np.percentile([cpu for _, cpu in spent], 95):.1f}", wanted


def _timed(client: FlaskClient, address: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = client.get(f"/hsds/{address}", base_url=_HOST)
    spent = (time.perf_counter() - wall) * 1_000, (time.thread_time() - cpu) * 1_000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return spent


def _stream(client: FlaskClient) -> str:
    """All services in full, a line each: when the first one comes, and the most this process holds meanwhile."""
    before = most = memory()[0]
    began, first, lines = time.perf_counter(), 0.0, 0
    with client.get("/hsds/services?format=ndjson&full=true", base_url=_HOST, buffered=False) as answer:
        for lines, _line in enumerate(answer.response, start=1):
            first = first or time.perf_counter() - began
            if lines % _LINES_BETWEEN == 0:
                most = max(most, memory()[0])
    return (
        f"ndjson of {lines:,} full services: first line after {first:.2f} s (asked: 0.5), all in "
        f"{time.perf_counter() - began:.1f} s; memory of the process {before:.0f} MB before, at most {most:.0f} MB "
        "meanwhile (asked: 200)"
    )


def _export(runtime: wiring.Runtime, target: Path) -> str:
    began, before = time.perf_counter(), memory()[0]
    with runtime.database.reading(system()) as session:
        counts = export.write(session, target, today=runtime.clock.now().date())
    size = target.stat().st_size / 1e6
    return (
        f"{target.name}: {sum(counts.values()):,} rows, {size:.1f} MB in {time.perf_counter() - began:.1f} s; "
        f"memory of the process {before:.0f} MB before, {memory()[0]:.0f} MB after"
    )

"""What the care team's pages and reports cost with a year of 120,000 referrals, on both databases, in one process.

Server time of each answer, its CPU time, its statements and its size. The number of statements must not grow with the
rows: the range over many people and patients is printed, and a page with a wide one is a defect.
"""

import argparse
import gzip
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from flask import Flask
from rich.table import Table
from sqlalchemy import event

from bench import corpus, http_fill, report
from bench.year import fill
from bench.year.fill import Size, Staff
from portal import startup, wiring
from portal.app import create_app
from portal.clock import Clock
from portal.config import Settings
from portal.reports.views import MAKERS
from resources_db.tenancy import system
from tests import databases
from tests.pages import Browser

LISTINGS = 2_000
MOST_SECONDS = 10
ENOUGH = 2
DURABLE = {"shared_buffers": "256MB"}


@dataclass(slots=True)
class Spent:
    """What the answers of one page cost."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    """Fill, ask, print; the last line says what was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench year", description=__doc__)
    parser.add_argument("--referrals", type=int, default=120_000)
    parser.add_argument("--patients", type=int, default=15_000)
    parser.add_argument("--navigators", type=int, default=300)
    parser.add_argument("--asked", type=int, default=40, help="how many people and patients are asked for")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--page", help="only pages whose name contains this")
    chosen = parser.parse_args(arguments)
    size = Size(chosen.navigators, chosen.patients, chosen.referrals)
    screen = report.console()
    for name, url, folder in _databases(chosen.only):
        began = time.perf_counter()
        with _portal(url, folder) as app:
            staff = _fill(app, size)
            screen.print(f"{name}: filled in {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
            spent = _measure(app, staff, chosen.asked, chosen.page or "")
        screen.print(_table(f"{name}: {size.referrals:,} referrals, {size.patients:,} patients", spent))
    return 0


def _databases(only: str | None) -> Iterator[tuple[str, str, Path]]:
    with tempfile.TemporaryDirectory(prefix="hr-year-") as name:
        folder = Path(name)
        if only != "postgresql":
            path = databases.sqlite_template(folder)
            yield "SQLite", f"sqlite:///{path}", folder / "sqlite"
        if only != "sqlite":
            databases.SETTINGS.update(DURABLE)
            server = databases.PostgresServer().start()
            try:
                yield "PostgreSQL", server.url(server.create()), folder / "postgresql"
            finally:
                server.stop()


@contextmanager
def _portal(url: str, folder: Path) -> Iterator[Flask]:
    environment = {"HANDRAIL_DEMO": "1", "HANDRAIL_DATABASE_URL": url, "HANDRAIL_DATA_DIR": str(folder)}
    settings = Settings.from_env(environment)
    runtime = wiring.build(settings)
    runtime.clock = Clock(None)
    try:
        yield create_app(settings, runtime)
    finally:
        runtime.close()


def _fill(app: Flask, size: Size) -> Staff:
    runtime: wiring.Runtime = app.extensions[wiring.EXTENSION]
    with runtime.database.writing(system()) as session:
        http_fill.fill(session, corpus.listings(LISTINGS))
        session.commit()
    staff = fill.fill(runtime.database.engine, size, runtime.clock.now())
    runtime.open_keys()
    with runtime.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    with runtime.database.reading(system()) as session:
        runtime.search.rebuild(session, runtime.clock.now())
    startup.require_ready(runtime)
    return staff


def _pages(staff: Staff, asked: int) -> dict[str, Callable[[int], tuple[object, str]]]:
    """For each page: who asks, and for what, the n-th time."""
    chance = random.Random(5)
    navigators = chance.sample(staff.navigators, min(asked, len(staff.navigators)))
    leads = [(one, chance.choice(staff.patients[one])) for one in navigators]
    boss = staff.supervisor

    def of_navigator(path: str) -> Callable[[int], tuple[object, str]]:
        return lambda turn: (leads[turn % len(leads)][0], path)

    def of_patient(path: str) -> Callable[[int], tuple[object, str]]:
        return lambda turn: (
            leads[turn % len(leads)][0],
            path.format(leads[turn % len(leads)][1]),
        )

    def of_boss(path: str) -> Callable[[int], tuple[object, str]]:
        return lambda _turn: (boss, path)

    months = _a_year()
    return {
        "Today": of_navigator("/today"),
        "Today, the team": of_boss("/today?view=team"),
        "Today, how each list stands": of_boss("/today/navigators"),
        "Caseload": of_navigator("/patients"),
        "Caseload, the team": of_boss("/patients?view=team"),
        "Patient": of_patient("/patients/{}"),
        "Note": of_patient("/patients/{}/note"),
        "Who received what": of_patient("/patients/{}/disclosures"),
        "Conversation": of_patient("/patients/{}/texts"),
        **{f"Report {path}": of_boss(f"/reports{path}?{months}") for path in REPORTS},
    }


def _a_year() -> str:
    now = datetime.now(UTC)
    first = now.replace(day=1) - timedelta(days=330)
    return f"from={first:%Y-%m}&to={now:%Y-%m}"


REPORTS = ("", ".csv", *(f"/{name}" for name in MAKERS), "/gaps")


def _measure(app: Flask, staff: Staff, asked: int, only: str) -> dict[str, Spent]:
    browsers: dict[object, Browser] = {}
    found: dict[str, Spent] = {}
    for name, ask in _pages(staff, asked).items():
        if only not in name:
            continue
        spent = found[name] = Spent()
        times = asked if not name.startswith("Report") else max(asked // 8, 3)
        ends = time.perf_counter() + MOST_SECONDS
        for turn in range(-2, times):  # two that warm
            if turn > ENOUGH and time.perf_counter() > ends:
                break
            who, path = ask(turn % asked)
            if who not in browsers:
                browsers[who] = Browser(app)
                browsers[who].be(who)  # type: ignore[arg-type]
            _ask(app, browsers[who], path, spent if turn >= 0 else Spent())
    return found


def _ask(app: Flask, browser: Browser, path: str, spent: Spent) -> None:
    counted: list[str] = []
    engine = app.extensions[wiring.EXTENSION].database.engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = browser.client.get(path)
    body = answer.data
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    event.remove(engine, "before_cursor_execute", count)
    if answer.status_code != 200:
        sys.exit(f"{path}: {answer.status_code}")
    spent.wall.append(wall * 1_000)
    spent.cpu.append(cpu * 1_000)
    spent.statements.append(len(counted))
    spent.bytes.append(len(gzip.compress(body)))


def _table(title: str, found: dict[str, Spent]) -> Table:
    shown = Table(title=title, title_justify="left")
    shown.add_column("page")
    for head in ("p50 ms", "p95 ms", "CPU p50 ms", "statements", "KB gzip, most"):
        shown.add_column(head, justify="right")
    for name, spent in found.items():
        fewest, most = min(spent.statements), max(spent.statements)
        shown.add_row(
            name,
            *(f"{np.percentile(spent.wall, part):.0f}" for part in (50, 95)),
            f"{np.median(spent.cpu):.0f}",
            str(most) if fewest == most else f"{fewest} to {most}",
            f"{max(spent.bytes) / 1_024:.1f}",
        )
    return shown

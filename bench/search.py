"""Search side by side: our engine and the other ways on the same made-up listings, the same questions, equal results.

Every question is asked several times and its best time counts, so that a busy machine troubles all ways alike.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench import corpus, fts5_way, ours, queries, readers, report, tantivy_way, updates, work
from bench.report import Measured
from bench.work import Reading, Reply, Way
from search.rows import IndexRow

Answer = TypeVar("Answer")
WAYS = ("ours", "numpy", "tantivy", "postgres", "fts5")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench search", description=__doc__)
    parser.add_argument("--listings", default="100000", help="how many, or several numbers with commas")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--ways", default=",".join(WAYS), help="any of: %(default)s")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--no-readers", action="store_true", help="leave out the four processes side by side")
    chosen = parser.parse_args(arguments)
    ways = [way for way in WAYS if way in chosen.ways.split(",")]
    sizes = [int(size) for size in chosen.listings.split(",")]
    alike = [_at(size, ways, chosen.questions, chosen.rounds, alone=chosen.no_readers) for size in sizes]
    return 0 if all(alike) else 1


def _at(size: int, ways: Sequence[str], questions: int, rounds: int, *, alone: bool) -> bool:
    screen = report.console()
    with tempfile.TemporaryDirectory(prefix="hr-bench-") as name, _server("postgres" in ways) as url:
        folder = Path(name)
        rows = corpus.listings(size)
        spent = _build(rows, folder, ways, url)
        del rows
        snapshot = ours.load(folder / "ours")
        asked = queries.mixed(questions)
        readings = work.read(snapshot, asked)
        measured, replies = [], {}
        for way_name in ways:
            way = readers.open_way(way_name, folder, url)
            replies[way_name], times = measure(way.ask, readings, 1 if way_name == "fts5" else rounds)
            found = Measured(way.name, times, _equal(way, replies), *spent[way_name])
            found.kinds = {
                kind: float(np.percentile([times[place] for place in places], 95))
                for kind, places in queries.by_kind(asked).items()
            }
            if not alone:
                found.crowd = readers.crowd(way_name, folder, readings, url=url)
            measured.append(found)
            if way_name == "ours":
                whole = measure(ours.Ours(snapshot).whole, readings, rounds)[1]
                measured.append(Measured("ours, with words read and reasons told", whole))
        screen.print(report.table(f"{size:,} listings, {questions} questions, one thread", measured))
        screen.print(report.kinds("p95 by kind of question, ms", [one for one in measured if one.kinds]))
        updates.tell(screen, folder / "ours")
    return all(one.equal != "DIFFER" for one in measured)


@contextmanager
def _server(wanted: bool) -> Iterator[str]:
    if not wanted:
        yield ""
        return
    from bench.postgres_way import Server

    server = Server()
    try:
        yield server.url
    finally:
        server.stop()


def _build(
    rows: list[IndexRow], folder: Path, ways: Sequence[str], url: str
) -> dict[str, tuple[float | None, float | None]]:
    """Wall and CPU seconds of each way; the CPU of a server elsewhere is not ours to read."""
    spent: dict[str, tuple[float | None, float | None]] = dict.fromkeys(WAYS, (None, None))
    (folder / "ours").mkdir()
    spent["ours"] = _timed(lambda: ours.build(rows, folder / "ours"))
    if "tantivy" in ways:
        spent["tantivy"] = _timed(lambda: tantivy_way.build(rows, folder / "tantivy"))
    if "fts5" in ways:
        spent["fts5"] = _timed(lambda: fts5_way.build(rows, folder / "fts5.db"))
    if "postgres" in ways:
        from bench import postgres_way

        snapshot = ours.load(folder / "ours")
        spent["postgres"] = _timed(lambda: postgres_way.build(rows, snapshot, url))[0], None
    return spent


def _timed(do: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(
    ask: Callable[[Reading], Answer], readings: Sequence[Reading], rounds: int
) -> tuple[list[Answer], list[float]]:
    """Answers, and the best time of each question in milliseconds; the first round warms and does not count."""
    answers = [ask(reading) for reading in readings]
    best = [float("inf")] * len(readings)
    for _ in range(rounds):
        for place, reading in enumerate(readings):
            began = time.perf_counter()
            ask(reading)
            best[place] = min(best[place], (time.perf_counter() - began) * 1_000)
    return answers, best


def _equal(way: Way, replies: dict[str, list[Reply]]) -> str:
    """Against the first way: totals and counts always, the order of the page where the scoring is the same."""
    first, mine = next(iter(replies.values())), list(replies.values())[-1]
    differing = [
        place
        for place, (a, b) in enumerate(zip(first, mine, strict=True))
        if (a.total, a.open_now, dict(a.needs)) != (b.total, b.open_now, dict(b.needs))
        or (way.ordered_alike and a.page != b.page)
    ]
    if differing:
        print(f"{way.name}: questions {differing[:10]} differ from the first way", file=sys.stderr)
        return "DIFFER"
    return "equal, order too" if way.ordered_alike else "equal"

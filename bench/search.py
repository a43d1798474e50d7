"""Search side by side: our engine and the other ways on the same made-up listings, the same questions, equal results.

The ways are asked in turn, question by question, several times; the best time of a way for a question counts.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from bench import corpus, fts5_way, ours, queries, readers, report, tantivy_way, turns, updates, work
from bench.report import Measured
from bench.work import Reply, Way
from search.index import terms_of
from search.rows import IndexRow

WAYS = ("ours", "numpy", "tantivy", "postgres", "fts5")
WHOLE = "whole"


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
        spent = _build(size, folder, ways, url)
        snapshot = ours.load(folder / "ours")
        asked = queries.mixed(questions)
        readings = work.read(snapshot, asked)
        opened = {way: readers.open_way(way, folder, url) for way in ways}
        asks: dict[str, turns.Ask] = {way: opened[way].ask for way in ways}
        if "ours" in ways:
            asks[WHOLE] = ours.Ours(snapshot).whole
        answers, times = turns.in_turn(asks, readings, rounds)
        measured = {
            way: Measured(opened[way].name, times[way].wall, times[way].cpu, *spent[way], served=way == "postgres")
            for way in ways
        }
        _compare(opened, answers, measured)
        for way, found in measured.items():
            found.by_kind(queries.by_kind(asked))
            if not alone:
                found.crowd = readers.crowd(way, folder, readings, url=url)
        if WHOLE in times:
            measured[WHOLE] = Measured("ours, words read, reasons told", times[WHOLE].wall, times[WHOLE].cpu)
        screen.print(report.table(f"{size:,} listings, {questions} questions, asked in turn", list(measured.values())))
        screen.print(report.kinds("p95 by kind of question, ms on the clock", list(measured.values())))
        for line in report.verdicts(measured):
            screen.print(line, highlight=False)
        sys.stdout.flush()
        updates.tell(screen, folder / "ours")
    return all(one.equal != "DIFFER" for one in measured.values())


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


def _build(size: int, folder: Path, ways: Sequence[str], url: str) -> dict[str, tuple[float | None, float | None]]:
    """Wall and CPU seconds of each way; the CPU of a server elsewhere is not ours to read.

    The words of the listings are analysed once for all the others; only our own build has that within its time.
    """
    rows = corpus.listings(size)
    spent: dict[str, tuple[float | None, float | None]] = dict.fromkeys(WAYS, (None, None))
    (folder / "ours").mkdir()
    spent["ours"] = _timed("ours", lambda: ours.build(rows, folder / "ours"))
    others = {"tantivy", "postgres", "fts5"} & set(ways)
    terms: list[Mapping[str, float]] = [_terms(row) for row in rows] if others else []
    if "tantivy" in ways:
        spent["tantivy"] = _timed("tantivy", lambda: tantivy_way.build(rows, terms, folder / "tantivy"))
    if "fts5" in ways:
        spent["fts5"] = _timed("fts5", lambda: fts5_way.build(rows, terms, folder / "fts5.db"))
    if "postgres" in ways:
        from bench import postgres_way

        snapshot = ours.load(folder / "ours")
        spent["postgres"] = _timed("postgres", lambda: postgres_way.build(rows, terms, snapshot, url))[0], None
    return spent


def _terms(row: IndexRow) -> Mapping[str, float]:
    return {sys.intern(term): weight for term, weight in terms_of(row).items()}


def _timed(way: str, do: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    do()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{way}: built in {spent[0]:.0f} s", file=sys.stderr, flush=True)
    return spent


def _compare(opened: Mapping[str, Way], answers: Mapping[str, list[object]], measured: Mapping[str, Measured]) -> None:
    """Against the first way: totals and counts always, the order of the page where the scoring is the same."""
    first = cast("list[Reply]", answers[next(iter(opened))])
    for name, way in opened.items():
        pairs = zip(first, cast("list[Reply]", answers[name]), strict=True)
        differing = [place for place, (a, b) in enumerate(pairs) if not _alike(a, b, ordered=way.ordered_alike)]
        measured[name].equal = "DIFFER" if differing else "equal, order too" if way.ordered_alike else "equal"
        if differing:
            print(f"{way.name}: questions {differing[:10]} differ from the first way", file=sys.stderr)


def _alike(a: Reply, b: Reply, *, ordered: bool) -> bool:
    counts = (a.total, a.open_now, dict(a.needs)) == (b.total, b.open_now, dict(b.needs))
    return counts and (not ordered or a.page == b.page)

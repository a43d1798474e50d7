"""Processes that read side by side: how many questions a second, and how much memory each has for itself.

Started anew, not forked off the process that holds the made-up listings, so that each holds what a server would hold.
"""

import json
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import ours
from bench.work import Reading, Way

SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Crowd:
    per_second: float
    private_mb: float
    shared_mb: float


def crowd(name: str, folder: Path, readings: list[Reading], count: int = 4, url: str = "") -> Crowd:
    (folder / "readings.pickle").write_bytes(pickle.dumps(readings))
    command = [sys.executable, "-m", "bench.readers", name, str(folder), url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  # this Python
        for _ in range(count)
    ]
    for process in started:
        _line(process)  # each is warm
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(_line(process)) for process in started]
    for process in started:
        process.communicate("done\n", timeout=60)
    return Crowd(
        sum(one["asked"] / one["seconds"] for one in told),
        max(one["private"] for one in told),
        max(one["shared"] for one in told),
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "a reader ended before its time"
    return line


def open_way(name: str, folder: Path, url: str = "") -> Way:
    from bench.fts5_way import Fts5
    from bench.numpy_limit import NumpyLimit
    from bench.tantivy_way import Tantivy

    snapshot = ours.load(folder / "ours")
    if name == "postgres":
        from bench.postgres_way import Postgres

        return Postgres(snapshot, url)
    if name == "tantivy":
        return Tantivy(snapshot, folder / "tantivy")
    if name == "fts5":
        return Fts5(snapshot, folder / "fts5.db")
    return NumpyLimit(snapshot) if name == "numpy" else ours.Ours(snapshot)


def memory() -> tuple[float, float]:
    """Megabytes that this process has for itself, and that it shares with others."""
    private = shared = 0
    for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines():
        name, _, rest = line.partition(":")
        if name.startswith("Private_"):
            private += int(rest.split()[0])
        elif name.startswith("Shared_"):
            shared += int(rest.split()[0])
    return private / 1024, shared / 1024


def _main(name: str, folder: Path, url: str) -> None:
    readings: list[Reading] = pickle.loads((folder / "readings.pickle").read_bytes())  # noqa: S301  # written above
    way = open_way(name, folder, url)
    for reading in readings:
        way.ask(reading)
    print("warm", flush=True)
    sys.stdin.readline()
    began, asked = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        way.ask(readings[asked % len(readings)])
        asked += 1
    spent = time.perf_counter() - began
    private, shared = memory()
    print(json.dumps({"asked": asked, "seconds": spent, "private": private, "shared": shared}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])

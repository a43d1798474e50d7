"""Tables of what was measured, for a terminal and for docs/benchmarks.md."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.readers import Crowd

EXPECTED = {"numpy": 1.25, "tantivy": 0.5, "postgres": 0.1}  # of our 95th percentile to theirs, at 500,000 listings


@dataclass(slots=True)
class Measured:
    """Milliseconds by question, in the order of the questions."""

    name: str
    spent: Sequence[float]
    cpu: Sequence[float]
    build_s: float | None = None
    build_cpu_s: float | None = None
    served: bool = False  # by another process: the processor time of the thread that asks says nothing
    equal: str = ""
    crowd: Crowd | None = None
    kinds: Mapping[str, float] = field(default_factory=dict)

    def at(self, percentile: float) -> float:
        return float(np.percentile(self.spent, percentile))

    def cpu_at(self, percentile: float) -> float:
        return float(np.percentile(self.cpu, percentile))

    def by_kind(self, places_of: Mapping[str, Sequence[int]]) -> None:
        self.kinds = {
            kind: float(np.percentile([self.spent[place] for place in places], 95))
            for kind, places in places_of.items()
            if places
        }


def console() -> Console:
    return Console(width=150, soft_wrap=False)


def table(title: str, ways: Sequence[Measured]) -> Table:
    shown = Table(title=title, title_justify="left")
    shown.add_column("way")
    heads = ("p50 ms", "p95", "p99", "CPU p50 ms", "p95", "p99", "results")
    for head in (*heads, "q/s, 4 readers", "private MB", "build s", "build CPU s"):
        shown.add_column(head, justify="right")
    for way in ways:
        crowd = (f"{way.crowd.per_second:.0f}", f"{way.crowd.private_mb:.0f}") if way.crowd else ("", "")
        cpu = ("", "", "") if way.served else tuple(f"{way.cpu_at(part):.2f}" for part in (50, 95, 99))
        shown.add_row(
            way.name, *(f"{way.at(part):.2f}" for part in (50, 95, 99)), *cpu, way.equal, *crowd,
            _number(way.build_s), _number(way.build_cpu_s),
        )  # fmt: skip
    return shown


def kinds(title: str, ways: Sequence[Measured]) -> Table:
    """The 95th percentile by kind of question."""
    shown = Table(title=title, title_justify="left")
    shown.add_column("way")
    for kind in ways[0].kinds:
        shown.add_column(kind, justify="right")
    for way in ways:
        if way.kinds:
            shown.add_row(way.name, *(f"{spent:.1f}" for spent in way.kinds.values()))
    return shown


def verdicts(ways: Mapping[str, Measured]) -> Iterator[str]:
    """How our 95th percentile stands to the others, beside what was asked of it."""
    mine = ways.get("ours")
    for name, most in EXPECTED.items():
        if mine is None or name not in ways:
            continue
        other = ways[name]
        ratios = {"on the clock": mine.at(95) / other.at(95)}
        if not other.served:
            ratios["by CPU time"] = mine.cpu_at(95) / other.cpu_at(95)
        told = ", ".join(f"{ratio:.2f} {by} ({'met' if ratio <= most else 'missed'})" for by, ratio in ratios.items())
        yield f"p95, ours to {other.name}: {told}; at most {most} was asked."


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"

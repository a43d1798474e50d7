"""Tables of what was measured, for a terminal and for docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.readers import Crowd


@dataclass(slots=True)
class Measured:
    """Milliseconds by question, in the order of the questions."""

    name: str
    spent: Sequence[float]
    equal: str = ""
    build_s: float | None = None
    build_cpu_s: float | None = None
    crowd: Crowd | None = None
    kinds: Mapping[str, float] = field(default_factory=dict)

    def at(self, percentile: float) -> float:
        return float(np.percentile(self.spent, percentile))


def console() -> Console:
    return Console(width=150, soft_wrap=False)


def table(title: str, ways: Sequence[Measured]) -> Table:
    shown = Table(title=title, title_justify="left")
    shown.add_column("way")
    for head in ("p50 ms", "p95 ms", "p99 ms", "results", "q/s, 4 readers", "private MB", "build s", "build CPU s"):
        shown.add_column(head, justify="right")
    for way in ways:
        crowd = (f"{way.crowd.per_second:.0f}", f"{way.crowd.private_mb:.0f}") if way.crowd else ("", "")
        shown.add_row(
            way.name, *(f"{way.at(part):.2f}" for part in (50, 95, 99)), way.equal, *crowd,
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
        shown.add_row(way.name, *(f"{spent:.1f}" for spent in way.kinds.values()))
    return shown


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"

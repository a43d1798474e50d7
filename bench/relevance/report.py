"""`python -m bench relevance`: the table per language and kind for both halves; failures of the tuning half only."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.relevance import directory, judging
from bench.relevance.judging import Told, Verdict
from bench.relevance.questions import Half, load

_WIDTH = 130
COLUMNS: Mapping[str, Told] = {
    "first hit": lambda verdict: verdict.first_right,
    "understood": lambda verdict: verdict.understood,
    "near-miss": lambda verdict: verdict.near_miss,
    "no hit": lambda verdict: verdict.no_hit,
    "empty": lambda verdict: verdict.empty,
    "constraints": lambda verdict: verdict.constraints,
    "urgent": lambda verdict: verdict.urgent,
    "false alarm": lambda verdict: verdict.false_alarm,
}
Numbers = dict[str, float | int | None]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench relevance", description="How often search finds what was meant.")
    parser.add_argument("--failures", action="store_true", help="show what went wrong, tuning half only")
    parser.add_argument("--lang", default="", help="failures of this language only")
    parser.add_argument("--json", action="store_true", help="numbers for a program")
    chosen = parser.parse_args(arguments)
    began = time.perf_counter()
    verdicts = run()
    console = Console(width=_WIDTH, highlight=False)
    if chosen.json:
        print(json.dumps({half.value: tables(told) for half, told in verdicts.items()}, indent=1))
        return
    for half, told in verdicts.items():
        for title, rows in tables(told).items():
            console.print(_table(f"{half.value.replace('_', ' ')}, by {title}", rows))
    if chosen.failures:
        _failures(console, [v for v in verdicts[Half.TUNING] if not chosen.lang or v.question.group == chosen.lang])
    console.print(f"{len(directory.truths())} listings, {time.perf_counter() - began:.0f} s")


def run() -> dict[Half, list[Verdict]]:
    with tempfile.TemporaryDirectory() as folder, directory.opened(Path(folder)) as opened:
        return {half: judging.judge_all(opened, load(half)) for half in Half}


def tables(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Numbers]]:
    return {
        "language": _grouped(verdicts, lambda verdict: verdict.question.group),
        "kind": _grouped(verdicts, lambda verdict: verdict.question.kind),
    }


def _grouped(verdicts: Sequence[Verdict], by: Callable[[Verdict], str]) -> dict[str, Numbers]:
    names = dict.fromkeys(map(by, verdicts))
    rows = {name: _numbers([verdict for verdict in verdicts if by(verdict) == name]) for name in sorted(names)}
    return {**rows, "all": _numbers(verdicts)}


def _numbers(verdicts: Sequence[Verdict]) -> Numbers:
    shares: Numbers = {name: judging.share(verdicts, told) for name, told in COLUMNS.items()}
    return {"n": len(verdicts), **shares}


def _table(title: str, rows: Mapping[str, Numbers]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(title.rpartition(" ")[2])
    for name in ("n", *COLUMNS):
        table.add_column(name if name == "n" else f"{name} %", justify="right")
    for group, numbers in rows.items():
        table.add_row(group, *(_cell(value) for value in numbers.values()), end_section=group == list(rows)[-2])
    return table


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def _failures(console: Console, verdicts: Sequence[Verdict]) -> None:
    for verdict in (verdict for verdict in verdicts if verdict.failed):
        asked = verdict.question
        console.print(f"\n[bold]{asked.id}[/] {asked.kind}: {escape(asked.text)}", soft_wrap=True)
        console.print(f"  wrong: {', '.join(_wrong(verdict))}", soft_wrap=True)
        wanted = sorted({*asked.expects, *asked.has, *(f"not {need}" for need in asked.never), asked.urgent} - {""})
        console.print(f"  wanted: {'; '.join(wanted)}", soft_wrap=True)
        console.print(f"  read: {'; '.join((*verdict.read, *verdict.chips)) or 'nothing'}", soft_wrap=True)
        console.print(f"  hits: {', '.join(verdict.top) or 'none'}", soft_wrap=True)


def _wrong(verdict: Verdict) -> list[str]:
    good = {"first hit", "understood", "constraints", "urgent"}
    return [
        name
        for name, told in COLUMNS.items()
        if (value := told(verdict)) is not None and bool(value) is not (name in good)
    ]

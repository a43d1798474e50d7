"""Asks several ways the same questions in turn, so that whatever else the machine does falls on all of them alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.work import Reading

Ask = Callable[[Reading], object]


@dataclass(slots=True)
class Spent:
    """Milliseconds by question, the best of the rounds: on the clock, and of the processor by the thread that asks."""

    wall: list[float]
    cpu: list[float]


def in_turn(
    asks: Mapping[str, Ask], readings: Sequence[Reading], rounds: int
) -> tuple[dict[str, list[object]], dict[str, Spent]]:
    """The answers of each way, and what they cost. The first round warms and does not count."""
    names, never = list(asks), float("inf")
    answers: dict[str, list[object]] = {name: [] for name in names}
    spent = {name: Spent([never] * len(readings), [never] * len(readings)) for name in names}
    for turn in range(rounds + 1):
        for place, reading in enumerate(readings):
            first = (place + turn) % len(names)  # nobody always comes after the same other, with its caches
            for name in names[first:] + names[:first]:
                answer, wall, cpu = _timed(asks[name], reading)
                if turn == 0:
                    answers[name].append(answer)
                else:
                    mine = spent[name]
                    mine.wall[place] = min(mine.wall[place], wall)
                    mine.cpu[place] = min(mine.cpu[place], cpu)
    return answers, spent


def _timed(ask: Ask, reading: Reading) -> tuple[object, float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = ask(reading)
    return answer, (time.perf_counter() - wall) * 1_000, (time.thread_time() - cpu) * 1_000

"""The search page and the API over HTTP: the real server, four clients, each a process with a connection of its own.

With more server processes each has a port, and the clients are dealt out in turn, as a proxy in front does.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from bench import http_hostile, queries, report
from bench.queries import Asked

_ROUTES = {"/search fragment": ("/search", {"HX-Request": "true"}), "/api/search": ("/api/search", {})}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench http", description=__doc__)
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--changes", type=int, default=10)
    chosen = parser.parse_args(arguments)
    screen = report.console()
    with tempfile.TemporaryDirectory(prefix="hr-http-") as folder:
        ports = [_free_port() for _ in range(chosen.processes)]
        data = Path(folder) / "data"
        server = _Server(data, ports[0], chosen.listings)
        others = [_Server(data, port, 0) for port in ports[1:]]
        try:
            title = f"{chosen.listings:,} listings over HTTP, {chosen.clients} clients, {chosen.processes} processes"
            shown = Table(title=title, title_justify="left")
            for head in ("route", "p50 ms", "p95 ms", "p99 ms", "answers/s", "not 200", "CPU ms", "load"):
                shown.add_column(head, justify="right" if head != "route" else "left")
            for name in _ROUTES:
                _measure(name, ports, chosen.clients, 2.0)  # warm
                before = sum(one.cpu_ms() for one in (server, *others))
                told, answers = _measure(name, ports, chosen.clients, chosen.seconds)
                spent = sum(one.cpu_ms() for one in (server, *others)) - before
                shown.add_row(name, *told, f"{spent / answers:.1f}", f"{os.getloadavg()[0]:.1f}")
            screen.print(shown)
            screen.print(http_hostile.table(ports[0], _ROUTES))
            changes = [float(server.ask("change")["visible_ms"]) for _ in range(chosen.changes)]
            screen.print(f"index from SQL: {server.ready['wall']:.0f} s, {server.ready['cpu']:.0f} CPU s")
            screen.print(f"private memory of the server: {server.ask('memory')['private']:.0f} MB")
            screen.print(
                f"a change is visible {np.median(changes):.0f} ms after its commit (most: {max(changes):.0f} ms)"
            )
        finally:
            for one in (*others, server):
                one.stop()
    return 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class _Server:
    def __init__(self, folder: Path, port: int, listings: int) -> None:
        command = [sys.executable, "-m", "bench.http_server", str(folder), str(port), str(listings)]
        self._process = subprocess.Popen(  # noqa: S603  # this Python
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = self._answer()

    def ask(self, what: str) -> dict[str, float]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self._answer()

    def cpu_ms(self) -> float:
        """CPU time of the server so far, its indexer with it."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1_000 / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: dict[str, float] = json.loads(line)
                return answer
        raise RuntimeError("the server ended before its time")


def _measure(name: str, ports: Sequence[int], clients: int, seconds: float) -> tuple[list[str], int]:
    """The columns of the table, and how many answers there were."""
    dealt = [(ports[number % len(ports)], number) for number in range(clients)]
    context = multiprocessing.get_context("fork")
    with context.Pool(clients) as pool:
        told = pool.starmap(_ask, [(name, port, seconds, number) for port, number in dealt])
    spent = [one for times, _ in told for one in times]
    p50, p95, p99 = np.percentile(spent, [50, 95, 99])
    refused = sum(bad for _, bad in told)
    return [f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", f"{len(spent) / seconds:.0f}", str(refused)], len(spent)


def _ask(name: str, port: int, seconds: float, client: int) -> tuple[list[float], int]:
    path, headers = _ROUTES[name]
    asked = [_address(path, one) for one in queries.mixed()]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    spent, refused = [], 0
    began, turn = time.perf_counter(), client * 50
    while time.perf_counter() - began < seconds:
        sent = time.perf_counter()
        connection.request("GET", asked[turn % len(asked)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        spent.append((time.perf_counter() - sent) * 1_000)
        refused += answer.status != 200
        turn += 1
    return spent, refused


def _address(path: str, one: Asked) -> str:
    return f"{path}?{one.criteria.to_query()}"

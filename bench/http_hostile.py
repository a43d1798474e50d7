"""Questions that break lesser searches, asked over HTTP one after the other: each is answered, and how soon.

That the answers are kind and right is held by tests/portal/test_search_page_hostile.py.
"""

import http.client
import time
from collections.abc import Mapping
from urllib.parse import quote

import numpy as np
from rich.table import Table

MOST_MS = 50.0
_TIMES = 20
QUESTIONS = {
    "a saying in Spanish": quote("no tengo para la luz"),
    "one Thai letter": quote("เ"),
    "10,000 characters": "a" * 10_000,
    "10,000 characters in words": quote("food rent " * 1_000),
    "<script>": quote("<script>alert(1)</script>"),
    "a lone surrogate": "%ED%A0%80",
    "NUL": "%00",
    "only small words": quote("the of and to a"),
    "only emoji": quote("🍞🏠🚑"),
}


def table(port: int, routes: Mapping[str, tuple[str, Mapping[str, str]]]) -> Table:
    """One client, each question twenty times on each route, after a first that does not count."""
    title = f"hostile questions, one client (asked: under {MOST_MS:.0f} ms)"
    shown = Table(title=title, title_justify="left")
    for head in ("question", "route", "status", "p50 ms", "most ms", ""):
        shown.add_column(head, justify="right" if head.endswith("ms") else "left")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for name, words in QUESTIONS.items():
        for route, (path, headers) in routes.items():
            told = [_ask(connection, f"{path}?q={words}", headers) for _ in range(_TIMES + 1)][1:]
            spent = [ms for ms, _ in told]
            held = "" if max(spent) < MOST_MS else "too slow"
            statuses = "/".join(sorted({str(status) for _, status in told}))
            shown.add_row(name, route, statuses, f"{np.median(spent):.1f}", f"{max(spent):.1f}", held)
    return shown


def _ask(connection: http.client.HTTPConnection, address: str, headers: Mapping[str, str]) -> tuple[float, int]:
    sent = time.perf_counter()
    connection.request("GET", address, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return (time.perf_counter() - sent) * 1_000, answer.status

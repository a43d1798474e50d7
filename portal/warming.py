"""Reads word lists, cities and county lines before anybody asks: three seconds that nobody should wait for."""

from __future__ import annotations

import threading


def now() -> None:
    """For servers that fork: read before the fork, and the processes share it."""
    from portal import county_lines
    from search import needs, suggest

    needs.warm()
    suggest.warm()
    county_lines.warm()


def start() -> None:
    """Beside the first pages."""
    threading.Thread(target=now, name="warming", daemon=True).start()

"""One line at a time, each with the seconds since the start, and the one kind of error set-up raises."""

from __future__ import annotations

import sys
import time

STARTED = time.monotonic()


class Trouble(Exception):
    """What went wrong and what to do about it, in words for the person at the terminal."""


def say(text: str) -> None:
    seconds = time.monotonic() - STARTED
    sys.stdout.write(f"[{seconds:5.1f} s] {text}\n")
    sys.stdout.flush()

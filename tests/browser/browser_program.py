"""Finds a Chromium: the system's, else Playwright's own download, else says what to install."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet and at home: no calls out, no shared memory needed, every name but this machine's is unknown.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
NONE_FOUND = """No browser for the browser tests.
What to do: apt install chromium (Debian, Ubuntu), or .venv/bin/playwright install chromium,
or name one yourself: CHROMIUM=/path/to/chromium make browser"""


def launch(playwright: Playwright) -> Browser:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    # Chromium's sandbox refuses to start under root (containers, CI)
    args = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    try:
        return playwright.chromium.launch(executable_path=program, headless=True, args=args)
    except Error as error:
        if program is None:
            raise SystemExit(NONE_FOUND) from error
        raise

"""The real server for browser stories: `handrail run` in demo mode, on a free port, with a data folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 20
FOREIGN = ("HANDRAIL_", "TWILIO_")


def program() -> Path:
    return Path(sys.executable).with_name("handrail")


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a demo of its own in `folder`, whatever the caller's says."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**clean, "HANDRAIL_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1", **more}


def seed(folder: Path) -> Path:
    """Makes the demo world once; servers start from copies of it."""
    done = subprocess.run([program(), "demo"], cwd=ROOT, env=surroundings(folder), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Starts, answers at `.url`, stops; `kill()` and `start()` again play a crash."""

    def __init__(self, folder: Path, seeded: Path | None = None, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.env = env or {}
        if seeded is not None:
            shutil.copytree(seeded, folder, dirs_exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        env = surroundings(self.folder, PORT=str(self.port), **self.env)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([program(), "run"], cwd=ROOT, env=env, stdout=log, stderr=log)
        self._wait()
        return self

    def stop(self) -> None:
        """As Ctrl-C does it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """As a power cut does it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=STOP_SECONDS)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, f"the server stopped:\n{self.log.read_text()}"
            try:
                with urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the server was not ready in {START_SECONDS} s:\n{self.log.read_text()}")

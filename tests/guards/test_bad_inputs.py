"""Which of the numbered bad inputs have a test. `python -m tests.guards.test_bad_inputs` prints the list."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
NUMBERS = range(1, 131)
MARKER = re.compile(r"mark\.bad_input\(([\d,\s]+)\)")


def claims() -> dict[int, list[str]]:
    """Each number with the test files that show its answer."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for group in MARKER.findall(path.read_text(encoding="utf-8")):
            for number in (int(part) for part in group.split(",") if part.strip()):
                places = found.setdefault(number, [])
                if str(path.relative_to(TESTS)) not in places:
                    places.append(str(path.relative_to(TESTS)))
    return found


def test_only_numbers_of_the_list_are_claimed():
    assert [number for number in claims() if number not in NUMBERS] == []


def main() -> None:
    found = claims()
    for number in NUMBERS:
        print(f"{number:4}  {', '.join(found.get(number, [])) or '-'}")
    print(f"{len(found)} of {len(NUMBERS)} have a test.")


if __name__ == "__main__":
    main()

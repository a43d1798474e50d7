"""docs/search.md says the weights that order the hits."""

import re
from pathlib import Path

from search.ranking import WEIGHTS

PAPER = Path(__file__).parents[2] / "docs" / "search.md"


def test_the_paper_says_the_weights_that_are_used():
    told = dict(re.findall(r"^\| (\w+) \| (0\.\d\d) \|", PAPER.read_text("utf-8"), re.MULTILINE))
    assert {name: float(weight) for name, weight in told.items()} == dict(WEIGHTS)

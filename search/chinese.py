"""Traditional Chinese characters and variants, each with the simplified character it is read as.

One script for comparing only: what people typed and what listings say is shown as written.
"""

from importlib.resources import files


def simplified() -> dict[int, str]:
    """A translation table from data/traditional.zh.txt, whose groups begin with the simplified character."""
    table = files("search").joinpath("data", "traditional.zh.txt").read_text("utf-8")
    groups = (group for line in table.splitlines() if not line.startswith("#") for group in line.split())
    return {ord(other): group[0] for group in groups for other in group[1:]}

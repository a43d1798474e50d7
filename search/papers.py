"""Does a listing ask for papers? Read from its list of documents; silence is not a promise."""

import re
from collections.abc import Iterable
from enum import IntEnum

from search.words import fold

_NONE = re.compile(
    r"(none|no|nothing|n/?a|not (required|needed|necessary))\b(?!.*\b(except|unless|but)\b)|"
    r".*\b(no|without) (id|papers?|documents?|documentation|proof|identification|paperwork)\b.*"
)
_NOT_PAPER = re.compile(r"(a |your own )?(shopping |reusable )?(bag|box|cart)s?\b")


class Papers(IntEnum):
    """Stored in a column: the numbers stay."""

    UNKNOWN = 0
    NONE_ASKED = 1
    ASKED = 2


def papers_of(documents: Iterable[str]) -> Papers:
    """What the list says; an empty list says nothing."""
    said = [fold(text).strip(" .") for text in documents if text.strip()]
    said = [text for text in said if not _NOT_PAPER.fullmatch(text)]
    if not said:
        return Papers.UNKNOWN
    return Papers.NONE_ASKED if all(_NONE.match(text) for text in said) else Papers.ASKED

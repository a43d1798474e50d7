"""Does a listing ask for papers? Read from its list of documents; silence is not a promise."""

import re
from collections.abc import Iterable
from enum import IntEnum

from search.words import fold

_NONE = re.compile(
    r"(none|nothing|n/?a|not (required|needed|necessary))|"
    r".*\b(no|without) (id|papers?|documents?|documentation|proof|identification|paperwork)\b.*"
)
_BUT = re.compile(r"\b(except|unless|but)\b")
_PAPER = re.compile(
    r"\b(id|ids|identification|proof|card|cards|licen[cs]e|certificate|letter|stubs?|bills?|statements?|lease|passport|"
    r"documents?|papers?|records?|forms?|prescription|referral|notice|verification|award)\b"
)


class Papers(IntEnum):
    """Stored in a column: the numbers stay."""

    UNKNOWN = 0
    NONE_ASKED = 1
    ASKED = 2


def papers_of(documents: Iterable[str]) -> Papers:
    """What the list says: "no papers needed" beside "a bag" still asks for no papers; an empty list says nothing."""
    said = [fold(text).strip(" .") for text in documents if text.strip()]
    none = [text for text in said if _NONE.fullmatch(text) and not _BUT.search(text)]
    if any(_PAPER.search(text) for text in said if text not in none):
        return Papers.ASKED
    return Papers.NONE_ASKED if none else Papers.UNKNOWN

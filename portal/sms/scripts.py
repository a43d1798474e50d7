"""What the simulated phone company does with each number: faults by the last four digits of 555-01xx. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType

_FICTION = re.compile(r"\+1\d{3}555(01\d\d)")
RETRY_AFTER_SECONDS = 7


@unique
class Answer(StrEnum):
    """How the request itself is answered."""

    CREATED = "created"
    REFUSED = "refused"
    TOO_MANY_ONCE = "too_many_once"
    FAULT_NOT_ACCEPTED = "fault_not_accepted"
    FAULT_ACCEPTED = "fault_accepted"
    RESET_ACCEPTED = "reset_accepted"
    HANG_ACCEPTED = "hang_accepted"


@dataclass(frozen=True, slots=True)
class Script:
    """The answer to the request, the code of a refusal, and the code of a late failure (none: it is delivered)."""

    answer: Answer = Answer.CREATED
    code: str = ""
    fails_with: str = ""


GOOD = Script()
SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        "0103": Script(fails_with="30003"),
        "0106": Script(fails_with="30006"),
        "0107": Script(fails_with="30007"),
        "0108": Script(fails_with="30008"),
        "0110": Script(Answer.REFUSED, code="21610"),
        "0111": Script(Answer.REFUSED, code="21211"),
        "0129": Script(Answer.TOO_MANY_ONCE, code="20429"),
        "0150": Script(Answer.FAULT_ACCEPTED),
        "0153": Script(Answer.FAULT_NOT_ACCEPTED),
        "0158": Script(Answer.RESET_ACCEPTED),
        "0159": Script(Answer.HANG_ACCEPTED),
    }
)


def script_of(number: str) -> Script:
    """What happens to texts for a number, whatever its area code."""
    found = _FICTION.fullmatch(number)
    return SCRIPTS.get(found[1], GOOD) if found else GOOD

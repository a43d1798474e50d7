"""Ways on from the search page: another question, as a link; as a button of the form where ticks must go along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.directory.asking import Ask
    from search.criteria import SearchCriteria


@dataclass(frozen=True, slots=True)
class Way:
    """`go` is the value of a button of the form; empty where nothing can be chosen and a plain link will do."""

    label: str
    href: str
    go: str = ""
    on: bool = False
    count: str = ""


def to(ask: Ask, label: str, criteria: SearchCriteria, *, on: bool = False, count: str = "") -> Way:
    """The same page with another question."""
    query = ask.query(criteria, chosen=False)
    href = f"{ask.path}?{query}"
    return Way(label, href, (query or "q=") if ask.keeps else "", on, count)

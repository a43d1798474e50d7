"""All pages of the care team: importing the modules adds their routes to the one blueprint."""

from portal.caseload import (
    agreements,
    compose,
    conversation,
    follow,
    needs_pages,
    notes,
    people,
    printed,
    record,
    table,
    texting_page,
    texts,
    today,
)
from portal.caseload.blueprint import blueprint

__all__ = [
    "agreements",
    "blueprint",
    "compose",
    "conversation",
    "follow",
    "needs_pages",
    "notes",
    "people",
    "printed",
    "record",
    "table",
    "texting_page",
    "texts",
    "today",
]

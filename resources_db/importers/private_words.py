"""Columns that a source keeps for itself, told by their names: they are not read, only counted. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from resources_db.importers.records import Problem, Severity, Where

_PRIVATE = re.compile(
    r"internal|private|confidential|foreditors|editorsandviewers|staffonly|notpublic|password|socialsecurity|\bssn\b|"
    r"verifiedby|updatedby|createdby|authoredby|enteredby|adminemail|adminnote"
)


def is_private(column: str) -> bool:
    """`Internal Notes`, `internal_notes` and `InternalNotesForEditorsAndViewers` are."""
    return bool(_PRIVATE.search(re.sub(r"[^a-z]", "", column.lower())))


def columns(header: Collection[str], known: Collection[str]) -> frozenset[str]:
    """The private ones among columns that are no fields of the format."""
    return frozenset(name for name in header if name not in known and not name.startswith("x_") and is_private(name))


def told(counts: Counter[str], where: Where) -> Iterator[Problem]:
    """One warning for each column, with how many cells were left out; never what stood in them."""
    for column, count in sorted(counts.items()):
        yield Problem(where, "private_left_out", column, f"{count} ×", Severity.WARNING)

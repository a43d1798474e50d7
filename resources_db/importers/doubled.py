"""A file that holds each record twice: a dump made two times into one, under ids of its own each time."""

from resources_db.hsds.fields import OBJECTS
from resources_db.importers.batch import Batch
from resources_db.importers.records import Problem, Severity, Where

_AT_LEAST = 10
_MOST = 0.8
_GROUPS = """
SELECT count(*), sum(copies > 1), sum(copies), file FROM (
    SELECT count(*) AS copies, min(json_extract(body, '$[2]')) AS file FROM record
    WHERE kind = ? AND state = 0
    GROUP BY json_extract(body, '$[0].name'), json_extract(body, '$[0].description'), json_extract(body, '$[0].url'),
        json_extract(body, '$[0].website'), json_extract(body, '$[0].email'))
"""


def tell(batch: Batch) -> None:
    """One warning for each kind of which nearly every record stands there more than once, word for word."""
    for kind in ("organization", "service"):
        different, doubled, records, file = batch.store.execute(_GROUPS, (kind,)).fetchone()
        if different >= _AT_LEAST and doubled >= _MOST * different:
            shown = f"{records:,} > {different:,}"
            batch.problems.add(Problem(Where(file), "doubled_file", OBJECTS[kind].file, shown, Severity.WARNING))

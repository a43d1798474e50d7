"""What was wrong in a file: rows left out, remarks by kind with examples; as tables, CSV and JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Response, abort

from portal import db, exports, limits
from portal.auth.guards import needs
from portal.curation import import_rows
from portal.curation.blueprint import blueprint
from resources_db import audit
from resources_db.importers.problem_words import message_of
from resources_db.models.curation import ImportRun

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

COLUMNS: Final = ("severity", "file", "line", "column", "code", "message", "value")
EXAMPLES: Final = 10
PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong, and where."""

    severity: str
    file: str
    line: int
    column: str
    code: str
    message: str
    value: str

    def cells(self) -> list[str | int]:
        """In the order of COLUMNS."""
        return [getattr(self, name) for name in COLUMNS]


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks of one kind: how many in all, and the first of them."""

    message: str
    count: int
    examples: tuple[Problem, ...]


def listed(run: ImportRun, name: str) -> list[Problem]:
    """Everything that was kept with the run: of very many errors the first 1,000, of remarks ten of each kind.

    `name` is what a person called the file; in the folder it has a name of ours.
    """
    found = [one for one in run.problems if isinstance(one, dict)]
    return [_problem({**one, "file": name} if name and one.get("file") == run.file_name else one) for one in found]


def _problem(kept: Mapping[str, object]) -> Problem:
    severity, file, column, code, value = (
        str(kept.get(name) or "") for name in ("severity", "file", "column", "code", "value")
    )
    # The words are those of the reader, not those of the worker that wrote the report.
    return Problem(severity, file, int(str(kept.get("line") or 0)), column, code, message_of(code), value)


def errors(run: ImportRun, name: str) -> list[Problem]:
    """Rows that were left out."""
    return [one for one in listed(run, name) if one.severity == "error"]


def remarks(run: ImportRun, name: str) -> list[Remarks]:
    """What is worth a look, the most frequent first."""
    by_code: dict[str, list[Problem]] = defaultdict(list)
    for one in listed(run, name):
        if one.severity != "error":
            by_code[one.code].append(one)
    counts = run.counts.get("warnings")
    counted = counts if isinstance(counts, dict) else {}
    found = [
        Remarks(some[0].message, int(counted.get(code, len(some))), tuple(some[:EXAMPLES]))
        for code, some in by_code.items()
    ]
    return sorted(found, key=lambda one: -one.count)


@blueprint.get("/imports/<uuid:run_id>/problems.csv")
@needs("listing.approve")
def import_problems_csv(run_id: uuid.UUID) -> ResponseReturnValue:
    """All of it as a table, for whoever keeps the source."""
    limits.count(limits.EXPORT)
    with db.transaction() as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            abort(404)
        rows = [one.cells() for one in listed(run, import_rows.names_of_files(session, [run]).get(run_id, ""))]
        what = {"run": str(run_id), "rows": len(rows)}
        return exports.download(session, "import-problems", COLUMNS, rows, what=what, now=db.now())


@blueprint.get("/imports/<uuid:run_id>/problems.json")
@needs("listing.approve")
def import_problems_json(run_id: uuid.UUID) -> ResponseReturnValue:
    """The same for programs, with the counts."""
    limits.count(limits.EXPORT)
    with db.transaction() as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            abort(404)
        name = import_rows.names_of_files(session, [run]).get(run_id, "")
        found = [dict(zip(COLUMNS, one.cells(), strict=True)) for one in listed(run, name)]
        body = {"source": run.source, "file": name or run.file_name, "counts": run.counts, "problems": found}
        what = {"run": str(run_id), "rows": len(found)}
        audit.record(
            session, action="export", subject_kind="table", subject_id="import-problems", detail=what, now=db.now()
        )
    response = Response(json.dumps(body, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="import-problems.json"'
    return response

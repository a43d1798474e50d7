"""The one writer of tables that leave the house as files: no cell becomes a formula, and each download is audited."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING, Final, TypeAlias

from flask import Response

from resources_db import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict

Cell: TypeAlias = str | int | float | None

FORMULA: Final = frozenset("=+-@|\t\r\n")
"""What spreadsheets take for the beginning of a formula; wide forms are folded to these first."""
BOM: Final = "\ufeff"
"""Without it a spreadsheet reads UTF-8 as something else, and names come out broken."""


def download(
    session: Session, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, what: JsonDict, now: datetime
) -> Response:
    """A table as a file; who took it, and what it was of, is written down in the same transaction."""
    audit.record(session, action="export", subject_kind="table", subject_id=name, detail=what, now=now)
    response = Response(written(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.csv"'
    return response


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The text of the file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()


def harmless(cell: Cell) -> Cell:
    """The cell as text or number; a text that a spreadsheet would run gets an apostrophe. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    folded = unicodedata.normalize("NFKC", cell)
    first = folded.lstrip(" \u00a0\u200b")[:1]
    return f"'{cell}" if first in FORMULA and first else cell

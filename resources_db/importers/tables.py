"""One view of everything that holds rows: CSV files, sheets of a spreadsheet, JSON arrays of flat objects.

A table is named by its file, or by its sheet where a spreadsheet has several.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from resources_db.importers import json_stream, spreadsheets
from resources_db.importers.files import LONGEST_CELL, Row, Source
from resources_db.importers.records import Problem, Severity, Where

CSV, JSON = (".csv", ".tsv", ".txt"), (".json", ".ndjson", ".jsonl")


_BESIDE = frozenset({"readme", "license", "licence", "notice", "changelog", "datapackage", "mapping"})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under trimmed column names; `name` is what a report calls it."""

    name: str
    source: Source
    file: str
    sheet: str = ""

    @property
    def stem(self) -> str:
        """The name without folders and ending, in small letters: `organizations`."""
        return PurePosixPath(self.name).name.lower().rsplit(".", 1)[0]

    def rows(self) -> Iterator[Row | Problem]:
        if self.file.lower().endswith(JSON):
            yield from _json_rows(self.source, self.file)
        elif spreadsheets.is_spreadsheet(self.file):
            yield from _sheet_rows(self)
        else:
            yield from self.source.rows(self.file)

    def header(self) -> list[str]:
        """The columns in their order: of the first row, for JSON of the first hundred objects."""
        columns: dict[str, None] = {}
        for at, row in enumerate(row for row in self.rows() if isinstance(row, Row)):
            columns |= dict.fromkeys(row.cells)
            if at >= 100:
                break
        return list(columns)


def of(source: Source) -> list[Table]:
    """All tables of an input in the order of their names; raises RefusedFileError for spreadsheets we do not read."""
    found: list[Table] = []
    for file in source.names:
        low = file.lower()
        spreadsheets.refuse_other(file, b"")
        if PurePosixPath(low).stem in _BESIDE:
            continue
        if low.endswith(CSV + JSON):
            found.append(Table(PurePosixPath(file).name, source, file))
        elif low.endswith(spreadsheets.SUFFIXES):
            found += _sheets(source, file)
    return found


def _sheets(source: Source, file: str) -> list[Table]:
    titles = list(spreadsheets.sheets(source.read(file), PurePosixPath(file).name))
    if len(titles) == 1:
        return [Table(PurePosixPath(file).name, source, file, titles[0])]
    return [Table(title, source, file, title) for title in titles]


def _sheet_rows(table: Table) -> Iterator[Row | Problem]:
    found = spreadsheets.sheets(table.source.read(table.file), PurePosixPath(table.file).name)
    rows = iter(found.get(table.sheet, iter(())))
    header: list[str] = []
    for row in rows:
        if any(cell.strip() for cell in row.cells):
            header = [cell.strip() for cell in row.cells]
            break
    used = [bool(title) for title in header]
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        where = Where(table.name, row.line)
        lost = next((cell for cell, named in zip(row.cells, used, strict=False) if cell.strip() and not named), "")
        if lost:
            yield Problem(where, "unnamed_column", value=lost[:80], severity=Severity.WARNING)
        yield _row(dict(zip(header, row.cells, strict=False)), where)


def _json_rows(source: Source, file: str) -> Iterator[Row | Problem]:
    name = PurePosixPath(file).name
    with source.text(file) as (stream, problems):
        yield from problems
        for found in json_stream.records(stream, name):
            if isinstance(found, Problem):
                yield found
            else:
                where, members = found
                yield _row({key.strip(): _cell(value) for key, value in members.items()}, where)


def _row(cells: Mapping[str, str], where: Where) -> Row | Problem:
    for title, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            return Problem(where, "cell_too_long", title)
    return Row(where.line, {title: cell for title, cell in cells.items() if title})


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(str(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def one(source: Source, *stems: str) -> Table | None:
    """The first table with one of these names."""
    by_stem = {table.stem: table for table in of(source)}
    return next((by_stem[stem] for stem in stems if stem in by_stem), None)

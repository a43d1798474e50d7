"""What a mapping makes of the first rows of an input, for the page where it is made. Nothing is stored."""

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from resources_db.importers import generic, mapping_fields, tables
from resources_db.importers.files import Row, open_source
from resources_db.importers.mapping import FileMapping
from resources_db.importers.records import CLEAR, Neutral, Problem

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Table:
    file: str
    header: list[str]
    rows: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class PreviewRecord:
    kind: str
    label: str
    fields: list[tuple[str, str]]
    """Words of the field, and the value as it would be stored."""


@dataclass(slots=True)
class PreviewRow:
    file: str
    line: int
    cells: dict[str, str]
    records: list[PreviewRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    rows: list[PreviewRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def look(path: Path, rows: int = 50) -> list[Table]:
    """Columns and first rows of every table of an input; raises RefusedFileError."""
    found = []
    for table in tables.of(open_source(path)):
        first = list(islice((row for row in table.rows() if isinstance(row, Row)), rows))
        header = list(dict.fromkeys(name for row in first for name in row.cells))
        found.append(Table(table.name, header, [dict(row.cells) for row in first]))
    return found


def preview(path: Path, mapping: FileMapping, rows: int = 20) -> Preview:
    """The records that the first rows of each table become; raises RefusedFileError."""
    shown = Preview()
    for table in tables.of(open_source(path)):
        records = mapping.of_table(table.name)
        if not records:
            continue
        count = 0
        for row in table.rows():
            if count >= rows:
                break
            if isinstance(row, Problem):
                shown.problems.append(row)
                continue
            count += 1
            one = PreviewRow(table.name, row.line, dict(row.cells))
            for item in generic.made(records, row, table.name):
                if isinstance(item, Neutral):
                    one.records.append(_record(item))
                elif isinstance(item, Problem):
                    one.problems.append(item)
            shown.rows.append(one)
    return shown


def _record(item: Neutral) -> PreviewRecord:
    fields = [
        (mapping_fields.label_of(f"{item.kind}.{name}"), _shown(value))
        for name, value in item.values.items()
        if not name.endswith("_id")
    ]
    name = item.values.get("name")
    return PreviewRecord(item.kind, str(name) if isinstance(name, str) else item.external_id, fields)


def _shown(value: object) -> str:
    if value is CLEAR:
        return ""
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text[:_LONGEST]

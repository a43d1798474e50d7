"""Reads any CSV, spreadsheet or flat JSON with the help of a mapping: one row makes the records the mapping names."""

from collections.abc import Iterator

from resources_db.importers import tables
from resources_db.importers.files import Row, Source
from resources_db.importers.mapping import FileMapping, RecordMap
from resources_db.importers.mapping_steps import Cells
from resources_db.importers.records import CLEAR, Item, Neutral, Problem, Severity, Where

_SHOWN = 80


def recognise(source: Source) -> bool:
    return bool(tables.of(source))


class GenericTables:
    name = "generic"
    complete_parts = False  # a blank cell says nothing, so it withdraws nothing

    def __init__(self, source: Source, mapping: FileMapping) -> None:
        self._source = source
        self._mapping = mapping

    def read(self) -> Iterator[Item]:
        for table in tables.of(self._source):
            records = self._mapping.of_table(table.name)
            if not records:
                yield Problem(Where(table.name), "file_unused", severity=Severity.WARNING)
                continue
            for row in table.rows():
                yield from (row,) if isinstance(row, Problem) else made(records, row, table.name)


def made(records: tuple[RecordMap, ...], row: Row, file: str) -> Iterator[Item]:
    """All records of one row; a row that makes none is told."""
    where, found = Where(file, row.line), False
    for record in records:
        if record.only_if(row.cells):
            for one in _made(record, row.cells, where):
                found = True
                yield one
    if not found:
        shown = next((cell.strip() for cell in row.cells.values() if cell.strip()), "")
        yield Problem(where, "nothing_in_row", value=shown[:_SHOWN], severity=Severity.WARNING)


def _made(record: RecordMap, cells: Cells, where: Where) -> Iterator[Neutral]:
    values: dict[str, object] = {}
    for name, make in record.fields.items():
        if value := make(cells):
            values[name] = value
        elif name in record.clears:
            values[name] = CLEAR
    needed = record.needs or tuple(record.fields)
    if not any(name in values and values[name] is not CLEAR for name in needed):
        return
    made_id = record.id(cells)
    external_id = made_id if isinstance(made_id, str) else "/".join(made_id)
    if not record.each:
        yield _neutral(record, external_id, values, where)
        return
    shared = {name: value for name, value in values.items() if name not in record.each}
    for name in record.each:
        parts = values.get(name, [])
        for at, part in enumerate(parts if isinstance(parts, list) else [parts], start=1):
            own_id = record.item_id(external_id, part) if record.item_id else f"{external_id}/{at}"
            yield _neutral(record, own_id, {**shared, name: part}, where)


def _neutral(record: RecordMap, external_id: str, values: dict[str, object], where: Where) -> Neutral:
    return Neutral(record.kind, external_id, values, where, columns=record.columns, copies=record.copies)

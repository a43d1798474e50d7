"""Reads any CSV with the help of a mapping file: one row makes the records the mapping names."""

from collections.abc import Iterator

from resources_db.importers.files import Row, Source, rows
from resources_db.importers.mapping import Cells, FileMapping, Made, RecordMap
from resources_db.importers.records import Copies, Item, Neutral, Problem, Where


def recognise(source: Source) -> bool:
    return any(name.lower().endswith((".csv", ".tsv", ".txt")) for name in source.names)


class GenericCsv:
    name = "generic"
    complete_parts = False  # a blank cell says nothing, so it withdraws nothing

    def __init__(self, source: Source, mapping: FileMapping) -> None:
        self._source = source
        self._mapping = mapping

    def read(self) -> Iterator[Item]:
        for name in self._source.names:
            if not name.lower().endswith((".csv", ".tsv", ".txt")):
                continue
            for row in rows(self._source.read(name), name):
                if isinstance(row, Problem):
                    yield row
                else:
                    yield from self._records(row, Where(name, row.line))

    def _records(self, row: Row, where: Where) -> Iterator[Neutral]:
        for record in self._mapping.records:
            if record.only_if(row.cells):
                yield from _made(record, row.cells, where)


def _made(record: RecordMap, cells: Cells, where: Where) -> Iterator[Neutral]:
    external_id = str(record.id(cells))
    values = {name: made for name, make in record.fields.items() if (made := make(cells))}
    if not record.each:
        if values:
            yield _neutral(record, external_id, values, where)
        return
    shared = {name: value for name, value in values.items() if name not in record.each}
    for name in record.each:
        parts = values.get(name, [])
        for at, part in enumerate(parts if isinstance(parts, list) else [parts], start=1):
            yield _neutral(record, f"{external_id}/{at}", {**shared, name: part}, where)


def _neutral(record: RecordMap, external_id: str, values: dict[str, Made], where: Where) -> Neutral:
    # Organizations are made from names that many rows share: the first row speaks for all.
    made_of_names = record.kind in ("organization", "program", "taxonomy", "taxonomy_term")
    copies: Copies = "first" if made_of_names else "once"
    return Neutral(record.kind, external_id, dict(values), where, columns=record.columns, copies=copies)

"""Reads the flat CSV or spreadsheet that iCarol exports: one row for each agency, site, program, program at a site."""

from collections.abc import Iterator

from resources_db.importers import icarol, tables
from resources_db.importers.files import Source
from resources_db.importers.records import Item
from resources_db.importers.tables import Table

_MARKS = frozenset({"ResourceAgencyNum", "TaxonomyLevelName"})


def recognise(source: Source) -> bool:
    found = tables.of(source)
    return any(_is_flat(table) for table in found[:3])


def _is_flat(table: Table) -> bool:
    return not table.file.lower().endswith(tables.JSON) and set(table.header()) >= _MARKS


class IcarolFlat:
    name = "icarol_flat"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        for table in tables.of(self._source):
            if _is_flat(table):
                yield from icarol.items(table.rows, table.name)

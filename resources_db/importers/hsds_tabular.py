"""Reads an HSDS tabular package: a folder or zip of CSV files under their HSDS names (older names too)."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from resources_db.hsds.fields import OBJECTS, by_file
from resources_db.importers.files import Row, Source, rows
from resources_db.importers.records import OUR_EXTRAS, Item, Neutral, Problem, Severity, Where

EMPTY = "(empty)"  # HSDS way to say "required, and really empty"

# File names of HSDS 1.1 and 2.x, with the values their name implies.
_OLD_FILES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "physical_addresses.csv": ("address", {"address_type": "physical"}),
    "postal_addresses.csv": ("address", {"address_type": "postal"}),
    "services_at_location.csv": ("service_at_location", {}),
    "services_at_locations.csv": ("service_at_location", {}),
    "regular_schedules.csv": ("schedule", {"freq": "WEEKLY"}),
    "x_addresses.csv": ("address", {}),
    "accessibility_for_disabilities.csv": ("accessibility", {}),
    "taxonomy.csv": ("taxonomy_term", {}),
    "service_attributes.csv": ("attribute", {"link_entity": "service"}),
    "services_taxonomy.csv": ("attribute", {"link_entity": "service"}),
    "urls.csv": ("url", {}),
    "service_areas.csv": ("service_area", {}),
    "organization_identifiers.csv": ("organization_identifier", {}),
}
_OLD_FIELDS: Mapping[tuple[str, str], str] = {
    ("organization", "url"): "website",
    ("schedule", "weekday"): "byday",
    ("schedule", "original_text"): "x_original_text",
    ("accessibility", "accessibility"): "description",
    ("language", "language"): "name",
    ("attribute", "service_id"): "link_id",
    ("attribute", "taxonomy_id"): "taxonomy_term_id",
    ("taxonomy_term", "parent_name"): "x_parent_name",
    ("taxonomy_term", "vocabulary"): "taxonomy",
    ("service_area", "service_area"): "name",
}


def recognise(source: Source) -> bool:
    names = {PurePosixPath(name).name.lower() for name in source.names}
    return "services.csv" in names and "organizations.csv" in names


class HsdsTabular:
    name = "hsds_tabular"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        files = {PurePosixPath(name).name.lower(): name for name in self._source.names}
        known: dict[str, tuple[str, Mapping[str, object]]] = {file: (one.name, {}) for file, one in by_file().items()}
        for file, (kind, implied) in {**_OLD_FILES, **known}.items():
            if file in files:
                yield from _table(self._source.read(files[file]), files[file], kind, implied)


def _table(raw: bytes, file: str, kind: str, implied: Mapping[str, object]) -> Iterator[Item]:
    names = {field.name for field in OBJECTS[kind].fields}
    told: set[str] = set()
    for row in rows(raw, file):
        if isinstance(row, Problem):
            yield row
            continue
        record = _record(row, file, kind, implied, names)
        for column in record.extra.keys() - told - OUR_EXTRAS:
            told.add(column)
            yield Problem(Where(file, 1), "unknown_column", column, severity=Severity.WARNING)
        yield record


def _record(row: Row, file: str, kind: str, implied: Mapping[str, object], names: set[str]) -> Neutral:
    values, extra, columns = dict(implied), dict[str, object](), dict[str, str]()
    for column, cell in row.cells.items():
        text = "" if cell.strip() == EMPTY else cell
        name = column if column in names else _OLD_FIELDS.get((kind, column), column)
        if name in names:
            values[name] = text
            columns[name] = column
        elif text.strip():
            extra[column] = text.strip()
    external_id = str(values.pop("id", "")).strip()
    return Neutral(kind, external_id, values, Where(file, row.line), extra, columns)

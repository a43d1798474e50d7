"""Reads an HSDS tabular package: a folder or zip of CSV files (or JSON arrays) under their HSDS names, older ones too.

Only who may use a service, in packages before 3.0, is held in memory: it stands in a table of its own there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from resources_db.hsds.fields import OBJECTS, by_file
from resources_db.importers import hsds_old, private_words, tables
from resources_db.importers.files import Row, Source
from resources_db.importers.hsds_old import Implied
from resources_db.importers.records import OUR_EXTRAS, Item, Neutral, Problem, Severity, Where
from resources_db.importers.tables import Table

EMPTY = "(empty)"  # HSDS way to say "required, and really empty"


def recognise(source: Source) -> bool:
    """A data package, or services and organizations whose ids are called `id`: others use the same names."""
    stems = {name.rsplit("/", 1)[-1].lower().rsplit(".", 1)[0].removesuffix("s") for name in source.names}
    if "datapackage" in stems and any(file.removesuffix(".csv").removesuffix("s") in stems for file in by_file()):
        return True
    services = tables.one(source, "services", "service") if {"service", "organization"} <= stems else None
    header = services.header() if services else ["no services"]
    return not header or "id" in header


@dataclass(slots=True)
class _Joined:
    """Words of tables that are columns of the service today, by its id; each is used once."""

    who_can_go: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, Where] = field(default_factory=dict)

    def take(self, table: Table) -> Iterator[Problem]:
        for row in table.rows():
            if isinstance(row, Problem):
                yield row
                continue
            words, service = row.cells.get("eligibility", "").strip(), row.cells.get("service_id", "").strip()
            where = Where(table.name, row.line)
            if words and not service:
                yield Problem(where, "orphan", "service_id", words[:80])
            elif words and words not in self.who_can_go[service]:
                self.who_can_go[service].append(words)
                self.lines[service] = where

    def give(self, service: Neutral) -> None:
        words = self.who_can_go.pop(service.external_id, None)
        if words and not service.values.get("eligibility_description"):
            service.values["eligibility_description"] = "\n".join(words)

    def left(self) -> Iterator[Problem]:
        for service in self.who_can_go:
            yield Problem(self.lines[service], "orphan", "service_id", service)


class HsdsTabular:
    name = "hsds_tabular"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        joined = _Joined()
        known: dict[str, list[tuple[Table, Implied]]] = defaultdict(list)
        for table in tables.of(self._source):
            found = hsds_old.table_of(table.stem, table.header())
            if found is None:
                yield Problem(Where(table.name), "file_unused", severity=Severity.WARNING)
            elif found[0] == "eligibility":
                yield from joined.take(table)
            else:
                known[found[0]].append((table, found[1]))
        for kind in OBJECTS:
            for table, implied in known[kind]:
                yield from _table(table, kind, implied, joined)
            if kind == "service":
                yield from joined.left()
        for table, _implied in known[hsds_old.PAYMENT]:
            yield from _payments(table)


def _payments(table: Table) -> Iterator[Item]:
    for row in table.rows():
        if isinstance(row, Problem):
            yield row
        elif word := row.cells.get("payment", "").strip():
            where = Where(table.name, row.line)
            yield from hsds_old.coined(hsds_old.PAYMENT, word, row.cells.get("service_id", "").strip(), where)


def _table(table: Table, kind: str, implied: Implied, joined: _Joined) -> Iterator[Item]:
    names = {each.name for each in OBJECTS[kind].fields}
    header = table.header()
    hidden = private_words.columns(header, names)
    withheld: Counter[str] = Counter()
    told: set[str] = set()
    for row in table.rows():
        if isinstance(row, Problem):
            yield row
            continue
        withheld.update(column for column in hidden if row.cells.get(column, "").strip())
        record = _record(row, table.name, kind, implied, _Names(names, header, hidden))
        if kind == "service":
            joined.give(record)
        yield from hsds_old.around(record, row.cells)
        for column in record.extra.keys() - told - OUR_EXTRAS:
            told.add(column)
            yield Problem(Where(table.name, 1), "unknown_column", column, severity=Severity.WARNING)
    yield from private_words.told(withheld, Where(table.name, 1))


@dataclass(frozen=True, slots=True)
class _Names:
    fields: set[str]
    header: list[str]
    hidden: frozenset[str]


def _record(row: Row, file: str, kind: str, implied: Mapping[str, object], names: _Names) -> Neutral:
    values, extra, columns = dict(implied), dict[str, object](), dict[str, str]()
    for column, cell in row.cells.items():
        text = "" if cell.strip() == EMPTY else cell
        name = (
            hsds_old.field_of(kind, column, names.header) if column not in names.fields or column == "fees" else column
        )
        if name in names.fields:
            if text.strip() or name not in values:
                values[name] = text
            columns[name] = column
        elif text.strip() and column not in names.hidden:
            extra[column] = text.strip()
    external_id = str(values.pop("id", "")).strip()
    return Neutral(kind, external_id, values, Where(file, row.line), extra, columns)

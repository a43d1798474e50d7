"""The `tables` shape of a mapping, one line per column, made into the records of each row. Written by the mapping page.

Links between the records of one row are made by themselves (see mapping_parts).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from resources_db.importers import mapping_fields, mapping_parts, mapping_steps
from resources_db.importers.mapping import RecordMap
from resources_db.importers.mapping_ids import id_maker, made_here
from resources_db.importers.mapping_lines import Entry, Table, entries, fields, joined, text
from resources_db.importers.mapping_steps import Cells, Made, Maker
from resources_db.importers.records import Copies


def records(tables: Sequence[Mapping[str, object]]) -> tuple[RecordMap, ...]:
    """The records of all tables; raises BadMappingError."""
    return tuple(record for at, table in enumerate(tables, start=1) for record in _records(table, at))


def _records(raw: Mapping[str, object], at: int) -> Iterator[RecordMap]:
    table = Table(str(raw.get("file") or "*"), list(entries(raw, at)))
    said = cast("Mapping[str, object]", raw.get("ids") or {})
    table.names_places = bool(said.get("location") or table.named("location.id"))
    for kind in made_here(table):  # in order: a service may be named after its organization
        table.ids[kind] = id_maker(table, kind, mapping_steps.names(said.get(kind)))
    for kind in ("organization", "location", "service"):
        if kind in table.ids:
            yield _top(table, kind)
    yield from mapping_parts.links(table)
    yield from mapping_parts.parts(table, at)
    for entry in table.named(mapping_fields.CATEGORY):
        yield from mapping_parts.category(table, entry, at)


def _top(table: Table, kind: str) -> RecordMap:
    lines = table.of(kind)
    made = fields(lines)
    needs = tuple(name for name in made if any(entry.name == name and entry.column for entry in lines))
    if kind in ("service", "location") and "organization" in table.ids:
        made.setdefault("organization_id", table.ids["organization"])
    if kind == "location":
        # A place may have nothing but an address: it is made whenever it has an id.
        made["name"] = _first_filled(made.get("name"), _address_name(table))
        needs = (*needs, "name", "organization_id")
    several = "service" in table.ids and "location" in table.ids
    shared = kind == "organization" or (kind == "location" and not table.names_places)
    copies: Copies = "first" if shared else "agree" if several else "once"
    return _record(table, kind, made, lines, needs=needs, copies=copies)


def _first_filled(*makers: Maker | None) -> Maker:
    def make(cells: Cells) -> Made:
        return next((made for one in makers if one and (made := one(cells))), "")

    return make


def _address_name(table: Table) -> Maker:
    streets = table.named("address.address_1")
    return lambda cells: joined(streets, cells).split("\n")[0][:80]


def _record(
    table: Table,
    kind: str,
    made: Mapping[str, Maker],
    lines: Sequence[Entry],
    *,
    needs: tuple[str, ...],
    copies: Copies = "once",
) -> RecordMap:
    made_id = table.ids[kind]
    return RecordMap(
        kind=kind,
        id=made_id,
        fields=made,
        columns={entry.name: entry.column for entry in reversed(lines) if entry.column},
        only_if=lambda cells: bool(text(made_id(cells))),
        needs=needs,
        clears=frozenset(entry.name for entry in lines if entry.spec.get("blank_clears")),
        copies=copies,
        file=table.file,
    )

"""A mapping of rows to records: which records a row makes, and how each field is put together from its columns.

Two shapes are read: `records`, written by hand, and `tables`, one line per column, which the mapping page writes.
Both are described in docs/import-mapping.md; an example is in docs/examples/.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import cast

import yaml

from resources_db.hsds.fields import OBJECTS
from resources_db.importers import mapping_steps
from resources_db.importers.mapping_errors import BadMappingError
from resources_db.importers.mapping_steps import Cells, Made, Maker, Test
from resources_db.importers.records import Copies

__all__ = ["BadMappingError", "Cells", "FileMapping", "Made", "RecordMap", "from_json", "header_hash", "load"]


@dataclass(frozen=True, slots=True)
class RecordMap:
    """One record that a row makes."""

    kind: str
    id: Maker
    fields: Mapping[str, Maker]
    columns: Mapping[str, str]
    """Which column a report names for a field."""
    only_if: Test
    each: tuple[str, ...] = ()
    """Fields whose list makes one record each."""
    needs: tuple[str, ...] = ()
    """No record unless one of these is filled; empty: unless any field is."""
    clears: frozenset[str] = field(default_factory=frozenset)
    """Fields that an empty cell empties."""
    copies: Copies = "once"
    file: str = "*"
    item_id: Callable[[str, str], str] | None = None
    """With `each`: makes the id of an item from the record's id and the item; without it items are numbered."""


@dataclass(frozen=True, slots=True)
class FileMapping:
    source: str
    records: tuple[RecordMap, ...]
    raw: Mapping[str, object]

    def of_table(self, name: str) -> tuple[RecordMap, ...]:
        """The records made by rows of a file or sheet; its name's case and ending do not count."""
        wanted = _stem(name)
        return tuple(one for one in self.records if one.file == "*" or _stem(one.file) == wanted)


def _stem(name: str) -> str:
    low = name.strip().casefold()
    for ending in (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json"):
        low = low.removesuffix(ending)
    return low


def load(path: Path) -> FileMapping:
    """Read a mapping file (YAML or JSON); raises BadMappingError."""
    try:
        text = path.read_text("utf-8")
        raw = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        raise BadMappingError("unreadable", path.name, str(error).splitlines()[0]) from None
    if not isinstance(raw, dict):
        raise BadMappingError("unreadable", path.name)
    return from_json(raw, source=path.stem)


def from_json(raw: Mapping[str, object], *, source: str = "") -> FileMapping:
    """The mapping of its plain form; raises BadMappingError. `source` names the data when the mapping does not."""
    # Late, because the other shapes are made of the records of this one.
    from resources_db.importers import mapping_tables, mapping_transformer

    if isinstance(raw.get("records"), list):
        records = tuple(_record(one) for one in cast("list[Mapping[str, object]]", raw["records"]))
    elif isinstance(raw.get("tables"), list):
        records = mapping_tables.records(cast("list[Mapping[str, object]]", raw["tables"]))
    elif mapping_transformer.recognise(raw):
        records = mapping_tables.records(mapping_transformer.tables(raw))
    else:
        raise BadMappingError("no_records", "records")
    if not records:
        raise BadMappingError("no_records")
    return FileMapping(str(raw.get("source") or source or "import"), records, raw)


def header_hash(columns: Sequence[str]) -> str:
    """Finds a saved mapping again: the same columns in any order, case and spacing have the same hash."""
    names = sorted({" ".join(name.casefold().split()) for name in columns if name.strip()})
    return sha256("\n".join(names).encode()).hexdigest()


def _record(raw: Mapping[str, object]) -> RecordMap:
    kind = str(raw.get("object", ""))
    if kind not in OBJECTS:
        raise BadMappingError("unknown_object", "object", kind or "?")
    fields = cast("Mapping[str, object]", raw.get("fields") or {})
    unknown = [name for name in fields if OBJECTS[kind].field(name) is None]
    if unknown:
        raise BadMappingError("unknown_field", kind, unknown[0])
    if "id" not in raw:
        raise BadMappingError("no_id", kind)
    tables = {name: cast("Mapping[str, object]", spec) for name, spec in fields.items() if isinstance(spec, dict)}
    return RecordMap(
        kind=kind,
        id=mapping_steps.maker(raw["id"], f"{kind}.id"),
        fields={name: mapping_steps.maker(spec, f"{kind}.{name}") for name, spec in fields.items()},
        columns={name: column for name, spec in fields.items() if (column := mapping_steps.column_of(spec))},
        only_if=mapping_steps.condition(raw.get("when"), kind),
        each=tuple(name for name, spec in tables.items() if spec.get("each")),
        needs=tuple(mapping_steps.names(raw.get("needs"))),
        clears=frozenset(name for name, spec in tables.items() if spec.get("blank_clears")),
        copies=_copies(kind, str(raw.get("copies", ""))),
        file=str(raw.get("file") or "*"),
    )


def _copies(kind: str, said: str) -> Copies:
    if said in ("once", "agree", "first"):
        return cast("Copies", said)
    # Organizations are made from names that many rows share: the first row speaks for all.
    return "first" if kind in ("organization", "program", "taxonomy", "taxonomy_term") else "once"

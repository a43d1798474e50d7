"""The lines of a `tables` mapping: a column, or a constant, to one field, and how several lines make one field."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from resources_db.importers import mapping_fields, mapping_steps
from resources_db.importers.mapping_errors import BadMappingError
from resources_db.importers.mapping_steps import Cells, Made, Maker, Spec

_LONG = frozenset({"description", "application_process", "eligibility_description", "fees_description", "alert"})


@dataclass(slots=True)
class Entry:
    """One line: a column, or a constant, to one field."""

    kind: str
    name: str
    spec: Spec
    make: Maker
    owner: str = ""
    part: str = ""

    @property
    def to(self) -> str:
        return f"{self.kind}.{self.name}"

    @property
    def column(self) -> str:
        return str(self.spec.get("column", ""))


@dataclass(slots=True)
class Table:
    """What one table makes: entries by object, and the ids of the three things that others point at."""

    file: str
    entries: list[Entry]
    ids: dict[str, Maker] = field(default_factory=dict)
    names_places: bool = True
    """Has the source ids for its places? Without them, one address is one place, whoever is there."""

    def of(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind and entry.name != "id"]

    def named(self, to: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.to == to]


def entries(raw: Mapping[str, object], at: int) -> Iterator[Entry]:
    lines = cast("list[Spec]", raw.get("columns") or [])
    constants = cast("list[Spec]", raw.get("constants") or [])
    for line, spec in enumerate([*lines, *constants], start=1):
        where, to = f"{at}/{line}", str(spec.get("to", ""))
        kind, _dot, name = to.partition(".")
        if not mapping_fields.is_known(to):
            raise BadMappingError("unknown_field", where, to)
        described = {"const": spec["value"]} if "value" in spec and "column" not in spec else spec
        entry = Entry(kind, name, spec, mapping_steps.maker(dict(described), where))
        if kind in mapping_fields.PARTS:
            entry.owner = str(spec.get("of") or mapping_fields.PARTS[kind][1])
            entry.part = str(spec.get("part") or "")
            if entry.owner not in mapping_fields.OWNERS:
                raise BadMappingError("unknown_object", where, entry.owner)
        yield entry


def text(made: Made) -> str:
    return made if isinstance(made, str) else " ".join(made)


def joined(entries: Sequence[Entry], cells: Cells) -> str:
    return " ".join(part for entry in entries if (part := text(entry.make(cells))))


def constant(value: object) -> Maker:
    return lambda _cells: str(value)


def fields(entries: Sequence[Entry]) -> dict[str, Maker]:
    """One maker for each field; several lines to one field are appended, or are one list."""
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_name[entry.name].append(entry)
    return {name: found[0].make if len(found) == 1 else _appended(found) for name, found in by_name.items()}


def _appended(entries: Sequence[Entry]) -> Maker:
    as_list = mapping_fields.is_list(entries[0].to)

    def make(cells: Cells) -> Made:
        made = [(entry, value) for entry in entries if (value := entry.make(cells))]
        if as_list:
            return mapping_steps.flat([value for _entry, value in made])
        told, seen = "", set[str]()
        for entry, value in made:
            part = text(value)
            if part not in seen:
                told = f"{told}{_joint(entry)}{part}" if told else part
                seen.add(part)
        return told

    return make


def _joint(entry: Entry) -> str:
    default = "\n" if entry.name in _LONG else ", " if entry.name == "address_1" else " "
    return str(entry.spec.get("join", default))

"""datapackage.json of our own: the published one of 3.1 names keys that do not exist, so readers refuse it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resources_db.hsds.fields import HSDS_VERSION, Object

_TYPES: Mapping[str, str] = {
    "number": "number", "int": "integer", "bool": "boolean", "date": "date", "time": "time", "extension": "number",
}  # fmt: skip
_EMPTY = ("metadata", "organization_identifier")  # whose required texts may be "(empty)"


@dataclass(frozen=True, slots=True)
class Table:
    kind: Object
    file: str
    columns: Sequence[str]


def describe(tables: Sequence[Table]) -> dict[str, object]:
    """The descriptor of these files, with the keys that join them."""
    known = {table.kind.name for table in tables if table.file == table.kind.file}
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "version": HSDS_VERSION,
        "resources": [_resource(table, known) for table in tables],
    }


def _resource(table: Table, known: set[str]) -> dict[str, object]:
    kind = table.kind
    whole = table.file == kind.file
    return {
        "name": kind.name if whole else f"x_{kind.name}",
        "path": table.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(kind, name, whole=whole) for name in table.columns],
            "primaryKey": "id",
            "foreignKeys": [
                {"fields": ref.name, "reference": {"resource": ref.target, "fields": "id"}}
                for ref in kind.references
                if ref.target in known
            ],
        },
    }


def _field(kind: Object, name: str, *, whole: bool) -> dict[str, object]:
    field = kind.field(name)
    if field is None:
        return {"name": name, "type": "string"}
    text = field.type == "date" and kind.name in _EMPTY
    described: dict[str, object] = {"name": name, "type": "string" if text else _TYPES.get(field.type, "string")}
    if field.required and (whole or field.type == "id"):
        described["constraints"] = {"required": True}
    return described

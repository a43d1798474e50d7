"""The HSDS tabular data package: one CSV file an object and datapackage.json, in a folder or a zip.

This is a format for machines, so cells are exact; files for spreadsheets go through portal/exports.py.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.hsds import graph as graphs
from resources_db.hsds import records
from resources_db.hsds.fields import HSDS_VERSION, OBJECTS, Object, StoredRow
from resources_db.hsds.graph import Graph
from resources_db.models.directory import Organization
from resources_db.vocab import Confidentiality

_ALL_OF = ("taxonomy", "taxonomy_term", "unit", "meta_table_description")
_TYPES: Mapping[str, str] = {"number": "number", "int": "integer", "bool": "boolean", "date": "date", "time": "time"}
_PLACE = ("latitude", "longitude", "external_identifier", "external_identifier_type", "x_geocode_source")


def write(session: Session, target: Path, *, today: date, strict: bool = False) -> dict[str, int]:
    """Write the package to a folder, or a zip when the name ends so. Gives the number of rows of each file."""
    made = list(files(session, today=today, strict=strict))
    if target.suffix.lower() == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text, _count in made:
                archive.writestr(name, text)
    else:
        target.mkdir(parents=True, exist_ok=True)
        for name, text, _count in made:
            (target / name).write_text(text, "utf-8", newline="")
    return {name: count for name, _text, count in made}


def files(session: Session, *, today: date, strict: bool) -> Iterator[tuple[str, str, int]]:
    """Name, text and rows of each file; a file without rows is left out."""
    graph = _everything(session)
    written = []
    for kind in OBJECTS.values():
        rows = [_row(kind, row, graph, today, strict=strict) for row in _sorted(graph, kind)]
        complete = [row for row in rows if kind.name != "address" or records.complete("address", row)]
        if complete:
            columns = _columns(kind, complete, strict=strict)
            written.append((kind, columns))
            yield kind.file, _csv(columns, complete), len(complete)
    yield "datapackage.json", json.dumps(_descriptor(written), indent=2) + "\n", 0


def _everything(session: Session) -> Graph:
    ids = session.scalars(select(Organization.id))
    graph = graphs.of_organizations(session, ids, metadata=True)
    for name in _ALL_OF:
        graph.take(OBJECTS[name], session.scalars(select(OBJECTS[name].model)))
    return graph


def _sorted(graph: Graph, kind: Object) -> list[StoredRow]:
    return sorted(graph.rows[kind.name].values(), key=lambda row: (getattr(row, "position", 0), str(row.id)))


def _row(kind: Object, row: StoredRow, graph: Graph, today: date, *, strict: bool) -> dict[str, object]:
    values = records.plain_of(kind, row)
    for ref in kind.references:
        target = getattr(row, ref.column)
        if target is not None and graph.get(ref.target, target) is None:
            values.pop(ref.name, None)  # what is not published is not pointed at
    if getattr(row, "confidentiality", Confidentiality.PUBLIC) != Confidentiality.PUBLIC:
        values = {name: value for name, value in values.items() if name not in _PLACE}
    if kind.name == "schedule" and "timezone" not in values and (offset := _offset(row, graph, today)) is not None:
        values["timezone"] = int(offset) if offset.is_integer() else offset
    record = records.to_hsds(kind.name, values, None if strict else row.extra, links=True)
    return {name: value for name, value in record.items() if not (strict and name.startswith("x_"))}


def _offset(row: StoredRow, graph: Graph, today: date) -> float | None:
    link = graph.get("service_at_location", getattr(row, "service_at_location_id"))  # noqa: B009
    place = graph.get("location", getattr(link, "location_id", None) or getattr(row, "location_id"))  # noqa: B009
    day: date = getattr(row, "valid_from") or today  # noqa: B009
    return records.offset_hours(getattr(place, "timezone", ""), day)


def _columns(kind: Object, rows: list[dict[str, object]], *, strict: bool) -> list[str]:
    official = [field.name for field in kind.fields if not field.ours]
    used = {name for row in rows for name in row}
    return official if strict else official + sorted(used - set(official))


def _csv(columns: list[str], rows: list[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(name, row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in ("previous_value", "replacement_value") and value == "":
        return "(empty)"  # required and really empty
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return f"{value}:00" if name in ("opens_at", "closes_at") else str(value)


def _descriptor(written: list[tuple[Object, list[str]]]) -> dict[str, object]:
    """Our own descriptor: the published one of 3.1 has faults that readers refuse."""
    resources = [
        {
            "name": kind.name,
            "path": kind.file,
            "encoding": "utf-8",
            "schema": {
                "fields": [_field(kind, name) for name in columns],
                "primaryKey": "id",
                "foreignKeys": [
                    {"fields": ref.name, "reference": {"resource": ref.target, "fields": "id"}}
                    for ref in kind.references
                    if any(other.name == ref.target for other, _ in written)
                ],
            },
        }
        for kind, columns in written
    ]
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "version": HSDS_VERSION,
        "resources": resources,
    }


def _field(kind: Object, name: str) -> dict[str, object]:
    field = kind.field(name)
    described: dict[str, object] = {"name": name, "type": _TYPES.get(field.type, "string") if field else "string"}
    if field is not None and field.required:
        described["constraints"] = {"required": True}
    return described

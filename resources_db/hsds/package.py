"""The HSDS tabular data package: one CSV file an object and datapackage.json, in a folder or a zip.

This is a format for machines, so cells are exact; files for spreadsheets go through portal/exports.py. Rows are read
and written a batch at a time: memory does not grow with the directory.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from resources_db.hsds import beside, descriptor, published, records
from resources_db.hsds.fields import OBJECTS, Object, StoredRow
from resources_db.hsds.values import Plain
from resources_db.vocab import Confidentiality

PARTIAL_ADDRESSES = "x_addresses.csv"
_AT_ONCE = 1_000
_PLACE = ("latitude", "longitude", "external_identifier", "external_identifier_type", "x_geocode_source")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip of the same rows is the same file, whenever it is made
_FILLED = {"organization", "program", "taxonomy", "taxonomy_term"}
Record = dict[str, object]


def write(session: Session, target: Path, *, today: date, strict: bool = False) -> dict[str, int]:
    """Write the package to a folder, or a zip when the name ends so. Gives the number of rows of each file."""
    if target.suffix.lower() != ".zip":
        target.mkdir(parents=True, exist_ok=True)
        return _write(session, _Folder(target), today=today, strict=strict)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        return _write(session, _Zip(archive), today=today, strict=strict)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def file(self, name: str) -> Iterator[IO[str]]:
        with (self._folder / name).open("w", encoding="utf-8", newline="") as out:
            yield out


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[IO[str]]:
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(entry, "w", force_zip64=True) as raw:
            out = io.TextIOWrapper(raw, "utf-8", newline="")
            yield out
            out.flush()
            out.detach()


def _write(session: Session, target: "_Folder | _Zip", *, today: date, strict: bool) -> dict[str, int]:
    counts: dict[str, int] = {}
    written: list[descriptor.Table] = []
    for kind in OBJECTS.values():
        columns = _columns(session, kind, strict=strict)
        for name, partial in ((kind.file, False), (PARTIAL_ADDRESSES, True)):
            if partial and (strict or kind.name != "address"):
                continue
            rows = _of(_rows(session, kind, today, strict=strict), kind, partial=partial)
            first = next(rows, None)
            if first is None:
                continue  # a file without rows is left out
            with target.file(name) as out:
                counts[name] = _csv(out, columns, chain([first], rows))
            written.append(descriptor.Table(kind, name, columns))
    with target.file("datapackage.json") as out:
        out.write(json.dumps(descriptor.describe(written), indent=2) + "\n")
    return {**counts, "datapackage.json": 0}


def _of(rows: Iterator[Record], kind: Object, *, partial: bool) -> Iterator[Record]:
    """An address without what HSDS requires of one stands in a file of its own."""
    return (row for row in rows if kind.name != "address" or records.complete("address", row) != partial)


def _rows(session: Session, kind: Object, today: date, *, strict: bool) -> Iterator[Record]:
    """Every published record of a kind, in order; what is not published is not pointed at."""
    for rows, found in _published(session, kind):
        added = {} if strict else _beside(session, kind, rows)
        zones = published.zones(session, rows, found) if kind.name == "schedule" else {}
        for row in rows:
            lost = found.lost(kind, row)
            values = {name: value for name, value in records.plain_of(kind, row).items() if name not in lost}
            values.update({name: word for name, word in found.named(kind, row).items() if name not in values})
            extra = {} if strict else {**beside.without(row.extra), **beside.on(today, added.get(row.id, {}))}
            yield _record(kind, row, values, extra, zones.get(row.id, ""), today, strict=strict)


def _published(
    session: Session, kind: Object, *filters: ColumnElement[bool]
) -> Iterator[tuple[list[StoredRow], published.Around]]:
    """Batches of the rows that leave, each with what its rows may point at."""
    table = kind.model.__table__
    order = [table.c.position] if "position" in table.c else []
    stmt = select(kind.model).where(*published.own(kind, table), *filters).order_by(*order, table.c.id)
    for batch in session.scalars(stmt, execution_options={"yield_per": _AT_ONCE}).partitions(_AT_ONCE):
        found = published.around(session, kind, batch)
        kept = [row for row in batch if found.keeps(kind, row)]
        if kept:
            yield kept, found


def _beside(session: Session, kind: Object, rows: list[StoredRow]) -> beside.Beside:
    if kind.name not in beside.HOLDERS:
        return {}
    ids = {kind.name: [row.id for row in rows]}
    return beside.of(session, *(ids.get(name, []) for name in ("service", "service_at_location", "location")))


def _record(
    kind: Object, row: StoredRow, values: dict[str, Plain], extra: Record, zone: str, today: date, *, strict: bool
) -> Record:
    if getattr(row, "confidentiality", Confidentiality.PUBLIC) != Confidentiality.PUBLIC:
        values = {name: value for name, value in values.items() if name not in _PLACE}
    timed = kind.name == "schedule" and records.has_times(values)
    if timed and (offset := records.offset_of_row(row, zone, today)) is not None:
        values["timezone"] = int(offset) if float(offset).is_integer() else offset
    record = records.to_hsds(kind.name, values, extra, links=True)
    return {name: value for name, value in record.items() if not (strict and name.startswith("x_"))}


def _columns(session: Session, kind: Object, *, strict: bool) -> list[str]:
    """Official columns first; then all of ours, and what sources added, by name."""
    official = [field.name for field in kind.fields if not field.ours]
    if strict:
        return official
    ours = {field.name for field in kind.fields if field.ours} - records.NEVER
    if kind.name in _FILLED:
        ours.add(records.FILLED)
    if kind.name in beside.HOLDERS:
        ours |= beside.MEMBERS
    if kind.name == "phone":
        ours.add("x_extension")
    return official + sorted((ours | _kept(session, kind)) - set(official))


def _kept(session: Session, kind: Object) -> set[str]:
    """Names of the members sources added, of the rows that leave."""
    found: set[str] = set()
    for rows, _around in _published(session, kind, cast(kind.model.__table__.c.extra, String) != "{}"):
        found |= {name for row in rows for name, value in row.extra.items() if value is not None}
    return {name for name in found if not name.startswith("_")}


def _csv(out: IO[str], columns: list[str], rows: Iterator[Record]) -> int:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        writer.writerow([_cell(name, row.get(name)) for name in columns])
    return count


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if value == "":
        return "(empty)"  # required and really empty
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) and ";" not in one for one in value):
        return ";".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"{value}:00" if name in ("opens_at", "closes_at") else str(value)

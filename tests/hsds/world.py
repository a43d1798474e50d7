"""A directory that is brought in, written out, emptied and brought in again; and the published schemas to hold it to."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from resources_db.hsds import export
from resources_db.hsds.fields import OBJECTS
from resources_db.importers import base, mapping
from resources_db.importers.base import Plan
from resources_db.models import curation, upkeep
from resources_db.models.directory import ConfidentialPlace, ListingText
from resources_db.tenancy import system
from tests.conftest import NOW
from tests.tools import load_tool

TODAY = date(2026, 11, 23)
FORMS = ("tables", "lines.ndjson", "page.json", "packed.zip")
BESIDE = (
    ConfidentialPlace, ListingText, upkeep.RecordHistory, upkeep.RecordRedirect, curation.CapacityStatement,
    curation.FieldMark, curation.ListingChangeField, curation.ListingChange, curation.Tombstone, curation.SearchChange,
    curation.ImportChange,
)  # fmt: skip


def bring(session: Session, path: Path, *, source: str = "source", mapped: mapping.FileMapping | None = None) -> Plan:
    """Import as the command does, in one go."""
    planned = base.plan(session, path, source=source, mapping=mapped)
    base.apply(session, planned, actor=system(), now=NOW)
    session.flush()
    session.expire_all()
    return planned


def empty(session: Session) -> None:
    """As if the directory had never held anything."""
    session.expunge_all()
    session.execute(update(OBJECTS["service"].model).values(program_id=None))
    for table in (*BESIDE, *(kind.model for kind in reversed(list(OBJECTS.values())))):
        session.execute(delete(table))


def written(session: Session, target: Path, *, strict: bool = False) -> dict[str, bytes]:
    """The bytes of every file of an export."""
    session.flush()
    export.write(session, target, today=TODAY, strict=strict)
    files = sorted(target.iterdir()) if target.is_dir() else [target]
    return {file.name if target.is_dir() else target.suffix: file.read_bytes() for file in files}


def comes_back(session: Session, folder: Path, forms: Sequence[str] = FORMS) -> None:
    """What stands in the database goes out and comes in again, in each form, without a difference."""
    for name in forms:
        before = written(session, folder / f"one-{name}")
        json_before = written(session, folder / f"one-{name}.ndjson")
        empty(session)
        planned = bring(session, folder / f"one-{name}")
        assert [(one.code, one.where, one.column, one.value) for one in planned.errors] == []
        assert _apart(before, written(session, folder / f"two-{name}")) == [], name
        assert _apart(json_before, written(session, folder / f"two-{name}.ndjson")) == [], name


def _apart(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, int, str, str]]:
    """The first lines that differ, file by file."""
    found = [(name, -1, "", "") for name in before.keys() ^ after.keys()]
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            lines = zip(before[name].split(b"\n"), after[name].split(b"\n"), strict=False)
            at, one, two = next(((at, *pair) for at, pair in enumerate(lines) if pair[0] != pair[1]), (0, b"", b""))
            start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
            cut = slice(max(start - 60, 0), start + 100)
            found.append((name, at, repr(one[cut]), repr(two[cut])))
    return found


@cache
def validator(shared: Path, name: str) -> Draft202012Validator:
    """A published schema, with its formats checked."""
    return load_tool(shared / "tools/hsds_conformance.py").Schemas(shared / "data/hsds").validator(name)


_FULL = {"service": "compiled/service.json", "organization": "compiled/organization.json"}


def faults(shared: Path, lines: Iterator[str]) -> list[str]:
    """What the published schemas say against these lines, each of them."""
    found = []
    for line in lines:
        record = json.loads(line)
        kind = record.get("x_object", "service")
        checker = validator(shared, _FULL.get(kind, f"{kind}.json"))
        found += [f"{kind} {record['id']} {error.json_path} {error.message}" for error in checker.iter_errors(record)]
    return found


def table_faults(shared: Path, files: dict[str, bytes]) -> list[str]:
    """Broken keys, and rows that do not fit their object's schema once cells are typed."""
    tables = {
        name: list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
        for name, raw in files.items()
        if "csv" in name
    }
    ids = {name: {row["id"] for row in rows} for name, rows in tables.items()}
    found = []
    for kind in OBJECTS.values():
        checker = validator(shared, f"{kind.name}.json")
        for row in tables.get(kind.file, []):
            said = [(ref.name, ids[OBJECTS[ref.target].file]) for ref in kind.references if row.get(ref.name)]
            found += [f"{kind.file} {row['id']} {name} leads nowhere" for name, known in said if row[name] not in known]
            record = {name: _typed(kind.name, name, cell) for name, cell in row.items() if cell != ""}
            wanted = [error for error in checker.iter_errors(record) if "'unit' is a required" not in error.message]
            found += [f"{kind.file} {row['id']} {error.json_path} {error.message}" for error in wanted]
            needed = [field.name for field in kind.fields if field.required and not row.get(field.name)]
            found += [f"{kind.file} {row['id']} {name} is empty" for name in needed]
    return found


def _typed(kind: str, name: str, cell: str) -> object:
    field = OBJECTS[kind].field(name)
    if field is not None and field.type in ("number", "int", "extension"):
        return float(cell)
    return "" if cell == "(empty)" else cell

"""Brings an input into the directory as the tests of importers do it, and reads back what became of it."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db.importers import base
from resources_db.importers.base import Plan
from resources_db.importers.mapping import FileMapping
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import system
from resources_db.vocab import ImportAction
from tests.conftest import NOW

Rows = Sequence[Mapping[str, str]]


def bring(session: Session, path: Path, *, mapped: FileMapping | None = None, source: str = "s", days: int = 0) -> Plan:
    planned = base.plan(session, path, source=source, mapping=mapped)
    base.apply(session, planned, actor=system(), now=NOW + timedelta(days=days))
    session.flush()
    session.expire_all()
    return planned


def changed(planned: Plan) -> dict[str, int]:
    return {action.value: count for action in ImportAction if (count := planned.total(action))}


def codes(planned: Plan) -> dict[str, int]:
    """How often each kind of problem was told."""
    found: dict[str, int] = {}
    for problem in planned.problems:
        found[problem.code] = found.get(problem.code, 0) + 1
    return found


def shown(session: Session) -> dict[str, Listing]:
    """Every listing by the name of its service, those for staff too."""
    every = listings.of_services(session, listings.all_service_ids(session), include_staff=True)
    return {one.name: one for one in every}


def table(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(column for row in rows for column in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def package(folder: Path, **tables: Rows) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(table(rows), "utf-8")
    return folder


def hsds(folder: Path, *, service: Mapping[str, str] | None = None, **tables: Rows) -> Path:
    """A small package with one service at one place; single tables may be put in its stead."""
    base_service = {"id": "s1", "organization_id": "o1", "name": "Hope Food Pantry", "status": "active"}
    every: dict[str, Rows] = {
        "organizations": [{"id": "o1", "name": "Hope"}],
        "services": [base_service | dict(service or {})],
        "locations": [{"id": "l1", "location_type": "physical", "name": "Hall"}],
        "service_at_location": [{"id": "sl1", "service_id": "s1", "location_id": "l1"}],
    }
    return package(folder, **(every | tables))

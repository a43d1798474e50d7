"""Files on the import pages: one ready for a decision, one that asks for its columns, one refused."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from resources_db.importers import mapping, mapping_guess, mapping_preview, queue, work
from resources_db.models.directory import Organization, Service
from resources_db.models.imports import ImportJob, ImportMapping
from resources_db.tenancy import system
from resources_db.vocab import ImportStage

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from portal.wiring import Runtime

SOURCE: Final = "demo"
KNOWN, NEW = "queen-city-list.csv", "westside-churches.csv"
HEADER: Final = ("Agency ID", "Program ID", "Agency", "Program", "About", "Phone", "Hours")
CHANGED: Final = " New since this month: please bring your own bag."
MADE_UP: Final = (
    ("qc-901", "qc-911", "Price Hill Table", "Weekly groceries", "A bag of groceries.", "513-555-0171", "Tue 10am-2pm"),
    ("qc-901", "qc-912", "Price Hill Table", "Hot lunch", "Lunch for all.", "513-555-0171", "Mon-Fri 11:30-1:00PM"),
    ("qc-902", "qc-913", "Westwood Cares", "Diaper bank", "Diapers.", "513-555-0172 x4", "2nd & 4th Weds 9-11"),
    ("qc-902", "qc-914", "Westwood Cares", "Winter coats", "Coats in all sizes.", "no phone", "call for hours"),
    (
        "qc-902",
        "qc-915",
        "Westwood Cares",
        "Movie night",
        "Films, for all.",
        "513-555-0172",
        "Fri 7pm",
        "x",
    ),
)
"""The last row has a cell too many, as a comma without quotation marks makes it."""
UNKNOWN: Final = """Church,What they do,Call,When,Where
St. Rita Table,Hot supper,513-555-0181,Thu 5pm-7pm,"2100 Queen City Ave, Cincinnati"
Grace Chapel,Used furniture,513-555-0182,Sat 9am-noon,"1500 Elberon Ave, Cincinnati"
"""
SOME: Final = 40


def make(runtime: Runtime) -> None:
    """Three files at three places of their way. Nothing of them is in the directory."""
    folder, now = runtime.settings.imports_dir, runtime.clock.now()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with runtime.database.writing(system()) as session, session.begin():
        (folder / KNOWN).write_text(_known(session), encoding="utf-8")
        (folder / NEW).write_text(UNKNOWN, encoding="utf-8")
        saved = _mapping(session, folder / KNOWN, now)
        job_id = queue.enqueue(session, KNOWN, file_name=KNOWN, source=SOURCE, mapping_id=saved.id, now=now)
        session.add(_waiting(NEW, NEW, "mapping_needed", now))
        session.add(_waiting("shelters-2019.json", "", "bad_json", now))
    work.read(work.Shop(runtime.database, folder, runtime.clock.now), job_id)


def _known(session: Session) -> str:
    """Some listings as their source has them now, three of them changed, with a few new ones."""
    stmt = select(Service, Organization).join(Organization, Organization.id == Service.organization_id)
    found = session.execute(stmt.where(Service.visibility == "public").order_by(Service.name).limit(SOME))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for at, (service, holder) in enumerate(found):
        about = service.description + (CHANGED if at % 13 == 0 else "")
        writer.writerow((holder.id, service.id, holder.name, service.name, about, "", ""))
    writer.writerows(MADE_UP)
    return out.getvalue()


def _mapping(session: Session, path: Path, now: datetime) -> ImportMapping:
    (table,) = mapping_preview.look(path)
    raw = mapping_guess.suggest_mapping(table.header, table.rows, source=SOURCE)
    row = ImportMapping(
        name="Queen City list",
        source=SOURCE,
        header_hash=mapping.header_hash(table.header),
        columns=table.header,
        mapping=raw,
        changed_at=now,
    )
    session.add(row)
    session.flush()  # the file that is read by it points at it
    return row


def _waiting(name: str, stored_as: str, problem: str, now: datetime) -> ImportJob:
    source = name.split(".", maxsplit=1)[0]
    stage = ImportStage.FAILED
    return ImportJob(
        file_name=name, stored_as=stored_as, source=source, stage=stage, problem=problem, created_at=now, ended_at=now
    )

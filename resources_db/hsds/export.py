"""Writes the published directory as files: ndjson of full services, or the tabular package."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.hsds import graph, package, views
from resources_db.models.directory import Service
from resources_db.vocab import Visibility

_BATCH = 200


def write(session: Session, target: Path, *, today: date, strict: bool = False) -> dict[str, int]:
    """Write to a folder or zip (tabular), or to .json/.ndjson (one full service a line). Gives rows by file."""
    if target.suffix.lower() not in (".ndjson", ".json", ".jsonl"):
        return package.write(session, target, today=today, strict=strict)
    with target.open("w", encoding="utf-8", newline="\n") as out:
        count = sum(bool(out.write(line + "\n")) for line in ndjson(session, today=today))
    return {target.name: count}


def ndjson(session: Session, *, today: date) -> Iterator[str]:
    """One full service a line, a batch at a time: memory does not grow with the directory."""
    stmt = select(Service.id).where(Service.visibility == Visibility.PUBLIC, Service.deleted_at.is_(None))
    ids = list(session.scalars(stmt.order_by(Service.id)))
    for start in range(0, len(ids), _BATCH):
        loaded = graph.of_services(session, ids[start : start + _BATCH])
        for row_id in ids[start : start + _BATCH]:
            row = loaded.get("service", row_id)
            if row is not None:
                yield json.dumps(views.full_service(row, loaded, today), ensure_ascii=False, separators=(",", ":"))
        session.expunge_all()

"""Writes the published directory as files: ndjson or a Page of full services, or the tabular package."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from resources_db.hsds import graph, package, published, views
from resources_db.hsds.fields import OBJECT, OBJECTS, StoredRow
from resources_db.hsds.graph import Graph

_BATCH = 200
_View = Callable[[StoredRow, Graph, date], views.Hsds]


def write(session: Session, target: Path, *, today: date, strict: bool = False) -> dict[str, int]:
    """Write to a folder or zip (tabular), to .ndjson (a record a line) or .json (a Page). Gives rows by file.

    Strict is for readers who take the standard only: official columns, and lines that are services.
    """
    kind = target.suffix.lower()
    if kind not in (".ndjson", ".json", ".jsonl"):
        return package.write(session, target, today=today, strict=strict)
    with target.open("w", encoding="utf-8", newline="\n") as out:
        lines = ndjson(session, today=today, strict=strict)
        if kind == ".json":
            return {target.name: _page(out.write, lines)}
        return {target.name: sum(bool(out.write(f"{line}\n")) for line in lines)}


def ndjson(session: Session, *, today: date, strict: bool = False) -> Iterator[str]:
    """One full service a line, then what hangs on no service; a batch at a time: memory does not grow."""
    for row in _records(session, "service", today):
        yield _line(views.official(row) if strict else row)
    if not strict:
        for kind in _ALONE:
            for row in _records(session, kind, today):
                yield _line({**row, OBJECT: kind})


def _page(write: Callable[[str], int], lines: Iterator[str]) -> int:
    """The envelope of a list with everything on one page; counts stand at the end, when they are known."""
    write('{\n"contents":[')
    count = 0
    for count, line in enumerate(lines, start=1):
        write(f"{',' if count > 1 else ''}\n{line}")
    told = {"total_items": count, "total_pages": 1, "page_number": 1, "size": count}
    ends = {**told, "first_page": True, "last_page": True, "empty": not count}
    write(f"\n],{json.dumps(ends, separators=(',', ':'))[1:]}\n")
    return count


def _line(record: views.Hsds) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _records(session: Session, kind: str, today: date) -> Iterator[views.Hsds]:
    ids = list(session.scalars(_ids(kind)))
    load, view = _FORMS[kind]
    for start in range(0, len(ids), _BATCH):
        loaded = load(session, ids[start : start + _BATCH])
        rows = (loaded.get(kind, row_id) for row_id in ids[start : start + _BATCH])
        yield from (view(row, loaded, today) for row in rows if row is not None)
        session.expunge_all()


def _ids(kind: str) -> Select[UUID]:
    """Services; of the others only what stands in no full service."""
    table = OBJECTS[kind].model.__table__
    stmt = select(table.c.id).where(*published.whole(OBJECTS[kind], table)).order_by(table.c.id)
    held = [published.held_by(OBJECTS[other], via, table.c.id) for other, via in _HELD.get(kind, ())]
    if kind == "location":  # an organization's places stand in the organization
        held.append(and_(table.c.organization_id.is_not(None), published.points_at(_OWNER, table)))
    return stmt.where(~func.coalesce(or_(*held), False)) if held else stmt


_OWNER = next(ref for ref in OBJECTS["location"].references if ref.name == "organization_id")
_HELD: dict[str, Sequence[tuple[str, str]]] = {
    "organization": [("service", "organization_id")],
    "location": [("service_at_location", "location_id")],
}
# Of terms, taxonomies and units all are written: what is said with them stands in services, the whole list here.


def _bare_organization(row: StoredRow, loaded: Graph, today: date) -> views.Hsds:
    return views.full_organization(row, loaded, today, services="none")


_FORMS: dict[str, tuple[Callable[[Session, Sequence[UUID]], Graph], _View]] = {
    "service": (lambda session, ids: graph.of_services(session, ids, metadata=True), views.full_service),
    "organization": (lambda session, ids: graph.of_organizations(session, ids, metadata=True), _bare_organization),
    "location": (lambda session, ids: graph.of_locations(session, ids, metadata=True), views.location),
    "unit": (lambda session, ids: graph.of_rows(session, "unit", ids, metadata=True), views.unit),
    "taxonomy": (lambda session, ids: graph.of_rows(session, "taxonomy", ids, metadata=True), views.taxonomy),
    "taxonomy_term": (lambda session, ids: graph.of_terms(session, ids, metadata=True), views.term),
    "meta_table_description": (
        lambda session, ids: graph.of_rows(session, "meta_table_description", ids, metadata=True),
        views.table_description,
    ),
}
_ALONE = tuple(kind for kind in _FORMS if kind != "service")

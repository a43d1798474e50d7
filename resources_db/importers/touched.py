"""Which services an import touched: their own record, place, organization or a part. Search is told of each, once."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from resources_db import search_log
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers import steps
from resources_db.importers.changes import Change
from resources_db.importers.scratch import batched, open_scratch
from resources_db.importers.steps import Step
from resources_db.models.curation import ImportChange, ImportRun, SearchChange
from resources_db.models.directory import Service, ServiceAtLocation
from resources_db.vocab import ImportAction

BY_A_PART = "by_a_part"
"""Reason of plan rows for services whose own columns stayed: they hold the date of the edit before this one."""


_Column = InstrumentedAttribute[uuid.UUID]
_OWN = ("service", "service_at_location", "location", "organization")
_OWNERS = {
    kind.name: [
        (ref.column, ref.target)
        for ref in kind.references
        if ref.target in _OWN and (not kind.top_level or (kind.name, ref.target) == ("service_at_location", "service"))
    ]
    for kind in OBJECTS.values()
}


class Touched:
    """Gathers ids on disk: an import may touch every service there is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._store = open_scratch()

    def by(self, kind: Object, part: Sequence[Step]) -> None:
        """Note the services that these steps touch."""
        held: dict[str, set[str]] = defaultdict(set)
        if kind.name in _OWN and (kind.name != "organization" or part[0].action != ImportAction.CREATE):
            held[kind.name] = {str(step.record_id) for step in part}
        for column, target in _OWNERS[kind.name]:
            owners = (step.after.get(column) or step.before.get(column) for step in part)
            held[target] |= {str(owner) for owner in owners if owner}
        self._note(held["service"])
        link = ServiceAtLocation
        self._note_found(select(link.service_id), link.id, held["service_at_location"])
        self._note_found(select(link.service_id), link.location_id, held["location"])
        self._note_found(select(Service.id), Service.organization_id, held["organization"])

    def _note_found(self, stmt: Select[uuid.UUID], column: _Column, among: set[str]) -> None:
        if among:
            found = self._session.scalars(stmt.where(column.in_([uuid.UUID(one) for one in among])))
            self._note(map(str, found))

    def _note(self, services: Iterable[str]) -> None:
        self._store.executemany("INSERT OR IGNORE INTO touched VALUES (?)", ((one,) for one in services))

    def tell(self, run: ImportRun | None, *, now: datetime) -> None:
        """Tell search, and mark the services as edited; with a run, so that it can be taken back."""
        first = 1 << 40  # behind all rows of the plan
        for some in batched(self._store.execute("SELECT service_id FROM touched ORDER BY 1").fetchall()):
            ids = [uuid.UUID(one) for (one,) in some]
            rows = self._session.execute(select(Service.id, Service.edited_at).where(Service.id.in_(ids))).all()
            if run is not None:
                others = [(own, edited) for own, edited in rows if edited != now]
                changes = [
                    Change("service", str(own), ImportAction.SAME, {"edited_at": edited.isoformat()}, reason=BY_A_PART)
                    for own, edited in others
                ]
                if changes:
                    self._session.execute(insert(ImportChange), list(steps.rows(run.id, changes, first)))
                    first += len(changes)
                edit = update(Service).where(Service.id.in_([own for own, _ in others]))
                self._session.execute(edit.values(edited_at=now))
            if rows:
                self._session.execute(insert(SearchChange), [{"service_id": own, "at": now} for own, _ in rows])
        self._session.info[search_log.CHANGED] = True
        self._store.close()

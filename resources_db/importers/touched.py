"""Which services an import touched: their own record, place, organization or a part. Search is told of each, once."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from resources_db import search_log
from resources_db.hsds.fields import Object
from resources_db.importers import steps
from resources_db.importers.changes import Change
from resources_db.importers.scratch import batched, open_scratch
from resources_db.importers.steps import Step
from resources_db.models.curation import ImportChange, ImportRun, SearchChange
from resources_db.models.directory import Service, ServiceAtLocation
from resources_db.vocab import ImportAction

BY_A_PART = "by_a_part"
"""Reason of plan rows for services whose own columns stayed: they hold the date of the edit before this one."""


class Touched:
    """Gathers ids on disk: an import may touch every service there is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._store = open_scratch()

    def by(self, kind: Object, part: Sequence[Step]) -> None:
        """Note the services that these steps touch."""
        held: dict[str, set[uuid.UUID]] = defaultdict(set)
        for step in part:
            if kind.name != "organization" or step.action != ImportAction.CREATE:
                held[kind.name].add(step.record_id)
            values = {**step.before, **step.after}
            for ref in kind.references:
                owner = values.get(ref.column)
                if owner and (not kind.top_level or (kind.name, ref.target) == ("service_at_location", "service")):
                    held[ref.target].add(uuid.UUID(str(owner)))
        self._note(held["service"])
        link = ServiceAtLocation
        for ids, stmt in (
            (held["service_at_location"], select(link.service_id).where(link.id.in_(held["service_at_location"]))),
            (held["location"], select(link.service_id).where(link.location_id.in_(held["location"]))),
            (held["organization"], select(Service.id).where(Service.organization_id.in_(held["organization"]))),
        ):
            if ids:
                self._note(self._session.scalars(stmt))

    def _note(self, services: Iterable[uuid.UUID]) -> None:
        self._store.executemany("INSERT OR IGNORE INTO touched VALUES (?)", ((str(one),) for one in services))

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

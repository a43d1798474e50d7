"""Writes a plan down in many small transactions, so that nobody waits long for any of them.

Until the last one the run counts as failed: a plan that is not whole can never be applied.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from resources_db.engine import Database
from resources_db.importers import base
from resources_db.importers.planning import Plan, Progress, quiet
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.tenancy import Actor
from resources_db.vocab import ImportState


def keep(
    database: Database,
    planned: Plan,
    *,
    actor: Actor,
    now: datetime,
    progress: Progress = quiet,
    begun: Callable[[Session, ImportRun], None] = lambda _session, _run: None,
) -> uuid.UUID:
    """Give the run of a whole plan; `begun` is called in the transaction that makes the run."""
    with database.writing(actor) as session, session.begin():
        run = base.begin(session, planned, actor=actor, now=now)
        begun(session, run)
    done, total = 0, len(planned.changes)
    for rows in base.plan_rows(planned, run):
        with database.writing(actor) as session, session.begin():
            session.connection().execute(insert(ImportChange), rows)
        progress("keeping", done := done + len(rows), total)
    with database.writing(actor) as session, session.begin():
        session.get_one(ImportRun, run.id).state = ImportState.PLANNED
    return run.id

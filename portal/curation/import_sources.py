"""Where records come from: each source with what it brought and when, in the order in which they are believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request, url_for
from sqlalchemy import func, select

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import import_rows, tabs
from portal.curation.blueprint import blueprint
from resources_db import audit
from resources_db.models.curation import ImportRun
from resources_db.models.directory import Service
from resources_db.models.imports import DirectorySource
from resources_db.vocab import ImportState

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

STEP: Final = 10
LAST: Final = 100_000
"""A source nobody has placed yet comes after all others."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: how much of the directory is its, and what it last brought."""

    name: str
    services: int
    last: str
    brought: str
    run_id: str
    first: bool
    lowest: bool


@blueprint.get("/imports/sources")
@needs("listing.approve")
def import_sources() -> ResponseReturnValue:
    """All sources, the most believed first."""
    with db.reading() as session:
        rows = _rows(session, db.now())
    return htmx.render("curation/import_sources.html", tabs=tabs.tabs("imports"), rows=rows)


@blueprint.post("/imports/sources")
@needs("listing.import")
def move_source() -> ResponseReturnValue:
    """Put a source one place up or down."""
    name, up = request.form.get("name", ""), request.form.get("go") == "up"
    with db.transaction() as session:
        order = _order(session)
        if name in order:
            at = order.index(name)
            to = max(at - 1, 0) if up else min(at + 1, len(order) - 1)
            order.insert(to, order.pop(at))
            _keep(session, order, db.now())
            audit.record(
                session,
                action="source.moved",
                subject_kind="directory_source",
                subject_id=name,
                detail={"place": to + 1},
                now=db.now(),
            )
    return htmx.redirect(url_for("curation.import_sources"), toast=_("The order is saved."))


def _order(session: Session) -> list[str]:
    ranks = {row.name: row.rank for row in session.scalars(select(DirectorySource))}
    known = {*ranks, *session.scalars(select(ImportRun.source).distinct())}
    return sorted(known, key=lambda name: (ranks.get(name, LAST), name))


def _keep(session: Session, order: list[str], now: datetime) -> None:
    rows = {row.name: row for row in session.scalars(select(DirectorySource))}
    for place, name in enumerate(order, start=1):
        row = rows.get(name)
        if row is None:
            session.add(DirectorySource(name=name, rank=place * STEP, changed_at=now))
        elif row.rank != place * STEP:
            row.rank, row.changed_at = place * STEP, now


def _rows(session: Session, now: datetime) -> list[SourceRow]:
    held = select(Service.source, func.count()).where(Service.deleted_at.is_(None)).group_by(Service.source)
    services = {row[0]: row[1] for row in session.execute(held)}
    newest = select(ImportRun).where(ImportRun.state == ImportState.APPLIED).order_by(ImportRun.applied_at)
    last = {run.source: run for run in session.scalars(newest)}
    order = _order(session)
    return [
        SourceRow(
            name=name,
            services=services.get(name, 0),
            last=formatting.ago(run.applied_at or run.started_at, now) if (run := last.get(name)) else "",
            brought=import_rows.in_words(run) if run else "",
            run_id=str(run.id) if run else "",
            first=name == order[0],
            lowest=name == order[-1],
        )
        for name in order
    ]

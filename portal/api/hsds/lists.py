"""The five lists of HSDS: which ids a request asks for, and the short and full form of each record."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from resources_db.hsds import graph, queries, views
from resources_db.hsds.fields import StoredRow
from resources_db.hsds.graph import Graph
from resources_db.hsds.queries import Ids, Page, Query
from resources_db.hsds.values import show_datetime
from resources_db.hsds.views import Hsds
from resources_db.models.directory import Service
from resources_db.tenancy import system

READER: Final = system()
Load = Callable[[Session, Sequence[uuid.UUID]], Graph]
LoadWhole = Callable[[Session, Sequence[uuid.UUID], bool], Graph]
View = Callable[[StoredRow, Graph, date], Hsds]


@dataclass(frozen=True, slots=True)
class Form:
    """How much of a record is wanted; `history` brings its metadata too."""

    full: bool = False
    fuller: bool = False
    history: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One endpoint pair: the list and the record behind an id."""

    kind: str
    ids: Callable[[Session, Query], Ids]
    load_short: Load
    load_full: LoadWhole
    view_short: View
    view_full: View
    view_fuller: View | None = None
    minimal: Callable[[Session, Query], list[Hsds]] | None = None

    def page(self, session: Session, query: Query) -> Page:
        """The ids of one page and how many there are in all."""
        return queries.page(session, self.ids(session, query), query)

    def shown(self, session: Session, ids: Sequence[uuid.UUID], form: Form, today: date) -> list[Hsds]:
        """These records in their order and in one form; those that are not published are left out."""
        whole = form.full or form.fuller or form.history
        loaded = self.load_full(session, ids, form.history) if whole else self.load_short(session, ids)
        view = self.view_fuller if form.fuller and self.view_fuller else self.view_full if whole else self.view_short
        rows = (loaded.get(self.kind, row_id) for row_id in ids)
        return [view(row, loaded, today) for row in rows if row is not None]


def _minimal(session: Session, query: Query) -> list[Hsds]:
    """All services, so that a reader can see what changed."""
    fits = queries.services(query).order_by(None)
    rows = session.execute(queries.changed_at().where(Service.id.in_(fits)).order_by(Service.id)).all()
    return [_changed(row_id, [at for at in moments if at]) for row_id, *moments in rows]


def _changed(row_id: uuid.UUID, moments: Sequence[datetime]) -> Hsds:
    at = show_datetime(max(moments))
    return {"id": str(row_id), "modified_date": at, "last_modified": at}


SERVICES = Listed(
    kind="service",
    ids=lambda _session, query: queries.services(query),
    load_short=graph.short_services,
    load_full=lambda session, ids, told: graph.of_services(session, ids, metadata=told, history=told),
    view_short=views.short_service,
    view_full=views.full_service,
    minimal=_minimal,
)
ORGANIZATIONS = Listed(
    kind="organization",
    ids=lambda _session, query: queries.organizations(query),
    load_short=graph.short_organizations,
    load_full=lambda session, ids, told: graph.of_organizations(session, ids, metadata=told, history=told),
    view_short=views.short_organization,
    view_full=views.full_organization,
    view_fuller=views.fullest_organization,
)
LINKS = Listed(
    kind="service_at_location",
    ids=queries.links,
    load_short=graph.short_links,
    load_full=lambda session, ids, told: graph.of_links(session, ids, metadata=told, history=told),
    view_short=views.short_link,
    view_full=views.full_link,
)
TAXONOMIES = Listed(
    kind="taxonomy",
    ids=lambda _session, query: queries.taxonomies(query),
    load_short=lambda session, ids: graph.of_rows(session, "taxonomy", ids),
    load_full=lambda session, ids, told: graph.of_rows(session, "taxonomy", ids, metadata=told, history=told),
    view_short=views.taxonomy,
    view_full=views.taxonomy,
)
TERMS = Listed(
    kind="taxonomy_term",
    ids=lambda _session, query: queries.terms(query),
    load_short=graph.of_terms,
    load_full=lambda session, ids, told: graph.of_terms(session, ids, metadata=told, history=told),
    view_short=views.term,
    view_full=views.term,
)

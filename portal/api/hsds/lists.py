"""The five lists of HSDS: which ids a request asks for, and the short and full form of each record."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
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
View = Callable[[StoredRow, Graph, date], Hsds]


@dataclass(frozen=True, slots=True)
class Listed:
    """One endpoint pair: the list and the record behind an id."""

    kind: str
    ids: Callable[[Session, Query], Ids]
    load_short: Load
    load_full: Load
    view_short: View
    view_full: View
    minimal: Callable[[Session, Query], Hsds] | None = None

    def page(self, session: Session, query: Query) -> Page:
        """The ids of one page and how many there are in all."""
        return queries.page(session, self.ids(session, query), query)

    def every(self, session: Session, query: Query) -> list[uuid.UUID]:
        """All ids, for a stream."""
        return list(session.scalars(self.ids(session, query)))

    def short(self, session: Session, ids: Sequence[uuid.UUID], today: date) -> list[Hsds]:
        """The list form of these records, in their order."""
        return self._shown(ids, self.load_short(session, ids), self.view_short, today)

    def full(self, session: Session, ids: Sequence[uuid.UUID], today: date) -> list[Hsds]:
        """The full form of these records; those that are not published are left out."""
        return self._shown(ids, self.load_full(session, ids), self.view_full, today)

    def _shown(self, ids: Sequence[uuid.UUID], loaded: Graph, view: View, today: date) -> list[Hsds]:
        rows = (loaded.get(self.kind, row_id) for row_id in ids)
        return [view(row, loaded, today) for row in rows if row is not None]


def _minimal(session: Session, query: Query) -> Hsds:
    """All services in one page, so that a reader can see what changed."""
    fits = queries.services(query).order_by(None)
    stmt = select(Service.id, Service.last_modified, Service.edited_at).where(Service.id.in_(fits))
    rows = session.execute(stmt.order_by(Service.id)).all()
    contents = [_changed(row_id, show_datetime(modified or edited)) for row_id, modified, edited in rows]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def _changed(row_id: uuid.UUID, at: str) -> Hsds:
    return {"id": str(row_id), "modified_date": at, "last_modified": at}


SERVICES = Listed(
    kind="service",
    ids=lambda _session, query: queries.services(query),
    load_short=graph.short_services,
    load_full=graph.of_services,
    view_short=views.short_service,
    view_full=views.full_service,
    minimal=_minimal,
)
ORGANIZATIONS = Listed(
    kind="organization",
    ids=lambda _session, query: queries.organizations(query),
    load_short=graph.short_organizations,
    load_full=graph.of_organizations,
    view_short=views.short_organization,
    view_full=views.full_organization,
)
LINKS = Listed(
    kind="service_at_location",
    ids=queries.links,
    load_short=graph.short_links,
    load_full=graph.of_links,
    view_short=views.short_link,
    view_full=views.full_link,
)
TAXONOMIES = Listed(
    kind="taxonomy",
    ids=lambda _session, query: queries.taxonomies(query),
    load_short=graph.of_taxonomies,
    load_full=graph.of_taxonomies,
    view_short=views.taxonomy,
    view_full=views.taxonomy,
)
TERMS = Listed(
    kind="taxonomy_term",
    ids=lambda _session, query: queries.terms(query),
    load_short=graph.of_terms,
    load_full=graph.of_terms,
    view_short=views.term,
    view_full=views.term,
)

"""Which published records a request asks for: filters joined by AND, a count and one page of ids in a fixed order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select

from resources_db.hsds.nearby import links_near
from resources_db.models.curation import CapacityStatement, SearchChange
from resources_db.models.directory import (
    Attribute,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from resources_db.vocab import Confidentiality, Visibility

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

Ids = Select[uuid.UUID]
DEFAULT_PAGE, LARGEST_PAGE = 50, 500


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of the list endpoints; what is not given is None."""

    page: int = 1
    per_page: int = DEFAULT_PAGE
    search: str = ""
    taxonomy_term_id: uuid.UUID | None = None
    taxonomy_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    modified_after: datetime | None = None
    top_only: bool = False
    postcode: str = ""
    proximity: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    total: int
    ids: list[uuid.UUID]


def services(query: Query) -> Ids:
    stmt = select(Service.id).join(Organization, Organization.id == Service.organization_id)
    return stmt.where(*_service_filters(query)).order_by(Service.name, Service.id)


def organizations(query: Query) -> Ids:
    stmt = select(Organization.id).where(*_shown(Organization), *_words(query, Organization))
    if query.taxonomy_term_id or query.taxonomy_id:
        said = _said(query)
        of_services = select(Service.organization_id).where(*_shown(Service), Service.id.in_(said))
        stmt = stmt.where(or_(Organization.id.in_(said), Organization.id.in_(of_services)))
    return stmt.order_by(Organization.name, Organization.id)


def links(session: Session, query: Query) -> Ids:
    stmt = (
        select(ServiceAtLocation.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(*_shown(ServiceAtLocation), *_shown(Location), *_service_filters(replace(query, modified_after=None)))
        .where(Location.confidentiality != Confidentiality.HIDDEN)
    )
    if query.modified_after:
        own = (ServiceAtLocation.edited_at >= query.modified_after, Location.edited_at >= query.modified_after)
        stmt = stmt.where(or_(*own, *_changed_since(query.modified_after)))
    if query.postcode:
        stmt = stmt.where(ServiceAtLocation.id.in_(links_near(session, query.postcode, query.proximity)))
    return stmt.order_by(Service.name, ServiceAtLocation.id)


def taxonomies(query: Query) -> Ids:
    stmt = select(Taxonomy.id)
    if query.search:
        stmt = stmt.where(or_(*(_has(column, query.search) for column in (Taxonomy.name, Taxonomy.description))))
    return stmt.order_by(Taxonomy.name, Taxonomy.id)


def terms(query: Query) -> Ids:
    stmt = select(TaxonomyTerm.id)
    if query.search:
        stmt = stmt.where(or_(*(_has(column, query.search) for column in (TaxonomyTerm.name, TaxonomyTerm.code))))
    if query.taxonomy_id:
        stmt = stmt.where(TaxonomyTerm.taxonomy_id == query.taxonomy_id)
    if query.parent_id:
        stmt = stmt.where(TaxonomyTerm.parent_id == query.parent_id)
    if query.top_only:
        stmt = stmt.where(TaxonomyTerm.parent_id.is_(None))
    return stmt.order_by(TaxonomyTerm.name, TaxonomyTerm.id)


def page(session: Session, ids: Ids, query: Query) -> Page:
    """One page; beyond the end it is empty and the total stays true."""
    total = session.scalar(select(func.count()).select_from(ids.order_by(None).subquery())) or 0
    start = (query.page - 1) * query.per_page
    if start >= total:
        return Page(total, [])
    return Page(total, list(session.scalars(ids.limit(query.per_page).offset(start))))


def _shown(model: type[Organization | Service | Location | ServiceAtLocation]) -> tuple[ColumnElement[bool], ...]:
    return model.visibility == Visibility.PUBLIC, model.deleted_at.is_(None)


def _service_filters(query: Query) -> list[ColumnElement[bool]]:
    filters = [*_shown(Service), *_shown(Organization), *_words(query, Service)]
    if query.organization_id:
        filters.append(Service.organization_id == query.organization_id)
    if query.modified_after:
        filters.append(or_(*_changed_since(query.modified_after)))
    if query.taxonomy_term_id or query.taxonomy_id:
        filters.append(Service.id.in_(_said(query)))
    return filters


def changed_at() -> Select[uuid.UUID, datetime | None, datetime, datetime | None, datetime | None]:
    """Services with the moments at which anything of them changed; the last one counts."""
    logged = select(func.max(SearchChange.at)).where(SearchChange.service_id == Service.id).scalar_subquery()
    said = select(func.max(CapacityStatement.said_at)).where(CapacityStatement.service_id == Service.id)
    return select(Service.id, Service.last_modified, Service.edited_at, logged, said.scalar_subquery())


def _changed_since(moment: datetime) -> list[ColumnElement[bool]]:
    """The record or anything around it: the log that search follows has every change of a part, while it is kept."""
    logged = select(1).where(SearchChange.service_id == Service.id, SearchChange.at >= moment)
    said = select(1).where(CapacityStatement.service_id == Service.id, CapacityStatement.said_at >= moment)
    return [Service.last_modified >= moment, Service.edited_at >= moment, logged.exists(), said.exists()]


def _said(query: Query) -> Ids:
    """Ids of records of which a term is said."""
    stmt = select(Attribute.link_id)
    if query.taxonomy_term_id:
        stmt = stmt.where(Attribute.taxonomy_term_id == query.taxonomy_term_id)
    if query.taxonomy_id:
        of_taxonomy = select(TaxonomyTerm.id).where(TaxonomyTerm.taxonomy_id == query.taxonomy_id)
        stmt = stmt.where(Attribute.taxonomy_term_id.in_(of_taxonomy))
    return stmt


def _words(query: Query, model: type[Organization | Service]) -> list[ColumnElement[bool]]:
    """Every word must stand in the name or the description."""
    columns = (model.name, model.alternate_name, model.description)
    return [or_(*(_has(column, word) for column in columns)) for word in query.search.split()]


def _has(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)

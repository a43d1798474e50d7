"""Loads what may be published around some services, organizations or places, in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db.hsds import beside, published, trail
from resources_db.hsds.fields import OBJECTS, Object, StoredRow
from resources_db.vocab import Confidentiality

Id = uuid.UUID
_AT_ONCE = 5_000
_PARTS = (
    "address",
    "contact",
    "phone",
    "schedule",
    "service_area",
    "language",
    "cost_option",
    "required_document",
    "service_capacity",
    "accessibility",
    "funding",
    "url",
    "organization_identifier",
)


@dataclass(slots=True)
class Graph:
    """Rows by object and id, and who holds whom: `held["phone", "service_id"][service] -> rows`."""

    rows: dict[str, dict[Id, StoredRow]] = field(default_factory=lambda: defaultdict(dict))
    held: dict[tuple[str, str], dict[Id, list[StoredRow]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    added: beside.Beside = field(default_factory=dict)
    history: trail.Trail = field(default_factory=dict)

    def get(self, kind: str, row_id: Id | None) -> StoredRow | None:
        return self.rows[kind].get(row_id) if row_id else None

    def children(self, kind: str, via: str, owner: Id) -> list[StoredRow]:
        """In the order of their source; those that several records hold come last, by id.

        Each of their holders lists them, so that no one order of reading could keep the places they had.
        """
        found = self.held.get((kind, via), {}).get(owner, [])
        return sorted(found, key=lambda row: (*self._place(OBJECTS[kind], row), str(row.id)))

    def _place(self, kind: Object, row: StoredRow) -> tuple[bool, int]:
        holders = [ref for ref in kind.references if ref.target not in published.STAND_ALONE]
        shared = sum(self.get(ref.target, getattr(row, ref.column)) is not None for ref in holders) > 1
        return (True, 0) if shared else (False, getattr(row, "position", 0))

    def take(self, kind: Object, found: Iterable[StoredRow]) -> None:
        for row in found:
            if row.id in self.rows[kind.name]:
                continue
            self.rows[kind.name][row.id] = row
            for ref in kind.references:
                if (owner := getattr(row, ref.column)) is not None:
                    self.held[kind.name, ref.column][owner].append(row)
            if kind.name in ("attribute", "metadata"):
                link = "link_id" if kind.name == "attribute" else "resource_id"
                self.held[kind.name, link][getattr(row, link)].append(row)


def of_services(session: Session, ids: Iterable[Id], *, metadata: bool = False, history: bool = False) -> Graph:
    """Services with their organizations, programs, places and all parts."""
    graph = Graph()
    _load(session, graph, "service", "id", ids)
    _load(session, graph, "organization", "id", _ids(graph, "service", "organization_id"))
    _drop_without_owner(graph)
    return _around(session, graph, metadata=metadata, history=history)


def of_organizations(session: Session, ids: Iterable[Id], *, metadata: bool = False, history: bool = False) -> Graph:
    """Organizations with their services."""
    graph = Graph()
    _load(session, graph, "organization", "id", ids)
    _load(session, graph, "service", "organization_id", graph.rows["organization"])
    return _around(session, graph, metadata=metadata, history=history)


def of_links(session: Session, ids: Iterable[Id], *, metadata: bool = False, history: bool = False) -> Graph:
    """Services at places, each with its service and its place."""
    graph = Graph()
    _load(session, graph, "service_at_location", "id", ids)
    services = _ids(graph, "service_at_location", "service_id")
    _load(session, graph, "service", "id", services)
    _load(session, graph, "organization", "id", _ids(graph, "service", "organization_id"))
    _drop_without_owner(graph)
    return _around(session, graph, metadata=metadata, history=history)


def short_services(session: Session, ids: Iterable[Id]) -> Graph:
    """Services with their organizations and programs, nothing else."""
    graph = Graph()
    _load(session, graph, "service", "id", ids)
    _load(session, graph, "organization", "id", _ids(graph, "service", "organization_id"))
    _load(session, graph, "program", "id", _ids(graph, "service", "program_id"))
    _drop_without_owner(graph)
    return graph


def short_organizations(session: Session, ids: Iterable[Id]) -> Graph:
    """Organizations alone."""
    graph = Graph()
    _load(session, graph, "organization", "id", ids)
    return graph


def short_links(session: Session, ids: Iterable[Id]) -> Graph:
    """Services at places with the service and the place, nothing else."""
    wanted = list(ids)
    links = Graph()
    _load(session, links, "service_at_location", "id", wanted)
    graph = short_services(session, _ids(links, "service_at_location", "service_id"))
    _load(session, graph, "location", "id", _ids(links, "service_at_location", "location_id"))
    graph.take(OBJECTS["service_at_location"], links.rows["service_at_location"].values())
    return graph


def of_locations(session: Session, ids: Iterable[Id], *, metadata: bool = False) -> Graph:
    """Places with their parts."""
    graph = Graph()
    _load(session, graph, "location", "id", ids)
    return _around(session, graph, metadata=metadata, history=False)


def of_terms(session: Session, ids: Iterable[Id], *, metadata: bool = False, history: bool = False) -> Graph:
    """Taxonomy terms with their taxonomies."""
    graph = Graph()
    _load(session, graph, "taxonomy_term", "id", ids)
    _load(session, graph, "taxonomy", "id", _ids(graph, "taxonomy_term", "taxonomy_id"))
    return _said(session, graph, metadata=metadata, history=history)


def of_rows(session: Session, kind: str, ids: Iterable[Id], *, metadata: bool = False, history: bool = False) -> Graph:
    """Records that hold no others, with what is said of them."""
    graph = Graph()
    _load(session, graph, kind, "id", ids)
    return _said(session, graph, metadata=metadata, history=history)


def _around(session: Session, graph: Graph, *, metadata: bool, history: bool) -> Graph:
    _load(session, graph, "program", "id", _ids(graph, "service", "program_id"))
    _load(session, graph, "program", "organization_id", graph.rows["organization"])
    _load(session, graph, "service_at_location", "service_id", graph.rows["service"])
    _load(session, graph, "location", "id", _ids(graph, "service_at_location", "location_id"))
    _load(session, graph, "location", "organization_id", graph.rows["organization"])
    _drop_placeless(graph)
    for part in _PARTS:
        _load_held(session, graph, OBJECTS[part])
    _load(session, graph, "unit", "id", _ids(graph, "service_capacity", "unit_id"))
    graph.added = beside.of(session, *(graph.rows[one] for one in ("service", "service_at_location", "location")))
    return _said(session, graph, metadata=metadata, history=history)


def _said(session: Session, graph: Graph, *, metadata: bool, history: bool) -> Graph:
    """Attributes with their terms, and if wanted the metadata of imports and our own history."""
    everything = {row_id for rows in list(graph.rows.values()) for row_id in rows}
    _load(session, graph, "attribute", "link_id", everything)
    _load(session, graph, "taxonomy_term", "id", _ids(graph, "attribute", "taxonomy_term_id"))
    _load(session, graph, "taxonomy", "id", _ids(graph, "taxonomy_term", "taxonomy_id"))
    told = {row_id for rows in list(graph.rows.values()) for row_id in rows} - _protected(graph)
    if metadata:
        _load(session, graph, "metadata", "resource_id", told)
    if history:
        places = graph.rows["location"].keys() & told
        graph.history = trail.of(session, told, places=places, known=graph.rows["metadata"])
    return graph


def _load(session: Session, graph: Graph, kind_name: str, column: str, ids: Iterable[Id]) -> None:
    kind = OBJECTS[kind_name]
    wanted = sorted(set(ids), key=str)
    if column == "id":
        wanted = [one for one in wanted if one not in graph.rows[kind_name]]
    table = kind.model.__table__
    for start in range(0, len(wanted), _AT_ONCE):
        some = table.c[column].in_(wanted[start : start + _AT_ONCE])
        graph.take(kind, session.scalars(select(kind.model).where(some, *published.own(kind, table))))


def _load_held(session: Session, graph: Graph, kind: Object) -> None:
    """A part by all the records that may hold it, with one statement."""
    table = kind.model.__table__
    holders = {ref.column: list(graph.rows[ref.target]) for ref in kind.references if graph.rows[ref.target]}
    most = max(map(len, holders.values()), default=0)
    for start in range(0, most, _AT_ONCE):
        some = [table.c[column].in_(ids[start : start + _AT_ONCE]) for column, ids in holders.items() if ids[start:]]
        graph.take(kind, session.scalars(select(kind.model).where(or_(*some), *published.own(kind, table))))


def _protected(graph: Graph) -> set[Id]:
    """Places that are not public, and their addresses: what was once written of them is not told."""
    places = {
        row_id
        for row_id, row in graph.rows["location"].items()
        if getattr(row, "confidentiality") != Confidentiality.PUBLIC  # noqa: B009
    }
    addresses = graph.rows["address"].items()
    return places | {row_id for row_id, row in addresses if getattr(row, "location_id") in places}  # noqa: B009


def _ids(graph: Graph, kind: str, column: str) -> set[Id]:
    return {found for row in graph.rows[kind].values() if (found := getattr(row, column))}


def _drop_without_owner(graph: Graph) -> None:
    """A service of an organization that is not public is not public either."""
    owned = graph.rows["organization"]
    services = graph.rows["service"]
    for row_id in [one for one, row in services.items() if getattr(row, "organization_id") not in owned]:  # noqa: B009
        del services[row_id]


def _drop_placeless(graph: Graph) -> None:
    """A link to a place that may not be shown would only say that there is one."""
    links = graph.rows["service_at_location"]
    for row_id, row in list(links.items()):
        if getattr(row, "location_id") not in graph.rows["location"]:  # noqa: B009
            del links[row_id]
            for via in ("service_id", "location_id"):
                graph.held["service_at_location", via][getattr(row, via)].remove(row)

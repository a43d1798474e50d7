"""The nested JSON views of HSDS: full and list forms of each record. Reads a loaded graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from resources_db.hsds import beside, records
from resources_db.hsds.fields import NESTED, OBJECTS, WITHOUT_ATTRIBUTES
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from resources_db.hsds.fields import Member, StoredRow
    from resources_db.hsds.graph import Graph

Hsds = dict[str, object]
Services = Literal["full", "short", "none"]
_PLACE = ("latitude", "longitude", "external_identifier", "external_identifier_type", "x_geocode_source")
# What is not nested again inside which record: every path downwards ends.
_WITHIN: dict[str, frozenset[str]] = {
    "organization": frozenset({"organization", "program"}),
    "service": frozenset({"services", "service"}),
    "service_at_location": frozenset({"service_at_locations"}),
    "location": frozenset(),
}


def full_service(row: StoredRow, graph: Graph, today: date) -> Hsds:
    """A service with everything about it; its organization comes without its services."""
    return _nest("service", row, graph, today, without={"services", "service"})


def full_organization(row: StoredRow, graph: Graph, today: date, *, services: Services = "short") -> Hsds:
    """An organization with everything about it; its services in short, in full, or none."""
    without = {"organization", "service"} | (set() if services == "full" else {"services"})
    record = _nest("organization", row, graph, today, without=without)
    held = graph.children("service", "organization_id", row.id) if services == "short" else []
    if held:
        short = {"services": [_own("service", one, graph, today) for one in held]}
        ours = {name: record.pop(name) for name in list(record) if name.startswith("x_")}
        record |= short | ours
    return record


def fullest_organization(row: StoredRow, graph: Graph, today: date) -> Hsds:
    """An organization with its services in full."""
    return full_organization(row, graph, today, services="full")


def full_link(row: StoredRow, graph: Graph, today: date) -> Hsds:
    """A service at a place: both in full."""
    return _nest("service_at_location", row, graph, today, without={"service_at_locations", "services"})


def short_service(row: StoredRow, graph: Graph, today: date) -> Hsds:
    """The list form: the service's own members, its organization and program, no lists."""
    record = _own("service", row, graph, today)
    for kind in ("organization", "program"):
        held = graph.get(kind, getattr(row, f"{kind}_id"))
        if held is not None:
            record[kind] = _own(kind, held, graph, today)
    return record


def short_organization(row: StoredRow, graph: Graph, today: date) -> Hsds:
    return _own("organization", row, graph, today)


def short_link(row: StoredRow, graph: Graph, today: date) -> Hsds:
    record = _own("service_at_location", row, graph, today)
    place = graph.get("location", getattr(row, "location_id"))  # noqa: B009
    service = graph.get("service", getattr(row, "service_id"))  # noqa: B009
    if place is not None:
        record["location"] = _own("location", place, graph, today)
    if service is not None:
        record["service"] = short_service(service, graph, today)
    return record


def term(row: StoredRow, graph: Graph, today: date) -> Hsds:
    return _nest("taxonomy_term", row, graph, today, without=set())


def taxonomy(row: StoredRow, graph: Graph, today: date) -> Hsds:
    return _nest("taxonomy", row, graph, today, without=set())


def location(row: StoredRow, graph: Graph, today: date) -> Hsds:
    """A place that no service and no organization holds."""
    return _nest("location", row, graph, today, without=set())


def unit(row: StoredRow, graph: Graph, today: date) -> Hsds:
    return _nest("unit", row, graph, today, without=set())


def table_description(row: StoredRow, graph: Graph, today: date) -> Hsds:
    return _nest("meta_table_description", row, graph, today, without=set())


def official(record: Hsds) -> Hsds:
    """The record without any member of ours, however deep."""
    return {name: _official(value) for name, value in record.items() if not name.startswith("x_")}


def _official(value: object) -> object:
    if isinstance(value, dict):
        return official(value)
    return [_official(one) for one in value] if isinstance(value, list) else value


def _own(kind: str, row: StoredRow, graph: Graph, today: date) -> Hsds:
    """The members of the record itself."""
    values = records.plain_of(OBJECTS[kind], row)
    if kind == "location" and getattr(row, "confidentiality") != Confidentiality.PUBLIC:  # noqa: B009
        values = {name: value for name, value in values.items() if name not in _PLACE}
    offset = _offset(row, graph, today) if kind == "schedule" else None
    return records.to_hsds(kind, values, _added(row, graph, today), offset=offset)


def _added(row: StoredRow, graph: Graph, today: date) -> dict[str, object]:
    """Members that were kept from the source, and ours that stand in tables of their own."""
    return {**beside.without(row.extra), **beside.on(today, graph.added.get(row.id, {}))}


def _offset(row: StoredRow, graph: Graph, today: date) -> float | None:
    link = graph.get("service_at_location", getattr(row, "service_at_location_id"))  # noqa: B009
    place_id = getattr(link, "location_id", None) or getattr(row, "location_id")  # noqa: B009
    return records.offset_of_row(row, getattr(graph.get("location", place_id), "timezone", ""), today)


def _nest(kind: str, row: StoredRow, graph: Graph, today: date, *, without: Collection[str]) -> Hsds:
    record = _own(kind, row, graph, today)
    inner = set(without) | _WITHIN.get(kind, frozenset())
    for member in NESTED.get(kind, ()):
        if member.name in without:
            continue
        found = _held(member, row, graph)
        nested = [_nest(member.object, one, graph, today, without=inner) for one in found]
        complete = [one for one in nested if member.object != "address" or records.complete("address", one)]
        if partial := [one for one in nested if one not in complete]:
            record["x_address_text"] = "; ".join(map(_words, partial))
            record["x_addresses"] = partial
        if complete:
            record[member.name] = complete if member.many else complete[0]
    if kind not in WITHOUT_ATTRIBUTES:
        _add(record, "attributes", [_nest("attribute", one, graph, today, without=()) for one in _said(row, graph)])
    told = [_of_kind(kind, _own("metadata", one, graph, today)) for one in _history(row, graph)]
    _add(record, "metadata", [*told, *graph.history.get(row.id, [])])
    ours = {name: record.pop(name) for name in sorted(record) if name.startswith("x_")}
    return record | ours  # ours stand last, wherever they came from: the same bytes every time


def _of_kind(kind: str, metadata: Hsds) -> Hsds:
    """Some sources do not say which object was changed; the record that holds the row does."""
    return metadata if "resource_type" in metadata else {"id": metadata["id"], "resource_type": kind, **metadata}


def _add(record: Hsds, name: str, found: list[Hsds]) -> None:
    if found:
        record[name] = found


def _held(member: Member, row: StoredRow, graph: Graph) -> list[StoredRow]:
    if member.many:
        return graph.children(member.object, member.via, row.id)
    one = graph.get(member.object, getattr(row, member.via, None))
    return [] if one is None else [one]


def _said(row: StoredRow, graph: Graph) -> list[StoredRow]:
    return graph.children("attribute", "link_id", row.id)


def _history(row: StoredRow, graph: Graph) -> list[StoredRow]:
    return graph.children("metadata", "resource_id", row.id)


def _words(address: Hsds) -> str:
    parts = ("address_1", "address_2", "city", "state_province", "postal_code")
    return ", ".join(str(address[name]) for name in parts if name in address)

"""The nested JSON views of HSDS: full and list forms of each record. Reads a loaded graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resources_db.hsds import records
from resources_db.hsds.fields import NESTED, OBJECTS, WITHOUT_ATTRIBUTES
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from resources_db.hsds.fields import Member, StoredRow
    from resources_db.hsds.graph import Graph

Hsds = dict[str, object]
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


def full_organization(row: StoredRow, graph: Graph, today: date, *, services: bool = True) -> Hsds:
    """An organization, with its services in full unless told otherwise."""
    without = {"organization", "service"} if services else {"organization", "service", "services"}
    return _nest("organization", row, graph, today, without=without)


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
    return _own("taxonomy", row, graph, today)


def _own(kind: str, row: StoredRow, graph: Graph, today: date) -> Hsds:
    """The members of the record itself."""
    values = records.plain_of(OBJECTS[kind], row)
    if kind == "location" and getattr(row, "confidentiality") != Confidentiality.PUBLIC:  # noqa: B009
        values = {name: value for name, value in values.items() if name not in _PLACE}
    offset = _offset(row, graph, today) if kind == "schedule" else None
    return records.to_hsds(kind, values, row.extra, offset=offset)


def _offset(row: StoredRow, graph: Graph, today: date) -> float | None:
    """The zone of the place the hours are of, on their first day; else the offset the source gave."""
    link = graph.get("service_at_location", getattr(row, "service_at_location_id"))  # noqa: B009
    place_id = getattr(link, "location_id", None) or getattr(row, "location_id")  # noqa: B009
    place = graph.get("location", place_id)
    day: date = getattr(row, "valid_from") or today  # noqa: B009
    found = records.offset_hours(getattr(place, "timezone", ""), day)
    given: float | None = getattr(row, "timezone")  # noqa: B009
    return given if given is not None else found


def _nest(kind: str, row: StoredRow, graph: Graph, today: date, *, without: Collection[str]) -> Hsds:
    record = _own(kind, row, graph, today)
    inner = set(without) | _WITHIN.get(kind, frozenset())
    for member in NESTED.get(kind, ()):
        if member.name in without:
            continue
        found = _held(member, row, graph)
        nested = [_nest(member.object, one, graph, today, without=inner) for one in found]
        complete = [one for one in nested if member.object != "address" or records.complete("address", one)]
        if member.object == "address" and len(complete) < len(nested):
            record["x_address_text"] = "; ".join(_words(one) for one in nested if one not in complete)
        if complete:
            record[member.name] = complete if member.many else complete[0]
    if kind not in WITHOUT_ATTRIBUTES:
        _add(record, "attributes", [_nest("attribute", one, graph, today, without=()) for one in _said(row, graph)])
    _add(record, "metadata", [_own("metadata", one, graph, today) for one in _history(row, graph)])
    ours = {name: record.pop(name) for name in sorted(record) if name.startswith("x_")}
    return record | ours  # ours stand last, wherever they came from: the same bytes every time


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

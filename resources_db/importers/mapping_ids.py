"""Which records a table of a mapping makes, and the ids they get: the source's own, else made of their names."""

from collections.abc import Callable, Mapping

from resources_db.importers import mapping_steps
from resources_db.importers.mapping_lines import Table, joined, text
from resources_db.importers.mapping_steps import Cells, Maker

_ADDRESS_KEY = ("address_1", "city", "postal_code")


def made_here(table: Table) -> list[str]:
    """Which of organization, service and location have anything to say in this table."""
    kinds = []
    if table.named("organization.name") or table.named("organization.id"):
        kinds.append("organization")
    if table.named("service.name") or table.named("service.id"):
        kinds.append("service")
    place = [*table.of("location"), *table.of("address"), *table.named("location.id")]
    if any(entry.column for entry in place):
        kinds.append("location")
    return kinds


def id_maker(table: Table, kind: str, columns: list[str]) -> Maker:
    """The source's own id, or one made of names that is the same for the same thing in every row."""
    own = [entry.make for entry in table.named(f"{kind}.id")]
    own += [mapping_steps.maker({"column": column}, kind) for column in columns]
    fallback = _FALLBACKS[kind](table)

    def make(cells: Cells) -> str:
        given = [part for one in own if (part := text(one(cells)))]
        return "|".join(given) or fallback(cells)

    return make


def _by_name(table: Table) -> Callable[[Cells], str]:
    names = table.named("organization.name")
    return lambda cells: mapping_steps.key(joined(names, cells))


def _by_organization_and_name(table: Table) -> Callable[[Cells], str]:
    names = table.named("service.name")
    holder = table.ids.get("organization") or next(
        (entry.make for entry in table.named("service.organization_id")), None
    )

    def make(cells: Cells) -> str:
        name = mapping_steps.key(joined(names, cells))
        held = text(holder(cells)) if holder else ""
        return f"{held}/{name}" if name else ""

    return make


def _by_address(table: Table) -> Callable[[Cells], str]:
    lines = [entry for entry in table.of("address") if entry.name in _ADDRESS_KEY and entry.column]
    names = table.named("location.name")

    def make(cells: Cells) -> str:
        street = mapping_steps.key(joined(lines, cells)) or mapping_steps.key(joined(names, cells))
        service = table.ids.get("service")
        return street or (f"of {text(service(cells))}" if service and text(service(cells)) else "")

    return make


_FALLBACKS: Mapping[str, Callable[[Table], Callable[[Cells], str]]] = {
    "organization": _by_name,
    "service": _by_organization_and_name,
    "location": _by_address,
}

"""Parts and links that a row of a mapping makes: phones, hours, addresses, services at places, categories."""

from collections.abc import Iterator, Mapping
from typing import cast

from resources_db.importers import mapping_fields, mapping_steps
from resources_db.importers.mapping import RecordMap
from resources_db.importers.mapping_errors import BadMappingError
from resources_db.importers.mapping_lines import Entry, Table, constant, fields, text
from resources_db.importers.mapping_steps import Cells, Maker
from resources_db.importers.records import Copies

_Key = tuple[str, str, str]


def links(table: Table) -> Iterator[RecordMap]:
    """Service at place: of one row, or of ids that a row lists."""
    if "service" in table.ids and "location" in table.ids:
        yield _link(table, table.ids["service"], table.ids["location"])
    for entry in table.of("service_at_location"):
        if entry.name == "service_id" and "location" in table.ids:
            yield _link(table, entry.make, table.ids["location"])
        elif entry.name == "location_id" and "service" in table.ids:
            yield _link(table, table.ids["service"], entry.make)


def _link(table: Table, service: Maker, place: Maker) -> RecordMap:
    def both(cells: Cells) -> bool:
        return bool(service(cells)) and bool(place(cells))

    return RecordMap(
        kind="service_at_location",
        id=lambda cells: text(place(cells)),
        fields={"service_id": service, "location_id": lambda cells: text(place(cells))},
        columns={},
        only_if=both,
        each=("service_id",),
        copies="first",
        file=table.file,
        item_id=lambda place_id, service_id: f"{service_id}@{place_id}",
    )


def parts(table: Table, at: int) -> Iterator[RecordMap]:
    """Fields of one part stand together: a number begins a phone, the extension behind it belongs to it."""
    groups: dict[_Key, list[Entry]] = {}
    latest: dict[str, _Key] = {}
    filled = {entry.kind for entry in table.entries if entry.column}
    for entry in table.entries:
        if entry.kind in mapping_fields.PARTS and entry.kind in filled:
            latest[entry.kind] = _group(entry, groups, latest.get(entry.kind))
            groups.setdefault(latest[entry.kind], []).append(entry)
    for (kind, owner, part), lines in groups.items():
        yield _part(table, kind, owner, part, lines, at)


def _group(entry: Entry, groups: dict[_Key, list[Entry]], latest: _Key | None) -> _Key:
    if entry.part:
        return entry.kind, entry.owner, entry.part
    begins = mapping_fields.is_many(entry.to) and entry.kind != "address" and "join" not in entry.spec
    begun = latest is not None and any(other.to == entry.to for other in groups[latest])
    if (
        latest is not None
        and not (begins and begun)
        and entry.owner in (latest[1], mapping_fields.PARTS[entry.kind][1])
    ):
        return latest
    number = 1 + sum((kind, owner) == (entry.kind, entry.owner) for kind, owner, _part in groups)
    return entry.kind, entry.owner, str(number)


def _part(table: Table, kind: str, owner: str, part: str, lines: list[Entry], at: int) -> RecordMap:
    holder = table.ids.get(owner)
    if holder is None:
        raise BadMappingError("no_owner", str(at), f"{kind} → {owner}")
    made = fields(lines)
    for entry in lines:
        for name, value in cast("Mapping[str, object]", entry.spec.get("with") or {}).items():
            made.setdefault(name, constant(value))
    filled = tuple(dict.fromkeys(entry.name for entry in lines if entry.column))
    key = mapping_fields.PARTS[kind][0]
    made[f"{owner}_id"] = holder
    split = any(entry.name == key and entry.spec.get("split") for entry in lines)
    return RecordMap(
        kind=kind,
        id=lambda cells: f"{owner}:{text(holder(cells))}/{part}",
        fields=made,
        columns={entry.name: entry.column for entry in reversed(lines) if entry.column},
        only_if=lambda cells: bool(text(holder(cells))),
        each=(key,) if split else (),
        needs=(key,) if split else filled,
        clears=frozenset(entry.name for entry in lines if entry.spec.get("blank_clears")),
        copies=_copies(table, owner),
        file=table.file,
        item_id=(lambda part_id, item: f"{part_id}/{mapping_steps.key(item) or item}") if split else None,
    )


def _copies(table: Table, owner: str) -> Copies:
    """Rows that share an organization, or a place without an id, repeat its parts: the first row speaks."""
    if owner == "organization" or (owner == "location" and not table.names_places):
        return "first"
    return "agree" if "location" in table.ids else "once"


def category(table: Table, entry: Entry, at: int) -> Iterator[RecordMap]:
    """Each word of a category column is a term of the source, linked to the service of the row."""
    service = table.ids.get("service")
    if service is None:
        raise BadMappingError("no_owner", str(at), "taxonomy_term → service")

    def words(cells: Cells) -> list[str]:
        made = entry.make(cells)
        return made if isinstance(made, list) else [made] if made else []

    def keys(cells: Cells) -> list[str]:
        return [mapping_steps.key(word) or word for word in words(cells)]

    def allowed(cells: Cells) -> bool:
        return bool(text(service(cells)))

    yield RecordMap(
        kind="taxonomy_term",
        id=lambda _cells: "",
        fields={"name": words},
        columns={"name": entry.column},
        only_if=allowed,
        each=("name",),
        copies="first",
        file=table.file,
        item_id=lambda _none, word: mapping_steps.key(word) or word,
    )
    yield RecordMap(
        kind="attribute",
        id=service,
        fields={"taxonomy_term_id": keys, "link_id": service, "link_entity": constant("service")},
        columns={"taxonomy_term_id": entry.column},
        only_if=allowed,
        each=("taxonomy_term_id",),
        needs=("taxonomy_term_id",),
        copies="first",
        file=table.file,
        item_id=lambda service_id, term: f"{service_id}/{term}",
    )

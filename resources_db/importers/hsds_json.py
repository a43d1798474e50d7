"""Reads HSDS JSON: one record, a list, a Page, or ndjson of nested services, organizations or service_at_locations."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from resources_db.hsds.fields import NESTED, OBJECT, OBJECTS, WITHOUT_ATTRIBUTES
from resources_db.importers import json_stream, private_words
from resources_db.importers.files import Source
from resources_db.importers.records import OUR_EXTRAS, Item, Neutral, Problem, Severity, Where

_DEEPEST = 64
_Members = dict[str, object]


def recognise(source: Source) -> bool:
    if len(source.names) != 1 or not source.names[0].lower().endswith((".json", ".ndjson", ".jsonl")):
        return False
    first = next(_lines(source), None)
    return first is not None and (isinstance(first, Problem) or kind_of(first[1]) is not None)


def kind_of(record: _Members) -> str | None:
    """Which HSDS object is this? Told by the members only it has."""
    if "id" not in record:
        return None
    if (said := record.get(OBJECT)) in OBJECTS:
        return str(said)
    if "service" in record and "location" in record:
        return "service_at_location"
    if "status" in record and "name" in record:
        return "service"
    if "location_type" in record:
        return "location"
    if "taxonomy_detail" in record or "parent_id" in record or ("taxonomy_id" in record and "name" in record):
        return "taxonomy_term"
    if "name" in record and "version" in record:
        return "taxonomy"
    return "organization" if "name" in record else None


class HsdsJson:
    name = "hsds_json"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        told: set[str] = set()
        withheld: Counter[str] = Counter()
        for item in self._items():
            if isinstance(item, Problem) and item.code == "unknown_column":
                if item.column in told:
                    continue  # once for each member, not for each record
                told.add(item.column)
            elif isinstance(item, Neutral):
                for name in private_words.columns(item.extra.keys(), OUR_EXTRAS):
                    del item.extra[name]
                    withheld[f"{item.kind}.{name}"] += 1
            yield item
        yield from private_words.told(withheld, Where(PurePosixPath(self._source.names[0]).name))

    def _items(self) -> Iterator[Item]:
        for found in _lines(self._source):
            if isinstance(found, Problem):
                yield found
                continue
            where, record = found
            kind = kind_of(record)
            if kind is None:
                yield Problem(where, "no_such_table", "id", str(record.get("id", ""))[:80])
            else:
                yield from _flatten(kind, record, where, depth=0)


def _lines(source: Source) -> Iterator[tuple[Where, _Members] | Problem]:
    name = source.names[0]
    with source.text(name) as (stream, problems):
        yield from problems
        yield from json_stream.records(stream, PurePosixPath(name).name)


def _flatten(kind: str, record: _Members, where: Where, *, depth: int) -> Iterator[Item]:
    """The record itself, after the ones nested in it that it points at; lists point back at it."""
    if depth > _DEEPEST:
        yield Problem(where, "too_deep", kind)
        return
    own = dict(record)
    external_id = str(own.pop("id", "") or "").strip()
    for member in NESTED.get(kind, ()):
        inner = own.pop(member.name, None)
        for each in _inner(inner):
            one = dict(each)
            if member.many:
                one[member.via] = external_id
            else:
                own[member.via] = one.get("id")
                if member.object == "program" and "organization_id" in own:
                    one.setdefault("organization_id", own["organization_id"])
            yield from _flatten(member.object, one, where, depth=depth + 1)
    own.pop(OBJECT, None)
    if kind == "location" and (partial := _inner(own.pop("x_addresses", None))):
        own.pop("x_address_text", None)
        for each in partial:
            yield from _flatten("address", {**each, "location_id": external_id}, where, depth=depth + 1)
    yield from _common(kind, external_id, own, where, depth)
    names = {field.name for field in OBJECTS[kind].fields}
    values = {name: value for name, value in own.items() if name in names}
    extra = {name: value for name, value in own.items() if name not in names and value not in (None, "", [])}
    for name in sorted(extra.keys() - OUR_EXTRAS - private_words.columns(extra.keys(), OUR_EXTRAS)):
        yield Problem(where, "unknown_column", f"{kind}.{name}", severity=Severity.WARNING)
    yield Neutral(kind, external_id, values, where, extra, copies="agree")


def _common(kind: str, external_id: str, own: _Members, where: Where, depth: int) -> Iterator[Item]:
    """Members that nearly every object has: attributes and metadata, which point back by id and object name."""
    for one in _inner(own.pop("attributes", None)) if kind not in WITHOUT_ATTRIBUTES else ():
        linked = {**one, "link_id": external_id, "link_entity": one.get("link_entity") or kind}
        yield from _flatten("attribute", linked, where, depth=depth + 1)
    for one in _inner(own.pop("metadata", None)):
        held = {**one, "resource_id": external_id, "resource_type": kind}
        yield from _flatten("metadata", held, where, depth=depth + 1)


def _inner(value: object) -> list[_Members]:
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

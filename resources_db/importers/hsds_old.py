"""What tables and columns of HSDS 1.1 and 2.x were called, and what became of them in 3.x. Pure."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from resources_db.hsds.fields import OBJECTS
from resources_db.importers.records import Item, Neutral, Where

Implied = Mapping[str, object]
Cells = Mapping[str, str]
_NONE: Implied = MappingProxyType({})

# Tables by their file's name without ending; what the name alone says goes into every row.
_TABLES: Mapping[str, tuple[str, Implied]] = {
    "physical_address": ("address", {"address_type": "physical"}),
    "postal_address": ("address", {"address_type": "postal"}),
    "x_address": ("address", _NONE),
    "services_at_location": ("service_at_location", _NONE),
    "regular_schedule": ("schedule", {"freq": "WEEKLY"}),
    "holiday_schedule": ("schedule", {"x_kind": "holiday"}),
    "accessibility_for_disabilities": ("accessibility", _NONE),
    "service_attribute": ("attribute", {"link_entity": "service"}),
    "services_taxonomy": ("attribute", {"link_entity": "service"}),
    "service_taxonomy": ("attribute", {"link_entity": "service"}),
    "other_attribute": ("attribute", _NONE),
    "payment_accepted": ("payment", _NONE),
    "payments_accepted": ("payment", _NONE),
    "eligibility": ("eligibility", _NONE),
}
_FIELDS: Mapping[tuple[str, str], str] = {
    ("organization", "url"): "website",
    ("schedule", "weekday"): "byday",
    ("schedule", "original_text"): "x_original_text",
    ("schedule", "closed"): "x_closed",
    ("schedule", "start_date"): "valid_from",
    ("schedule", "end_date"): "valid_to",
    ("accessibility", "accessibility"): "description",
    ("language", "language"): "name",
    ("attribute", "service_id"): "link_id",
    ("attribute", "taxonomy_id"): "taxonomy_term_id",
    ("attribute", "taxonomy_detail"): "value",
    ("attribute", "link_type"): "link_type",
    ("taxonomy_term", "term"): "name",
    ("taxonomy_term", "vocabulary"): "taxonomy",
    ("service_area", "service_area"): "name",
    ("url", "name"): "label",
}
_OWN_RECORDS: Mapping[str, tuple[str, ...]] = {"phone": ("language",), "location": ("x_schedule",)}
_SEVERAL = re.compile(r"\s*[;/|]\s*|,\s+")
PAYMENT = "payment"


def table_of(stem: str, header: list[str]) -> tuple[str, Implied] | None:
    """The object that a file's rows are, by its name (one or many: `service`, `services`); None if it is none."""
    spelled = (stem, stem.removesuffix("s"), stem.removesuffix("es"), f"{stem.removesuffix('ies')}y")
    if "taxonomy" in spelled and stem != "taxonomies" and {"parent_id", "parent_name", "vocabulary"} & set(header):
        return "taxonomy_term", _NONE
    for one in spelled:
        if one in _TABLES:
            return _TABLES[one]
        if one in OBJECTS:
            return one, _NONE
    return None


def field_of(kind: str, column: str, header: list[str]) -> str:
    """The name that a column has today; its own when it has not changed."""
    if kind == "service" and column == "fees" and "fees_description" not in header:
        return "fees_description"
    return _FIELDS.get((kind, column), column)


def around(record: Neutral, cells: Cells) -> Iterator[Item]:
    """The record, changed where older columns hold what is a record of its own today, and those records."""
    if record.kind == "language":
        yield from _languages(record)
        return
    if record.kind == "attribute" and not record.values.get("link_entity") and cells.get("link_type") in OBJECTS:
        record.values["link_entity"] = record.values.pop("link_type")
    # What becomes a record of its own is no member kept aside any more; whoever takes the record may write it at once.
    for name in _OWN_RECORDS.get(record.kind, ()):
        record.extra.pop(name, None)
    yield record
    if record.kind == "phone" and (spoken := cells.get("language", "").strip()):
        own_id, columns = f"{record.external_id}/language", {"name": "language"}
        made = Neutral("language", own_id, {"name": spoken}, record.where, {}, columns, copies="first")
        made.values["phone_id"] = record.external_id
        yield from _languages(made)
    if record.kind == "location" and (hours := cells.get("x_schedule", "").strip()):
        values: dict[str, object] = {"location_id": record.external_id, "x_original_text": hours}
        columns = {"x_original_text": "x_schedule"}
        yield Neutral("schedule", f"location:{record.external_id}/words", values, record.where, {}, columns)
    if record.kind == "taxonomy_term":
        yield from _parent(record, cells)


def _parent(record: Neutral, cells: Cells) -> Iterator[Item]:
    """Some exports name the parent instead of giving its id: the name is a term as well."""
    name = cells.get("parent_name", "").strip()
    if name and cells.get("parent_id", "").strip() in ("", name):
        record.values["parent_id"] = name
        taxonomy = record.values.get("taxonomy", "")
        yield Neutral("taxonomy_term", name, {"name": name, "taxonomy": taxonomy}, record.where, copies="first")
    record.extra.pop("parent_name", None)


def _languages(record: Neutral) -> Iterator[Item]:
    """`English;Spanish` in one row of an older package is two languages."""
    parts = [part for part in _SEVERAL.split(str(record.values.get("name") or "")) if part]
    today = record.columns.get("name") == "name"
    if len(parts) <= 1 or today or record.values.get("code"):
        yield record
        return
    for at, part in enumerate(parts, start=1):
        own_id = record.external_id if at == 1 else f"{record.external_id}#{at}"
        values = {**record.values, "name": part}
        yield Neutral("language", own_id, values, record.where, {}, record.columns, record.copies)


def coined(taxonomy: str, word: str, link_id: str, where: Where, *, entity: str = "service") -> Iterator[Neutral]:
    """A word that is no object any more (a way to pay, a keyword): a term of the source's own, linked to the record."""
    key = " ".join(word.casefold().split())
    yield Neutral("taxonomy_term", f"{taxonomy}:{key}", {"name": word, "taxonomy": taxonomy}, where, copies="first")
    values: dict[str, object] = {"link_id": link_id, "link_entity": entity, "link_type": taxonomy}
    values["taxonomy_term_id"] = f"{taxonomy}:{key}"
    yield Neutral("attribute", f"{link_id}/{taxonomy}:{key}", values, where, copies="first")

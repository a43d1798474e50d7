"""The one table of HSDS 3.1 names: object, field, type, whether required, field group, our column.

Read from fields.csv, which is in order of insertion: a record stands after the ones it points at.
"""

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

from sqlalchemy.orm import Mapped

from resources_db.base import Base, JsonDict
from resources_db.models import directory
from resources_db.vocab import FieldGroup

Need = Literal["", "json", "table"]
HSDS_VERSION = "3.1"
OBJECT = "x_object"
"""Says what a line of a file is that is no service: a record that hangs on none."""
TOP_LEVEL = ("organization", "program", "service", "location", "service_at_location")


class StoredRow(Base):
    """What every row of the directory has, whatever its object. A name for the type checker; it makes no table."""

    __abstract__ = True

    id: Mapped[uuid.UUID]
    source: Mapped[str]
    external_id: Mapped[str]
    extra: Mapped[JsonDict]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    required: Need
    group: FieldGroup | None
    column: str

    @property
    def ours(self) -> bool:
        """An `x_` member, not HSDS."""
        return self.name.startswith("x_")

    @property
    def target(self) -> str:
        """The object a `ref:` field points at."""
        return self.type.removeprefix("ref:") if self.type.startswith("ref:") else ""


@dataclass(frozen=True, slots=True)
class Object:
    name: str
    file: str
    model: type[StoredRow]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    @property
    def references(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.target)

    @property
    def top_level(self) -> bool:
        return self.name in TOP_LEVEL

    def must_have(self, field: Field) -> bool:
        """Can no row be stored without it?"""
        return not self.model.__table__.c[field.column].nullable


@dataclass(frozen=True, slots=True)
class Member:
    """A nested record in JSON. `via` is the foreign key: on the nested one for lists, on the holder for single ones."""

    name: str
    object: str
    via: str
    many: bool = True


_FILES: Mapping[str, tuple[str, type[Base]]] = {
    "organization": ("organizations.csv", directory.Organization),
    "program": ("programs.csv", directory.Program),
    "service": ("services.csv", directory.Service),
    "location": ("locations.csv", directory.Location),
    "service_at_location": ("service_at_location.csv", directory.ServiceAtLocation),
    "address": ("addresses.csv", directory.Address),
    "contact": ("contacts.csv", directory.Contact),
    "phone": ("phones.csv", directory.Phone),
    "schedule": ("schedules.csv", directory.Schedule),
    "service_area": ("service_areas.csv", directory.ServiceArea),
    "language": ("languages.csv", directory.Language),
    "cost_option": ("cost_options.csv", directory.CostOption),
    "required_document": ("required_documents.csv", directory.RequiredDocument),
    "unit": ("units.csv", directory.Unit),
    "service_capacity": ("service_capacity.csv", directory.ServiceCapacity),
    "accessibility": ("accessibility.csv", directory.Accessibility),
    "funding": ("funding.csv", directory.Funding),
    "url": ("url.csv", directory.Url),
    "organization_identifier": ("organization_identifiers.csv", directory.OrganizationIdentifier),
    "taxonomy": ("taxonomies.csv", directory.Taxonomy),
    "taxonomy_term": ("taxonomy_terms.csv", directory.TaxonomyTerm),
    "attribute": ("attributes.csv", directory.Attribute),
    "metadata": ("metadata.csv", directory.Metadata),
    "meta_table_description": ("meta_table_descriptions.csv", directory.MetaTableDescription),
}


def _members(owner: str, *names: str) -> tuple[Member, ...]:
    """`phones=phone` is a list held by the owner's id; `>organization` a single one whose id the owner holds."""
    found = []
    for name in names:
        member, _, kind = name.lstrip(">").partition("=")
        single = name.startswith(">")
        via = f"{kind or member}_id" if single else f"{owner}_id"
        found.append(Member(member, kind or member, via, many=not single))
    return tuple(found)


NESTED: Mapping[str, tuple[Member, ...]] = {
    "organization": _members(
        "organization",
        "additional_websites=url",
        "funding",
        "contacts=contact",
        "phones=phone",
        "locations=location",
        "programs=program",
        "organization_identifiers=organization_identifier",
        "services=service",
    ),
    "service": _members(
        "service",
        "additional_urls=url",
        "phones=phone",
        "schedules=schedule",
        "service_areas=service_area",
        "service_at_locations=service_at_location",
        "languages=language",
        ">organization",
        "funding",
        "cost_options=cost_option",
        ">program",
        "required_documents=required_document",
        "contacts=contact",
        "capacities=service_capacity",
    ),
    "service_at_location": _members(
        "service_at_location",
        "service_areas=service_area",
        "contacts=contact",
        "phones=phone",
        "schedules=schedule",
        ">location",
        ">service",
    ),
    "location": _members(
        "location",
        "languages=language",
        "addresses=address",
        "contacts=contact",
        "accessibility",
        "phones=phone",
        "schedules=schedule",
    ),
    "contact": _members("contact", "phones=phone"),
    "phone": _members("phone", "languages=language"),
    "service_capacity": _members("service_capacity", ">unit"),
    "attribute": (Member("taxonomy_term", "taxonomy_term", "taxonomy_term_id", many=False),),
    "taxonomy_term": (Member("taxonomy_detail", "taxonomy", "taxonomy_id", many=False),),
}
WITHOUT_ATTRIBUTES = frozenset({"attribute", "taxonomy", "taxonomy_term", "metadata"})


def _read() -> Mapping[str, Object]:
    text = files("resources_db").joinpath("hsds/fields.csv").read_text("utf-8")
    rows: dict[str, list[Field]] = {}
    for row in csv.DictReader(text.splitlines()):
        group = FieldGroup(row["group"]) if row["group"] else None
        need: Need = "json" if row["required"] == "json" else "table" if row["required"] == "table" else ""
        field = Field(row["field"], row["type"], need, group, row["column"] or row["field"])
        rows.setdefault(row["object"], []).append(field)
    return MappingProxyType(
        {
            name: Object(name, _FILES[name][0], cast("type[StoredRow]", _FILES[name][1]), tuple(fields))
            for name, fields in rows.items()
        }
    )


OBJECTS: Mapping[str, Object] = _read()


@cache
def by_file() -> Mapping[str, Object]:
    return {each.file: each for each in OBJECTS.values()}

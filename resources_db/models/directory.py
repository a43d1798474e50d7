"""The directory: HSDS 3.1 objects under their HSDS names, with our own columns beside them.

Field meanings: the HSDS 3.1 schema. Text fields hold "" where the source said nothing.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from resources_db.base import Base, Id, JsonDict
from resources_db.vocab import (
    Access,
    Confidentiality,
    ConfirmMethod,
    CostKind,
    Delivery,
    GeocodeQuality,
    LocationType,
    ServiceStatus,
    Visibility,
)


def text_column() -> Mapped[str]:
    """A text field that may be empty, never null."""
    return mapped_column(default="")


class Record:
    """Columns of every top-level directory record: where it came from, its version, its three dates, who may see it."""

    source: Mapped[str] = text_column()
    external_id: Mapped[str] = text_column()
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[uuid.UUID | None]
    confirmed_method: Mapped[ConfirmMethod | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    deleted_at: Mapped[datetime | None]
    extra: Mapped[JsonDict] = mapped_column(default=dict)
    """Members of the source record that have no column here; kept, exported again, never dropped in silence."""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index]:
        """An index for look-ups by source and external id."""
        return (Index(f"ix_{cls.__tablename__}_source", "source", "external_id"),)  # type: ignore[attr-defined]


class Part:
    """A nested record: it belongs to the record above it, has an id of its own and keeps unknown members."""

    source: Mapped[str] = text_column()
    external_id: Mapped[str] = text_column()
    position: Mapped[int] = mapped_column(default=0)
    extra: Mapped[JsonDict] = mapped_column(default=dict)


def owner(table: str) -> Mapped[uuid.UUID | None]:
    """A nullable foreign key to the record a part belongs to."""
    return mapped_column(ForeignKey(f"{table}.id"), index=True)


class Organization(Record, Base):
    """HSDS organization."""

    __tablename__ = "organization"

    id: Mapped[Id]
    name: Mapped[str]
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    email: Mapped[str] = text_column()
    website: Mapped[str] = text_column()
    tax_status: Mapped[str] = text_column()
    tax_id: Mapped[str] = text_column()
    year_incorporated: Mapped[float | None]
    legal_status: Mapped[str] = text_column()
    logo: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()
    parent_organization_id: Mapped[uuid.UUID | None]


class Program(Record, Base):
    """HSDS program."""

    __tablename__ = "program"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str]
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()


class Service(Record, Base):
    """HSDS service, and what we know of it beyond HSDS (exported as x_ members)."""

    __tablename__ = "service"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    program_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str]
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    url: Mapped[str] = text_column()
    email: Mapped[str] = text_column()
    status: Mapped[ServiceStatus] = mapped_column(default=ServiceStatus.ACTIVE)
    interpretation_services: Mapped[str] = text_column()
    application_process: Mapped[str] = text_column()
    fees_description: Mapped[str] = text_column()
    wait_time: Mapped[str] = text_column()
    fees: Mapped[str] = text_column()
    accreditations: Mapped[str] = text_column()
    eligibility_description: Mapped[str] = text_column()
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str] = text_column()
    licenses: Mapped[str] = text_column()
    alert: Mapped[str] = text_column()
    last_modified: Mapped[datetime | None]
    needs: Mapped[list[str]] = mapped_column(default=list)
    """Ids of our needs list, the main ones first."""
    also_serves: Mapped[list[str]] = mapped_column(default=list)
    needs_origin: Mapped[str] = text_column()
    """taxonomy, suggested, staff."""
    access: Mapped[Access | None]
    cost_kind: Mapped[CostKind] = mapped_column(default=CostKind.UNKNOWN)
    delivery: Mapped[Delivery | None]
    call_first: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship(lazy="raise")


class Location(Record, Base):
    """HSDS location. The street, point and ZIP of a confidential place never stand here."""

    __tablename__ = "location"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    location_type: Mapped[LocationType] = mapped_column(default=LocationType.PHYSICAL)
    url: Mapped[str] = text_column()
    name: Mapped[str] = text_column()
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    transportation: Mapped[str] = text_column()
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    external_identifier: Mapped[str] = text_column()
    external_identifier_type: Mapped[str] = text_column()
    timezone: Mapped[str] = text_column()
    """IANA name; empty means the installation's."""
    geocode_quality: Mapped[GeocodeQuality] = mapped_column(default=GeocodeQuality.NONE)
    geocode_source: Mapped[str] = text_column()
    confidentiality: Mapped[Confidentiality] = mapped_column(default=Confidentiality.PUBLIC)


class ServiceAtLocation(Record, Base):
    """HSDS service_at_location: the link that makes a listing."""

    __tablename__ = "service_at_location"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id"), index=True)
    description: Mapped[str] = text_column()


class Address(Part, Base):
    """HSDS address."""

    __tablename__ = "address"

    id: Mapped[Id]
    location_id: Mapped[uuid.UUID | None] = owner("location")
    attention: Mapped[str] = text_column()
    address_1: Mapped[str] = text_column()
    address_2: Mapped[str] = text_column()
    city: Mapped[str] = text_column()
    region: Mapped[str] = text_column()
    state_province: Mapped[str] = text_column()
    postal_code: Mapped[str] = text_column()
    country: Mapped[str] = mapped_column(default="US")
    address_type: Mapped[LocationType] = mapped_column(default=LocationType.PHYSICAL)


class ConfidentialPlace(Base):
    """Street, point and ZIP of a non-public place as one sealed JSON text; only repositories/confidential.py reads it."""

    __tablename__ = "confidential_place"

    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id"), primary_key=True)
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]


class Phone(Part, Base):
    """HSDS phone, with the parsed number beside the original."""

    __tablename__ = "phone"

    id: Mapped[Id]
    location_id: Mapped[uuid.UUID | None] = owner("location")
    service_id: Mapped[uuid.UUID | None] = owner("service")
    organization_id: Mapped[uuid.UUID | None] = owner("organization")
    contact_id: Mapped[uuid.UUID | None] = owner("contact")
    service_at_location_id: Mapped[uuid.UUID | None] = owner("service_at_location")
    number: Mapped[str]
    extension: Mapped[str] = text_column()
    type: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    e164: Mapped[str] = text_column()
    short_code: Mapped[bool] = mapped_column(default=False)
    accepts_sms: Mapped[bool | None]
    private: Mapped[bool] = mapped_column(default=False)


class Schedule(Part, Base):
    """HSDS schedule; times are local wall times "HH:MM" of the place's zone."""

    __tablename__ = "schedule"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID | None] = owner("service")
    location_id: Mapped[uuid.UUID | None] = owner("location")
    service_at_location_id: Mapped[uuid.UUID | None] = owner("service_at_location")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    dtstart: Mapped[date | None]
    timezone: Mapped[float | None]
    until: Mapped[date | None]
    count: Mapped[int | None]
    wkst: Mapped[str] = text_column()
    freq: Mapped[str] = text_column()
    interval: Mapped[int | None]
    byday: Mapped[str] = text_column()
    byweekno: Mapped[str] = text_column()
    bymonthday: Mapped[str] = text_column()
    byyearday: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    opens_at: Mapped[str] = text_column()
    closes_at: Mapped[str] = text_column()
    schedule_link: Mapped[str] = text_column()
    attending_type: Mapped[str] = text_column()
    notes: Mapped[str] = text_column()
    original_text: Mapped[str] = text_column()
    parse_confidence: Mapped[float] = mapped_column(default=1.0)
    kind: Mapped[str] = mapped_column(default="regular")
    closed: Mapped[bool] = mapped_column(default=False)
    closes_next_day: Mapped[bool] = mapped_column(default=False)


class ServiceArea(Part, Base):
    """HSDS service_area; lists of ZIPs, counties (FIPS) and states are ours, exported as x_ members."""

    __tablename__ = "service_area"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID | None] = owner("service")
    service_at_location_id: Mapped[uuid.UUID | None] = owner("service_at_location")
    name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    extent: Mapped[str] = text_column()
    extent_type: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()
    zip_codes: Mapped[list[str]] = mapped_column(default=list)
    counties: Mapped[list[str]] = mapped_column(default=list)
    states: Mapped[list[str]] = mapped_column(default=list)
    nationwide: Mapped[bool] = mapped_column(default=False)


class Contact(Part, Base):
    """HSDS contact."""

    __tablename__ = "contact"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID | None] = owner("organization")
    service_id: Mapped[uuid.UUID | None] = owner("service")
    service_at_location_id: Mapped[uuid.UUID | None] = owner("service_at_location")
    location_id: Mapped[uuid.UUID | None] = owner("location")
    name: Mapped[str] = text_column()
    title: Mapped[str] = text_column()
    department: Mapped[str] = text_column()
    email: Mapped[str] = text_column()
    private: Mapped[bool] = mapped_column(default=False)


class Language(Part, Base):
    """HSDS language: a language spoken at a service or location."""

    __tablename__ = "language"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID | None] = owner("service")
    location_id: Mapped[uuid.UUID | None] = owner("location")
    phone_id: Mapped[uuid.UUID | None] = owner("phone")
    name: Mapped[str] = text_column()
    code: Mapped[str] = text_column()
    note: Mapped[str] = text_column()


class CostOption(Part, Base):
    """HSDS cost_option."""

    __tablename__ = "cost_option"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID | None] = owner("service")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    option: Mapped[str] = text_column()
    currency: Mapped[str] = text_column()
    amount: Mapped[float | None]
    amount_description: Mapped[str] = text_column()


class RequiredDocument(Part, Base):
    """HSDS required_document."""

    __tablename__ = "required_document"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID | None] = owner("service")
    document: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()


class Unit(Part, Base):
    """HSDS unit of a capacity."""

    __tablename__ = "unit"

    id: Mapped[Id]
    name: Mapped[str]
    scheme: Mapped[str] = text_column()
    identifier: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()


class ServiceCapacity(Part, Base):
    """HSDS service_capacity: a counted capacity."""

    __tablename__ = "service_capacity"

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"))
    available: Mapped[float]
    maximum: Mapped[float | None]
    description: Mapped[str] = text_column()
    updated: Mapped[datetime]


class Accessibility(Part, Base):
    """HSDS accessibility."""

    __tablename__ = "accessibility"

    id: Mapped[Id]
    location_id: Mapped[uuid.UUID | None] = owner("location")
    description: Mapped[str] = text_column()
    details: Mapped[str] = text_column()
    url: Mapped[str] = text_column()


class Funding(Part, Base):
    """HSDS funding."""

    __tablename__ = "funding"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID | None] = owner("organization")
    service_id: Mapped[uuid.UUID | None] = owner("service")
    source_text: Mapped[str] = text_column()
    """HSDS calls this field `source`; that name is taken by our own provenance column."""


class Url(Part, Base):
    """HSDS url."""

    __tablename__ = "url"

    id: Mapped[Id]
    label: Mapped[str] = text_column()
    url: Mapped[str]
    organization_id: Mapped[uuid.UUID | None] = owner("organization")
    service_id: Mapped[uuid.UUID | None] = owner("service")


class OrganizationIdentifier(Part, Base):
    """HSDS organization_identifier."""

    __tablename__ = "organization_identifier"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    identifier_scheme: Mapped[str] = text_column()
    identifier_type: Mapped[str] = text_column()
    identifier: Mapped[str]


class Taxonomy(Part, Base):
    """HSDS taxonomy."""

    __tablename__ = "taxonomy"

    id: Mapped[Id]
    name: Mapped[str]
    description: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()
    version: Mapped[str] = text_column()


class TaxonomyTerm(Part, Base):
    """HSDS taxonomy_term."""

    __tablename__ = "taxonomy_term"

    id: Mapped[Id]
    code: Mapped[str] = text_column()
    name: Mapped[str]
    description: Mapped[str] = text_column()
    parent_id: Mapped[uuid.UUID | None]
    taxonomy: Mapped[str] = text_column()
    language: Mapped[str] = text_column()
    taxonomy_id: Mapped[uuid.UUID | None] = owner("taxonomy")
    term_uri: Mapped[str] = text_column()


class Attribute(Part, Base):
    """HSDS attribute: a taxonomy term said of any record."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_link_id", "link_id"),)

    id: Mapped[Id]
    link_id: Mapped[uuid.UUID]
    taxonomy_term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    link_type: Mapped[str] = text_column()
    link_entity: Mapped[str] = text_column()
    value: Mapped[str] = text_column()
    label: Mapped[str] = text_column()


class Metadata(Part, Base):
    """HSDS metadata: the published history of a field."""

    __tablename__ = "metadata"
    __table_args__ = (Index("ix_metadata_resource_id", "resource_id"),)

    id: Mapped[Id]
    resource_id: Mapped[uuid.UUID]
    resource_type: Mapped[str] = text_column()
    last_action_date: Mapped[date | None]
    last_action_type: Mapped[str] = text_column()
    field_name: Mapped[str] = text_column()
    previous_value: Mapped[str] = text_column()
    replacement_value: Mapped[str] = text_column()
    updated_by: Mapped[str] = text_column()


class MetaTableDescription(Part, Base):
    """HSDS meta_table_description."""

    __tablename__ = "meta_table_description"

    id: Mapped[Id]
    name: Mapped[str] = text_column()
    language: Mapped[str] = text_column()
    character_set: Mapped[str] = text_column()


class ListingText(Base):
    """Words of a listing in another language (HSDS has no per-field translation)."""

    __tablename__ = "listing_text"
    __table_args__ = (UniqueConstraint("record_id", "field", "lang"),)

    id: Mapped[Id]
    record_id: Mapped[uuid.UUID] = mapped_column(index=True)
    field: Mapped[str]
    lang: Mapped[str]
    text: Mapped[str]
    origin: Mapped[str] = mapped_column(default="human")
    state: Mapped[str] = mapped_column(default="reviewed")
    source_hash: Mapped[str]
    editor_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]

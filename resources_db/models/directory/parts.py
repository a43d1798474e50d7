"""The nested records: how to reach, when, where to, in which language, at what cost, with which papers."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id
from resources_db.models.directory.columns import Part, owner, text_column
from resources_db.vocab import LocationType


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
    vanity: Mapped[str] = mapped_column(default="", server_default="")
    """The number in letters, as it is advertised."""
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
    holiday: Mapped[str] = mapped_column(default="", server_default="")
    """A named holiday (resources_db.holidays) that this row speaks of in every year; empty for dates."""


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

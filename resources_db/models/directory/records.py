"""Records that stand for themselves: organization, program, service, location, and the link that makes a listing."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Id
from resources_db.models.directory.columns import Record, text_column
from resources_db.vocab import Access, Confidentiality, CostKind, Delivery, GeocodeQuality, LocationType, ServiceStatus


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
    alert_from: Mapped[date | None]
    alert_until: Mapped[date | None]
    """The alert shows on these days only; without them always."""
    takes_referrals: Mapped[bool] = mapped_column(default=True, server_default="1")
    """False: shown, but nobody is sent there through us (AvailableForReferral = No)."""
    last_modified: Mapped[datetime | None]
    needs: Mapped[list[str]] = mapped_column(default=list)
    """Ids of our needs list, the main ones first."""
    also_serves: Mapped[list[str]] = mapped_column(default=list)
    needs_origin: Mapped[str] = text_column()
    """A NeedsOrigin; empty when the source names our needs itself."""
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


class ConfidentialPlace(Base):
    """Street, point and ZIP of a non-public place as sealed JSON; only repositories/confidential.py reads it."""

    __tablename__ = "confidential_place"

    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id"), primary_key=True)
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]


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
    """A WordsOrigin."""
    state: Mapped[str] = mapped_column(default="reviewed")
    """A WordsState."""
    source_hash: Mapped[str]
    reviewed_by: Mapped[uuid.UUID | None]
    reviewed_at: Mapped[datetime | None]
    editor_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]

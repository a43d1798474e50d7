"""Patients, who looks after them, their needs, and what was noted about contacts. All personal, all of one org."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Created, Id, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import Channel, ContactResult, HelpWanted, NeedSource, NeedStatus, Priority, Tier


class Patient(TenantRow, Created, Base):
    """A person a care team helps. ZIP3 and language stay clear for reports; all that names the person is encrypted."""

    __tablename__ = "patient"
    __table_args__ = (
        Index("ix_patient_org_id_phone_bix", "org_id", "phone_bix"),
        UniqueConstraint("org_id", "external_bix"),
    )

    id: Mapped[Id]
    care_team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("care_team.id"), index=True)
    first_name_enc: Sealed = sealed()
    first_name = Encrypted()
    last_name_enc: Sealed = sealed()
    last_name = Encrypted()
    birth_date_enc: Sealed = sealed()
    birth_date = Encrypted()
    """ISO date, or empty when not known."""
    phone_enc: Sealed = sealed()
    phone = Encrypted()
    """E.164, or empty."""
    phone_bix: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_flag: Mapped[str | None]
    """Why texts do not reach the number (landline, unreachable), as learned from the provider."""
    street_enc: Sealed = sealed()
    street = Encrypted()
    zip_enc: Sealed = sealed()
    zip = Encrypted()
    zip3: Mapped[str] = mapped_column(default="")
    household_enc: Sealed = sealed()
    household = Encrypted()
    """JSON: {"adults": 2, "children": 3}."""
    safe_contact_enc: Sealed = sealed()
    safe_contact = Encrypted()
    external_bix: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Blind index of the record number of the source system, for imports and FHIR."""
    language: Mapped[str] = mapped_column(default="en")
    format_locale: Mapped[str | None]
    interpreter: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str | None]
    travel: Mapped[str | None]
    never_text: Mapped[bool] = mapped_column(default=False)
    never_call: Mapped[bool] = mapped_column(default=False)
    contact_prohibited: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Nobody outside may contact the person, and no text goes out: the care team asks first by the safe way."""
    discharged_at: Mapped[datetime | None]
    pinned_tier: Mapped[Tier | None]
    pinned_until: Mapped[date | None]
    pinned_because_enc: Sealed = sealed()
    pinned_because = Encrypted()
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    needs: Mapped[list["Need"]] = relationship(back_populates="patient", lazy="raise")


class PatientNameToken(TenantRow, Base):
    """Cut keyed hashes of a patient's name words: finds by name without storing names."""

    __tablename__ = "patient_name_token"
    __table_args__ = (Index("ix_patient_name_token_org_id_token", "org_id", "token"),)

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)


class Assignment(TenantRow, Created, Base):
    """Who leads a patient since when; a hand-over ends one row and starts the next."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_open",
            "org_id",
            "patient_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"))
    navigator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Need(TenantRow, Created, Base):
    """One sub-need of a patient. "Days without help" runs from identified_at to met_at, only while help is wanted."""

    __tablename__ = "need"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    subneed: Mapped[str]
    """Id of our needs list. A sensitive one is stored as its domain here and in full in `subneed_full`."""
    subneed_full_enc: Sealed = sealed()
    subneed_full = Encrypted()
    details_enc: Sealed = sealed()
    details = Encrypted()
    source: Mapped[NeedSource]
    help_wanted: Mapped[HelpWanted] = mapped_column(default=HelpWanted.YES)
    status: Mapped[NeedStatus] = mapped_column(default=NeedStatus.OPEN)
    urgency: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    identified_at: Mapped[datetime]
    date_at_risk: Mapped[date | None]
    """Shut-off, eviction: the day until which help must come."""
    met_at: Mapped[datetime | None]
    met_method: Mapped[str | None]
    closed_at: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship(back_populates="needs", lazy="raise")


class NeedEvent(TenantRow, Base):
    """Append-only: what changed on a need, by whom."""

    __tablename__ = "need_event"
    __table_args__ = (Index("ix_need_event_at", "at"),)

    id: Mapped[Id]
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), index=True)
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    method: Mapped[str | None]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class Note(TenantRow, Created, Base):
    """A note of the care team about a patient or one referral; never leaves the org."""

    __tablename__ = "note"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    body_enc: Sealed = sealed()
    body = Encrypted()
    version: Mapped[int] = mapped_column(default=1)


class ContactAttempt(TenantRow, Created, Base):
    """One try to reach a patient or an agency by voice or in person; drives contact clocks."""

    __tablename__ = "contact_attempt"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    channel: Mapped[Channel]
    inbound: Mapped[bool] = mapped_column(default=False)
    result: Mapped[ContactResult]
    minutes: Mapped[int | None]
    at: Mapped[datetime]

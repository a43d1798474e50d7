"""What a patient agreed to, and what was disclosed because of it. Rows are never edited: a change is a new row."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Created, Id, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import Channel, ConsentMethod, ConsentScope, RecipientKind, TextingLevel


class Consent(TenantRow, Created, Base):
    """Agreement to share personal facts with named recipients or classes of services (referrals.md section 11)."""

    __tablename__ = "consent"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    given_by: Mapped[str] = mapped_column(default="patient")
    """patient, or the representative's capacity (parent, guardian, power of attorney)."""
    scope: Mapped[ConsentScope] = mapped_column(default=ConsentScope.PROGRAM)
    categories: Mapped[list[str]] = mapped_column(default=list)
    """Names of the fields that may be shared; empty means the allow-list of each need's domain."""
    flags: Mapped[list[str]] = mapped_column(default=list)
    """part2, dv, hiv, behavioral, minor."""
    discloser: Mapped[str] = mapped_column(default="", server_default="")
    """Who may disclose, as the form names it (42 CFR 2.31)."""
    purpose: Mapped[str] = mapped_column(default="", server_default="")
    """What the facts are shared for, as the form says it."""
    signed_on: Mapped[date | None]
    told: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """What the person was told: right to revoke, consequences of a no, redisclosure."""
    method: Mapped[ConsentMethod]
    witness_enc: Sealed = sealed()
    witness = Encrypted()
    wording_version: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool] = mapped_column(default=False)
    effective_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[uuid.UUID | None]
    revoked_how: Mapped[str | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))

    recipients: Mapped[list["ConsentRecipient"]] = relationship(back_populates="consent", lazy="raise")


class ConsentRecipient(TenantRow, Base):
    """One recipient of a consent: an organization of the directory, or all services of a need domain."""

    __tablename__ = "consent_recipient"

    id: Mapped[Id]
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    kind: Mapped[RecipientKind]
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    domain: Mapped[str | None]

    consent: Mapped[Consent] = relationship(back_populates="recipients", lazy="raise")


class TextingConsent(TenantRow, Created, Base):
    """Agreement to be texted at one number: who, when, how, exact wording. Separate from consent to share."""

    __tablename__ = "texting_consent"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    phone_bix: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    level: Mapped[TextingLevel] = mapped_column(default=TextingLevel.NEUTRAL)
    how: Mapped[str]
    wording_version: Mapped[str]
    wording: Mapped[str] = mapped_column(default="", server_default="")
    """The words as they were read aloud or shown; empty in rows older than this column."""
    language: Mapped[str]
    interpreter: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_how: Mapped[str | None]
    withdrawn_by: Mapped[uuid.UUID | None]


class Disclosure(TenantRow, Base):
    """One outward view of personal facts: which fields, to whom, by what channel, under which consent."""

    __tablename__ = "disclosure"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    recipient: Mapped[str]
    """patient, agency:<contact id>, print, export."""
    fields: Mapped[list[str]]
    channel: Mapped[Channel]
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    user_id: Mapped[uuid.UUID | None]
    notice_version: Mapped[str | None]
    at: Mapped[datetime]
    withdrawn_note: Mapped[str | None]

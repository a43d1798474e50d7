"""Ways in: links in texts and mails, staff sessions, counted tries; and the audit trail."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id, JsonDict, TenantRow
from resources_db.vocab import LinkPurpose


class AccessLink(TenantRow, Base):
    """A link in a text or mail. Only the SHA-256 of its token is stored."""

    __tablename__ = "access_link"

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    purpose: Mapped[LinkPurpose]
    subject_kind: Mapped[str]
    """send_batch for patients, referral for agencies, service for listing checks."""
    subject_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency_contact.id"), index=True)
    number_bix: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    """First POST; fetches of the page are not openings."""
    uses: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)


class LinkPass(TenantRow, Base):
    """A browser that passed a link's check: the short cookie `__Host-link` names it."""

    __tablename__ = "link_pass"

    id: Mapped[Id]
    link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_link.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    stepped_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WebSession(Base):
    """A server-side session; the cookie holds a random id whose SHA-256 is the key."""

    __tablename__ = "web_session"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    membership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("membership.id"))
    data: Mapped[JsonDict] = mapped_column(default=dict)
    agent: Mapped[str] = mapped_column(default="")
    network: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    authenticated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class RateLimit(Base):
    """Counted tries in a window. Keys are keyed hashes, never an address or a number."""

    __tablename__ = "rate_limit"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class AuditEvent(Base):
    """One hash-chained audit row (a trigger refuses UPDATE and DELETE). Ids and codes only."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "seq"), Index("ix_audit_event_org_id_at", "org_id", "at"))

    id: Mapped[Id]
    chain: Mapped[str]
    """The org's id, or "installation"."""
    seq: Mapped[int]
    at: Mapped[datetime]
    org_id: Mapped[uuid.UUID | None]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[JsonDict] = mapped_column(default=dict)
    prev_mac: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """The last row of each chain; locked last in a transaction, so that chains never deadlock."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class Setting(Base):
    """An installation-wide value that is not configuration: which languages are on, a demo seed's progress."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[JsonDict] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None]

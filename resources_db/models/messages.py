"""Messages (texts and mails), their events, what came in, who must not be texted, and the open questions."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Created, Id, JsonDict, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import MessageChannel, MessageState, SuppressionWhy


class Message(TenantRow, Base):
    """One outbox row: the text frozen as it will be sent, and how far it got. The row, not the queue, is the truth."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("org_id", "dedupe_key"),
        Index("ix_message_state_due_at", "state", "due_at"),
        Index("ix_message_subject_kind_subject_id", "subject_kind", "subject_id"),
    )

    id: Mapped[Id]
    channel: Mapped[MessageChannel]
    token: Mapped[str] = mapped_column(unique=True)
    """128 random bits; stands in the status callback URL."""
    to_enc: Sealed = sealed()
    to = Encrypted()
    to_bix: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    email_subject: Mapped[str | None]
    body_enc: Sealed = sealed()
    body = Encrypted()
    lang: Mapped[str]
    encoding: Mapped[str | None]
    segments: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    with_person: Mapped[bool] = mapped_column(default=False)
    replies_to_inbound: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    dedupe_key: Mapped[str]

    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    attempt: Mapped[int] = mapped_column(default=0)
    run: Mapped[int] = mapped_column(default=0)
    intent_at: Mapped[datetime | None]
    reconcile_at: Mapped[datetime | None]
    sid: Mapped[str | None] = mapped_column(unique=True)
    provider_status: Mapped[str | None]
    error_code: Mapped[str | None]
    held_why: Mapped[str | None]
    price: Mapped[Decimal | None]
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class MessageEvent(TenantRow, Base):
    """Append-only: every step of a message. Provider reports are deduplicated by (sid, status, code)."""

    __tablename__ = "message_event"
    __table_args__ = (
        Index(
            "uq_message_event_report",
            "sid",
            "provider_status",
            "error_code",
            unique=True,
            sqlite_where=text("kind = 'status'"),
            postgresql_where=text("kind = 'status'"),
        ),
    )

    id: Mapped[Id]
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    """queued, intent, posted, adopted, status, held, expired, cancelled, suppressed, dup_sid, ..."""
    provider_status: Mapped[str] = mapped_column(default="")
    error_code: Mapped[str] = mapped_column(default="")
    sid: Mapped[str] = mapped_column(default="")
    attempt: Mapped[int] = mapped_column(default=0)


class InboundMessage(TenantRow, Base):
    """One text that came in; stored before it is understood. Belongs to the org whose thread the number is in."""

    __tablename__ = "inbound_message"
    __table_args__ = (Index("ix_inbound_message_from_bix_at", "from_bix", "at"),)

    id: Mapped[Id]
    message_sid: Mapped[str] = mapped_column(unique=True)
    from_enc: Sealed = sealed()
    from_bix: Mapped[bytes] = mapped_column(LargeBinary)
    to_number: Mapped[str] = mapped_column(default="")
    body_enc: Sealed = sealed()
    body = Encrypted()
    opt_out_type: Mapped[str | None]
    read_as: Mapped[str]
    """stop, start, help, answer:1, hold, free."""
    question_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sms_question.id"))
    patient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    handled_by: Mapped[uuid.UUID | None]
    handled_at: Mapped[datetime | None]
    at: Mapped[datetime]


class UnmatchedReport(Base):
    """A provider report we could not place: kept and counted, answered 2xx."""

    __tablename__ = "unmatched_report"

    id: Mapped[Id]
    kind: Mapped[str]
    sid: Mapped[str] = mapped_column(default="")
    provider_status: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Suppression(Base):
    """A number that gets no texts from this site. One open row a number; a STOP binds all senders."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_open",
            "phone_bix",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    phone_bix: Mapped[bytes] = mapped_column(LargeBinary)
    why: Mapped[SuppressionWhy]
    by: Mapped[uuid.UUID | None]
    """The member of staff who wrote it down; None where the phone, the page or the provider said so."""
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None]
    lifted_by: Mapped[uuid.UUID | None]


class SmsHold(Base):
    """A number on hold until a person has read what it wrote ("please stop texting me")."""

    __tablename__ = "sms_hold"

    id: Mapped[Id]
    phone_bix: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    why: Mapped[str]
    at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[uuid.UUID | None]
    decided: Mapped[str | None]
    """go_on or stop; None while it waits for a person."""


class SmsQuestion(TenantRow, Base):
    """The open question of a number: what 1, 2 and 3 mean now. At most one open per number and role."""

    __tablename__ = "sms_question"
    __table_args__ = (
        Index(
            "uq_sms_question_open",
            "phone_bix",
            "role",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    phone_bix: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    role: Mapped[str]
    """patient or agency."""
    question: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class TextTemplate(TenantRow, Created, Base):
    """Words that staff text again and again: one person's own, or the team's. Shipped ones stand in the catalogs."""

    __tablename__ = "text_template"

    id: Mapped[Id]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    """Whose it is; None is the whole team's."""
    title: Mapped[str]
    lang: Mapped[str]
    body_enc: Sealed = sealed()
    body = Encrypted()
    retired_at: Mapped[datetime | None]


class SmsUsage(TenantRow, Base):
    """Texts and segments of an org on a day."""

    __tablename__ = "sms_usage"
    __table_args__ = (UniqueConstraint("org_id", "day"),)

    id: Mapped[Id]
    day: Mapped[date]
    messages: Mapped[int] = mapped_column(default=0)
    segments: Mapped[int] = mapped_column(default=0)


class QueuePause(Base):
    """Sending is paused for a reason that a person must mend (credentials, sender); survives restarts."""

    __tablename__ = "queue_pause"

    id: Mapped[Id]
    why: Mapped[str]
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[uuid.UUID | None]


class WorkerSlot(Base):
    """A worker that was seen lately; for the status page."""

    __tablename__ = "worker_slot"

    slot: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    version: Mapped[str]
    facts: Mapped[JsonDict] = mapped_column(default=dict)

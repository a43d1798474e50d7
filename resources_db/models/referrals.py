"""Requests for help, the attempts (referrals), their append-only events, answers, due rows and worklist items."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Created, Id, JsonDict, TenantRow, words
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.models.people import Need, Patient
from resources_db.vocab import (
    BatchState,
    BusinessStatus,
    Channel,
    EventKind,
    PatientReason,
    PatientWord,
    Priority,
    Question,
    Reason,
    ReferralState,
    RequestStatus,
    Side,
    TaskKind,
    Tier,
    WhyCode,
)

TERMINAL = "'served','partly_served','declined','not_served','withdrawn','no_response','error'"


class ServiceRequest(TenantRow, Created, Base):
    """One wish for help with one need; it may have several attempts."""

    __tablename__ = "service_request"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), index=True)
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.ACTIVE)
    priority: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    asked_enc: Sealed = sealed()
    asked = Encrypted()
    closed_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship(lazy="raise")


class SendBatch(TenantRow, Created, Base):
    """One press of Send: frozen text and link, several draft referrals. It leaves when `releasing_at` has come."""

    __tablename__ = "send_batch"
    __table_args__ = (UniqueConstraint("org_id", "idempotency_key"),)

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    state: Mapped[BatchState] = mapped_column(default=BatchState.WAITING)
    run: Mapped[int] = mapped_column(default=0)
    releasing_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    blocked_why: Mapped[str | None]
    body_enc: Sealed = sealed()
    body = Encrypted()
    """The patient's text, exactly as previewed; empty when no text goes out."""
    to_enc: Sealed = sealed()
    to = Encrypted()
    language: Mapped[str]
    purpose: Mapped[str]
    link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_link.id"))
    with_person: Mapped[bool] = mapped_column(default=False)
    bundle_id: Mapped[uuid.UUID | None]
    """The bundle it was made from. No foreign key: SQLite would have to make a table anew that others point at."""
    idempotency_key: Mapped[str]

    referrals: Mapped[list["Referral"]] = relationship(back_populates="batch", lazy="raise")


class Referral(TenantRow, Created, Base):
    """One attempt with one listing. Only `referrals.create` and `referrals.progress` write its state."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_org_id_patient_id", "org_id", "patient_id"),
        Index("ix_referral_org_id_state", "org_id", "state"),
        UniqueConstraint("org_id", "ref"),
        Index(
            "uq_referral_open_attempt",
            "org_id",
            "request_id",
            "service_id",
            unique=True,
            sqlite_where=text(f"state NOT IN ({TERMINAL})"),
            postgresql_where=text(f"state NOT IN ({TERMINAL})"),
        ),
    )

    id: Mapped[Id]
    ref: Mapped[str]
    """Four letters that staff and agency say on the phone."""
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_request.id"), index=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"))
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("send_batch.id"), index=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency_contact.id"))
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.DRAFT)
    business_status: Mapped[BusinessStatus | None]
    priority: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    sensitive: Mapped[bool] = mapped_column(default=False)
    shared_fields: Mapped[list[str]] = mapped_column(default=list)
    note_for_agency_enc: Sealed = sealed()
    note_for_agency = Encrypted()
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    reason: Mapped[Reason | None]
    next_on: Mapped[date | None]
    """Expected or agreed day: appointment, waitlist, next step."""
    next_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    terminal_at: Mapped[datetime | None]
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    correction_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    version: Mapped[int] = mapped_column(default=1)

    patient: Mapped[Patient] = relationship(lazy="raise")
    request: Mapped[ServiceRequest] = relationship(lazy="raise")
    batch: Mapped[SendBatch | None] = relationship(back_populates="referrals", lazy="raise")
    events: Mapped[list["ReferralEvent"]] = relationship(lazy="raise", order_by="ReferralEvent.seq")


class ReferralEvent(TenantRow, Base):
    """Append-only (a trigger refuses UPDATE and DELETE). The state of a referral is the fold of its moves."""

    __tablename__ = "referral_event"
    __table_args__ = (
        UniqueConstraint("org_id", "referral_id", "seq"),
        UniqueConstraint("org_id", "referral_id", "idempotency_key"),
        Index("ix_referral_event_recorded_at", "recorded_at"),
    )

    id: Mapped[Id]
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    seq: Mapped[int]
    kind: Mapped[EventKind]
    from_state: Mapped[ReferralState | None] = mapped_column(words(ReferralState, "from_state"))
    to_state: Mapped[ReferralState | None] = mapped_column(words(ReferralState, "to_state"))
    business_status: Mapped[BusinessStatus | None]
    reason: Mapped[Reason | None]
    text_enc: Sealed = sealed()
    text = Encrypted()
    next_on: Mapped[date | None]
    side: Mapped[Side]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    channel: Mapped[Channel]
    said_by: Mapped[str | None]
    """Who at the agency said it ("phone: Denise")."""
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    """Codes and ids only."""
    idempotency_key: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class PatientAnswer(TenantRow, Base):
    """The patient's own word about a referral or a need. It never changes the agency's state."""

    __tablename__ = "patient_answer"
    __table_args__ = (UniqueConstraint("org_id", "idempotency_key"),)

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("send_batch.id"))
    question: Mapped[Question]
    word: Mapped[PatientWord]
    reason: Mapped[PatientReason | None]
    text_enc: Sealed = sealed()
    text = Encrypted()
    language: Mapped[str]
    channel: Mapped[Channel]
    idempotency_key: Mapped[str]
    at: Mapped[datetime]


class AnswerTakenBack(TenantRow, Base):
    """The patient pressed the wrong button: this answer counts for nothing any more. Append-only, like the answer."""

    __tablename__ = "answer_taken_back"
    __table_args__ = (UniqueConstraint("answer_id"),)

    id: Mapped[Id]
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient_answer.id"))
    at: Mapped[datetime]


class ReferralTask(TenantRow, Base):
    """A due row: a question, a nudge, a time-out. Fired by compare-and-swap on done_at, each once."""

    __tablename__ = "referral_task"
    __table_args__ = (
        UniqueConstraint("org_id", "dedupe_key"),
        Index(
            "ix_referral_task_open",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("send_batch.id"))
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"))
    kind: Mapped[TaskKind]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    dedupe_key: Mapped[str]
    created_at: Mapped[datetime]


class WorklistItem(TenantRow, Created, Base):
    """One thing a navigator should look at, with the code and facts that say why."""

    __tablename__ = "worklist_item"
    __table_args__ = (
        Index(
            "uq_worklist_item_open",
            "org_id",
            "subject",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_worklist_item_org_id_owner_id", "org_id", "owner_id"),
    )

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    why: Mapped[WhyCode]
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    """Codes, ids, dates and public names (an agency), never a person's words."""
    words_enc: Sealed = sealed()
    words = Encrypted()
    """A person's own words, where the item is about them (a reply, a manual note)."""
    subject: Mapped[str]
    """What the item is about; one open item for each, e.g. "no_reply:<referral id>"."""
    tier: Mapped[Tier]
    due_at: Mapped[datetime]
    snoozed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]
    done_how: Mapped[str | None]
    undo_until: Mapped[datetime | None]


class AgencyContact(Base):
    """Where an agency wants its referrals: mail or text, language, and whether facts need a code first."""

    __tablename__ = "agency_contact"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    """E.164 that takes texts, or empty."""
    phone_bix: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    preferred: Mapped[Channel] = mapped_column(default=Channel.EMAIL)
    language: Mapped[str] = mapped_column(default="en")
    code_needed: Mapped[bool] = mapped_column(default=True)
    best_time: Mapped[str] = mapped_column(default="")
    digest: Mapped[bool] = mapped_column(default=True, server_default="1")
    """Whether the weekly list of open referrals is wanted."""
    digest_over: Mapped[int] = mapped_column(default=3, server_default="3")
    """The weekly list comes when more than so many referrals are open."""
    code_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Wrong codes over all links of this contact, since the first of them at `code_missed_at`."""
    code_missed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

"""How listings stay true: history, policy, claims, reviews, campaigns of questions, duplicates, confidentiality."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id, JsonDict, JsonList
from resources_db.vocab import (
    AskState,
    CampaignState,
    ChangeOrigin,
    ClaimState,
    Confidentiality,
    LowerState,
    PairState,
    PolicyDecision,
    ReviewState,
    ReviewWhy,
)


class RecordHistory(Base):
    """One field of one record changed: from what, to what, by which role, when. Never of a confidential place."""

    __tablename__ = "record_history"
    __table_args__ = (Index("ix_record_history_record_id_seq", "record_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    """The id of the HSDS metadata record made of this row."""
    record_kind: Mapped[str]
    record_id: Mapped[uuid.UUID]
    service_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The service whose page tells this."""
    location_id: Mapped[uuid.UUID | None]
    field: Mapped[str]
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    """HSDS last_action_type: create, update, delete."""
    role: Mapped[str]
    """agency, directory team, import: NAME; never a person's name."""
    actor_id: Mapped[uuid.UUID | None]
    change_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    run_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    undoes: Mapped[uuid.UUID | None]
    kept: Mapped[JsonDict | None]
    """The rows behind the old words as they stood, so that an undo brings back more than the words."""
    at: Mapped[datetime]


class PublishPolicy(Base):
    """What happens to a change of a group of fields by an origin; a missing row means review."""

    __tablename__ = "publish_policy"
    __table_args__ = (UniqueConstraint("risk", "origin"),)

    id: Mapped[Id]
    risk: Mapped[str]
    """room, hours_contact, details, identity, closing: the rows of directory.md section 8."""
    origin: Mapped[ChangeOrigin]
    decision: Mapped[PolicyDecision]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None]


class ListingClaim(Base):
    """An agency account says that an organization of the directory is its own."""

    __tablename__ = "listing_claim"

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    org_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("org.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(default=ClaimState.ASKED)
    method: Mapped[str] = mapped_column(default="")
    """mail_on_record, mail_on_domain, person."""
    mailed_to: Mapped[str] = mapped_column(default="")
    """A public address of the record, never a private one."""
    code_hash: Mapped[bytes | None]
    code_until: Mapped[datetime | None]
    misses: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    why: Mapped[str] = mapped_column(default="")


class ListingReview(Base):
    """Somebody should look at a listing, and why. Opened by outcomes, answers, campaigns and clocks."""

    __tablename__ = "listing_review"
    __table_args__ = (Index("ix_listing_review_state_service_id", "state", "service_id"),)

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID | None]
    why: Mapped[ReviewWhy]
    from_role: Mapped[str]
    """agency, navigator, patient, campaign, clock, import: never a person, a patient or a referral."""
    note: Mapped[str] = mapped_column(default="")
    times: Mapped[int] = mapped_column(default=1)
    """How often the same was said while this was open."""
    change_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("listing_change.id"))
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.OPEN)
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    until: Mapped[datetime | None]
    assigned_to: Mapped[uuid.UUID | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None]
    closed_note: Mapped[str] = mapped_column(default="")
    undo_of: Mapped[uuid.UUID | None]


class Campaign(Base):
    """Questions to many agencies: is your listing still right?"""

    __tablename__ = "campaign"

    id: Mapped[Id]
    name: Mapped[str]
    chosen: Mapped[JsonDict] = mapped_column(default=dict)
    """The filter it was made with."""
    note: Mapped[str] = mapped_column(default="")
    """A sentence of the team's own in the message."""
    org_id: Mapped[uuid.UUID | None]
    """The directory team that asks: its name and phone stand in the messages."""
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.DRAFT)
    created_at: Mapped[datetime]
    created_by: Mapped[uuid.UUID | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CampaignAsk(Base):
    """One contact of a campaign with all its listings: asked, reminded, answered."""

    __tablename__ = "campaign_ask"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id"),
        Index("ix_campaign_ask_state_next_at", "state", "next_at"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency_contact.id"), index=True)
    channel: Mapped[str]
    state: Mapped[AskState] = mapped_column(default=AskState.WAITING)
    why_not: Mapped[str] = mapped_column(default="")
    link_id: Mapped[uuid.UUID | None]
    reminders: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class CampaignListing(Base):
    """One listing a contact is asked about, and what was said of it."""

    __tablename__ = "campaign_listing"
    __table_args__ = (UniqueConstraint("ask_id", "service_id", "location_id"),)

    id: Mapped[Id]
    ask_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign_ask.id"), index=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID | None]
    answer: Mapped[str] = mapped_column(default="")
    """still_right, changed, closed, not_us; empty = nothing yet."""
    answered_at: Mapped[datetime | None]


class AskRest(Base):
    """Do not ask a contact until a day, or never again."""

    __tablename__ = "ask_rest"

    id: Mapped[Id]
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency_contact.id"), index=True)
    until: Mapped[datetime | None]
    """None: for good."""
    why: Mapped[str] = mapped_column(default="")
    said_by: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DuplicatePair(Base):
    """Two records that may be one. Suggested with reasons; only a person merges."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (UniqueConstraint("kind", "first_id", "second_id"),)

    id: Mapped[Id]
    kind: Mapped[str]
    first_id: Mapped[uuid.UUID] = mapped_column(index=True)
    second_id: Mapped[uuid.UUID] = mapped_column(index=True)
    score: Mapped[float]
    band: Mapped[str]
    """likely, maybe."""
    reasons: Mapped[JsonList] = mapped_column(default=list)
    signature: Mapped[str]
    """Of both names and addresses: a pair that was told apart comes back only when one of them changes."""
    state: Mapped[PairState] = mapped_column(default=PairState.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]


class RecordMerge(Base):
    """A merge a person made, with what is needed to take it back."""

    __tablename__ = "record_merge"

    id: Mapped[Id]
    kind: Mapped[str]
    survivor_id: Mapped[uuid.UUID] = mapped_column(index=True)
    gone_id: Mapped[uuid.UUID] = mapped_column(index=True)
    picked: Mapped[JsonDict] = mapped_column(default=dict)
    before: Mapped[JsonDict] = mapped_column(default=dict)
    moved: Mapped[JsonList] = mapped_column(default=list)
    at: Mapped[datetime]
    by: Mapped[uuid.UUID | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None]


class RecordRedirect(Base):
    """An id that was merged away and where it leads now; chains are resolved when they are made."""

    __tablename__ = "record_redirect"

    old_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    new_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[str]
    merge_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("record_merge.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[uuid.UUID | None]


class ConfidentialityAsk(Base):
    """A wish to make a place less confidential. A second person decides."""

    __tablename__ = "confidentiality_ask"

    id: Mapped[Id]
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id"), index=True)
    wanted: Mapped[Confidentiality]
    why: Mapped[str]
    state: Mapped[LowerState] = mapped_column(default=LowerState.ASKED)
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]

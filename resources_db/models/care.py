"""What care teams plan and ask: goals, screenings, codes a person confirmed, bundles, cover, intake, own clocks."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Created, Id, JsonDict, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import GoalState, HelpWanted, IntakeState, ScreeningState


class Goal(TenantRow, Created, Base):
    """What the person wants, in the person's own words, for one need or in general."""

    __tablename__ = "goal"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    words_enc: Sealed = sealed()
    words = Encrypted()
    language: Mapped[str] = mapped_column(default="en")
    """The language the words are written in."""
    target_on: Mapped[date | None]
    state: Mapped[GoalState] = mapped_column(default=GoalState.ACTIVE)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1)


class Screening(TenantRow, Created, Base):
    """One filled-in set of questions. Immutable after `finished_at`; asking again is a new row."""

    __tablename__ = "screening"
    __table_args__ = (UniqueConstraint("org_id", "idempotency_key"),)

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    instrument: Mapped[str]
    instrument_version: Mapped[str]
    language: Mapped[str]
    asked_by: Mapped[str]
    """staff, link or import."""
    state: Mapped[ScreeningState] = mapped_column(default=ScreeningState.OPEN)
    link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_link.id"))
    interpreter: Mapped[bool] = mapped_column(default=False)
    idempotency_key: Mapped[str]
    finished_at: Mapped[datetime | None]
    wrong_because_enc: Sealed = sealed()
    wrong_because = Encrypted()
    """Why it was entered in error."""

    answers: Mapped[list["ScreeningAnswer"]] = relationship(back_populates="screening", lazy="raise")


class ScreeningAnswer(TenantRow, Base):
    """One answer as it was given; whether it is positive and whether help is wanted are two things."""

    __tablename__ = "screening_answer"
    __table_args__ = (UniqueConstraint("screening_id", "item"),)

    id: Mapped[Id]
    screening_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    item: Mapped[str]
    """The question's own id: a LOINC code where the instrument has one."""
    value_enc: Sealed = sealed()
    value = Encrypted()
    """JSON: the codes as given, or the person's words."""
    positive: Mapped[bool] = mapped_column(default=False)
    help_wanted: Mapped[HelpWanted] = mapped_column(default=HelpWanted.UNKNOWN)
    help_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Unknown with this set is a word of the person: not sure."""
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    at: Mapped[datetime]

    screening: Mapped[Screening] = relationship(back_populates="answers", lazy="raise")


class Questionnaire(TenantRow, Created, Base):
    """A set of questions a site brought itself (a FHIR Questionnaire it has the licence for)."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("org_id", "url", "version"),)

    id: Mapped[Id]
    url: Mapped[str]
    version: Mapped[str]
    title: Mapped[str]
    content: Mapped[JsonDict] = mapped_column(default=dict)
    license_note: Mapped[str] = mapped_column(default="")
    """Who says that the site may use it, as the administrator wrote it down."""
    retired_at: Mapped[datetime | None]


class NeedCode(TenantRow, Created, Base):
    """A diagnosis code (ICD-10-CM) that a person confirmed for a need; a suggestion alone is never stored."""

    __tablename__ = "need_code"

    id: Mapped[Id]
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), index=True)
    code: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None]


class Bundle(TenantRow, Created, Base):
    """A named set of needs with a plan of follow-up. Places are found when it is used, never stored."""

    __tablename__ = "bundle"
    __table_args__ = (UniqueConstraint("org_id", "name"),)

    id: Mapped[Id]
    name: Mapped[str]
    shipped: Mapped[str] = mapped_column(default="")
    """The code of the shipped bundle this one started from; its name comes from the catalogs while unchanged."""
    plan: Mapped[JsonDict] = mapped_column(default=dict)
    """Days of check-ins, and whether it is a kit for the way home from hospital."""
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["BundleItem"]] = relationship(
        back_populates="bundle", lazy="raise", order_by="BundleItem.position"
    )


class BundleItem(TenantRow, Base):
    """One need of a bundle, with what its places must be (open now, free, delivers ...)."""

    __tablename__ = "bundle_item"

    id: Mapped[Id]
    bundle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bundle.id"), index=True)
    position: Mapped[int]
    subneed: Mapped[str]
    filters: Mapped[JsonDict] = mapped_column(default=dict)

    bundle: Mapped[Bundle] = relationship(back_populates="items", lazy="raise")


class Absence(TenantRow, Created, Base):
    """A member of staff is away and somebody covers: the cover sees the list, the lead stays the lead."""

    __tablename__ = "absence"

    id: Mapped[Id]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    cover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    """The last day away."""
    ended_at: Mapped[datetime | None]


class SavedView(TenantRow, Created, Base):
    """A way of looking at the caseload that a person named: its address, nothing about anybody."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("org_id", "user_id", "page", "name"),)

    id: Mapped[Id]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]


class Intake(TenantRow, Created, Base):
    """Somebody asked for help on the public pages. A care team takes it up (a patient is made) or answers no."""

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("org_id", "idempotency_key"),
        Index("ix_intake_org_id_state", "org_id", "state"),
    )

    id: Mapped[Id]
    care_team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("care_team.id"))
    state: Mapped[IntakeState] = mapped_column(default=IntakeState.NEW)
    person_enc: Sealed = sealed()
    person = Encrypted()
    """JSON of what the person typed: names, ZIP, best time to call."""
    phone_enc: Sealed = sealed()
    phone = Encrypted()
    phone_bix: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    words_enc: Sealed = sealed()
    words = Encrypted()
    subneed_enc: Sealed = sealed()
    subneed = Encrypted()
    language: Mapped[str] = mapped_column(default="en")
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id"))
    may_text: Mapped[bool] = mapped_column(default=False)
    wording_version: Mapped[str]
    wording: Mapped[str]
    """The words of agreement as they stood on the page."""
    patient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    decided_why: Mapped[str | None]
    idempotency_key: Mapped[str]


class AgencyClock(TenantRow, Created, Base):
    """Another pace of reminders for one agency, or for a whole care organisation (`organization_id` empty)."""

    __tablename__ = "agency_clock"
    __table_args__ = (
        Index(
            "uq_agency_clock_open",
            "org_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    steps: Mapped[JsonDict] = mapped_column(default=dict)
    """Business days until each step, routine and urgent; a step that is left out keeps the usual pace."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]

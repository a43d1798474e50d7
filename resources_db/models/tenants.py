"""Orgs (tenants), their keys, and the staff who sign in."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resources_db.base import Base, Created, Id, JsonDict, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import OrgKind, Role


class Org(Base):
    """A tenant: a care organisation, an agency with an account, or a directory team."""

    __tablename__ = "org"

    id: Mapped[Id]
    kind: Mapped[OrgKind]
    name: Mapped[str]
    sms_label: Mapped[str] = mapped_column(default="")
    """At most 16 GSM-7 letters; opens every text."""
    phone: Mapped[str] = mapped_column(default="")
    """E.164; a person answers there."""
    timezone: Mapped[str] = mapped_column(default="America/New_York")
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """For agencies: their record in the directory."""
    settings: Mapped[JsonDict] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class OrgKey(Base):
    """One data key of an org, wrapped by a master key of the key ring. Deleting it shreds the org's personal values."""

    __tablename__ = "org_key"

    org_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("org.id"), primary_key=True)
    kid: Mapped[int] = mapped_column(primary_key=True)
    master_kid: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class AppUser(Base):
    """A staff account. Patients never have one. Rights hang on memberships, never here."""

    __tablename__ = "app_user"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    texting_name: Mapped[str] = mapped_column(default="")
    """At most 10 GSM-7 letters; how texts call this person."""
    phone: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="en")
    keys_on: Mapped[bool] = mapped_column(default=True)
    """Single-key shortcuts can be switched off (WCAG 2.1.4)."""
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None]
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", lazy="raise")


class Membership(Created, Base):
    """A role of a user in an org. Grants add what the role alone does not give (sensitive needs)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("org_id", "user_id", "role"),)

    id: Mapped[Id]
    org_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("org.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    role: Mapped[Role]
    grants: Mapped[list[str]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]

    user: Mapped[AppUser] = relationship(back_populates="memberships", lazy="raise")
    org: Mapped[Org] = relationship(lazy="raise")


class CareTeam(TenantRow, Created, Base):
    """A team of navigators; every patient belongs to one."""

    __tablename__ = "care_team"
    __table_args__ = (UniqueConstraint("org_id", "name"),)

    id: Mapped[Id]
    name: Mapped[str]


class CareTeamMember(TenantRow, Created, Base):
    """Who works in a care team."""

    __tablename__ = "care_team_member"
    __table_args__ = (UniqueConstraint("org_id", "care_team_id", "user_id"),)

    id: Mapped[Id]
    care_team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("care_team.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]


class UserDraft(TenantRow, Base):
    """Text a person was typing when the session ended; comes back after sign-in, swept after 7 days."""

    __tablename__ = "user_draft"
    __table_args__ = (UniqueConstraint("org_id", "user_id", "form"),)

    id: Mapped[Id]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    form: Mapped[str]
    body_enc: Sealed = sealed()
    body = Encrypted()
    saved_at: Mapped[datetime]

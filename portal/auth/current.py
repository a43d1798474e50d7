"""Who is asking: the signed-in membership, read from the database on every request, or the link that was opened.

Nothing about rights is kept in cookie or session, so a changed role holds from the next click on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy import select

from resources_db import caseload_setting
from resources_db.models.tenants import AppUser, Membership, Org
from resources_db.tenancy import Actor
from resources_db.vocab import ActorKind, OrgKind, Role

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person in one role of one org."""

    user_id: uuid.UUID
    membership_id: uuid.UUID
    org_id: uuid.UUID
    org_kind: OrgKind
    org_name: str
    timezone: str
    role: Role
    name: str
    email: str
    language: str
    keys_on: bool
    grants: frozenset[str]
    demo: bool
    own_patients: bool = False
    """Whether this person sees only patients they lead or cover for: a navigator where caseloads are closed."""

    @property
    def first_name(self) -> str:
        """The name used in greetings."""
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """Two letters for small places."""
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()

    def actor(self) -> Actor:
        """The actor this person is of a session."""
        return Actor(ActorKind.USER, self.org_id, self.user_id, self.role, self.name, grants=self.grants)


def member() -> Member | None:
    """The signed-in person of this request, or None."""
    found: Member | None = g.get("member")
    return found


def set_member(found: Member | None) -> None:
    """Name the signed-in person of this request; done by the session of the request and at sign-in."""
    g.member = found


def actor(now: datetime) -> Actor | None:
    """Who acts in this request; None for a stranger, who cannot reach any tenant's table."""
    named: Actor | None = g.get("actor")
    if named is not None:
        return named
    person = member()
    if person is None:
        return None
    acting = person.actor()
    if not person.own_patients:
        return acting
    return replace(acting, own_on=now.astimezone(ZoneInfo(person.timezone)).date())


def set_actor(acting: Actor) -> None:
    """Name the actor of a request without a signed-in person: an opened link, a webhook."""
    g.actor = acting


def load(session: Session, user_id: uuid.UUID, membership_id: uuid.UUID | None) -> Member | None:
    """The person in the membership of their session; None when account or membership ended."""
    query = (
        select(AppUser, Membership, Org)
        .join(Membership, Membership.user_id == AppUser.id)
        .join(Org, Org.id == Membership.org_id)
        .where(AppUser.id == user_id, AppUser.active.is_(True), Membership.ended_at.is_(None))
        .order_by(Membership.created_at, Membership.id)
    )
    rows = session.execute(query).all()
    chosen = next((row for row in rows if row[1].id == membership_id), None)
    if chosen is None:
        # A membership that ended is not silently replaced by another one: the person signs in again.
        if membership_id is not None or not rows:
            return None
        chosen = rows[0]
    return _member(*chosen)


def _member(user: AppUser, membership: Membership, org: Org) -> Member:
    return Member(
        user_id=user.id,
        membership_id=membership.id,
        org_id=org.id,
        org_kind=org.kind,
        org_name=org.name,
        timezone=org.timezone,
        role=membership.role,
        name=user.name,
        email=user.email,
        language=user.language,
        keys_on=user.keys_on,
        grants=frozenset(membership.grants),
        demo=user.demo,
        own_patients=membership.role is Role.NAVIGATOR and not caseload_setting.is_open(org),
    )

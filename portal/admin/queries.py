"""What the administrators' pages read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from resources_db.audit import INSTALLATION
from resources_db.models.access import AuditEvent
from resources_db.models.tenants import AppUser, CareTeam, CareTeamMember, Membership

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy.orm import Session

__all__ = ["INSTALLATION", "audit_page", "care_teams", "members", "names"]


def members(session: Session, org_id: uuid.UUID) -> list[tuple[AppUser, Membership]]:
    """Accounts with a membership in the org, ended ones last."""
    query = (
        select(AppUser, Membership)
        .join(Membership, Membership.user_id == AppUser.id)
        .where(Membership.org_id == org_id)
        .order_by(Membership.ended_at.is_not(None), AppUser.name)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def care_teams(session: Session) -> list[tuple[str, list[str]]]:
    """Each care team of the actor's org with the names of its members."""
    teams = session.scalars(select(CareTeam).order_by(CareTeam.name)).all()
    query = (
        select(CareTeamMember.care_team_id, AppUser.name)
        .join(AppUser, AppUser.id == CareTeamMember.user_id)
        .where(CareTeamMember.ended_at.is_(None))
        .order_by(AppUser.name)
    )
    people = [(row[0], row[1]) for row in session.execute(query)]
    return [(team.name, [name for team_id, name in people if team_id == team.id]) for team in teams]


def audit_page(session: Session, chain: str, page: int, size: int) -> tuple[list[AuditEvent], int]:
    """One page of a chain, newest first, and how many rows it has."""
    of_chain = AuditEvent.chain == chain
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(of_chain)) or 0
    query = select(AuditEvent).where(of_chain).order_by(AuditEvent.seq.desc()).offset((page - 1) * size).limit(size)
    return list(session.scalars(query)), total


def names(session: Session, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of accounts."""
    if not user_ids:
        return {}
    rows = session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(user_ids)))
    return {user_id: name for user_id, name in rows}  # noqa: C416 - rows are not pairs to the type checker

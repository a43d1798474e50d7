"""Who of the staff sees protected needs (substance use, mental health, HIV, violence): the person's own care team.

A need of that kind shows other teams its domain only, and its referrals, whose place alone would tell, not at all.
Source of the rule: referrals design, section 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import object_session

from resources_db.models.people import Assignment, Patient
from resources_db.models.tenants import CareTeamMember
from resources_db.tenancy import actor_of
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from resources_db.models.people import Need

GRANT = "sensitive"
"""The extra word on a membership that opens protected needs of every team."""
_KEPT = "sight"


@dataclass(frozen=True, slots=True)
class _Sight:
    """The care teams somebody works in, and the patients they lead."""

    user_id: uuid.UUID
    teams: frozenset[uuid.UUID]
    led: frozenset[uuid.UUID]


def sees(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether whoever acts in this session may see the protected needs of this patient."""
    actor = actor_of(session)
    if actor.kind is not ActorKind.USER or actor.user_id is None or GRANT in actor.grants:
        return True
    sight = _sight(session, actor.user_id)
    if patient_id in sight.led:
        return True
    patient = session.get(Patient, patient_id)
    return patient is not None and patient.care_team_id in sight.teams


def sees_need(need: Need) -> bool:
    """The same, asked of a need as it was read; one that is not stored yet is one's own."""
    session = object_session(need)
    return session is None or sees(session, need.patient_id)


def _sight(session: Session, user_id: uuid.UUID) -> _Sight:
    kept = session.info.get(_KEPT)
    if isinstance(kept, _Sight) and kept.user_id == user_id:
        return kept
    teams = select(CareTeamMember.care_team_id).where(
        CareTeamMember.user_id == user_id, CareTeamMember.ended_at.is_(None)
    )
    led = select(Assignment.patient_id).where(Assignment.navigator_id == user_id, Assignment.ended_at.is_(None))
    sight = _Sight(user_id, frozenset(session.scalars(teams)), frozenset(session.scalars(led)))
    session.info[_KEPT] = sight
    return sight

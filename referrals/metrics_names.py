"""Names of the groups of a breakdown that the database knows: care teams, agencies, services. No person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.periods import By
from resources_db.models.directory import Organization, Service
from resources_db.models.people import Patient
from resources_db.models.referrals import Referral
from resources_db.models.tenants import CareTeam
from resources_db.repositories.columns import raw, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_TABLES = (CareTeam, Organization, Service, Referral, Patient)
TEAM, AGENCY, SERVICE, REFERRAL, PATIENT = (one.__table__.c for one in _TABLES)


def languages(session: Session) -> list[str]:
    """The languages patients speak."""
    return sorted(str(one) for (one,) in rows(session, select(PATIENT.language).distinct()))


def names(session: Session, by: By) -> Mapping[str, str]:
    """Name by id, as `grouping` writes ids; only of agencies and services that were sent to."""
    if by is By.TEAM:
        query = select(raw(TEAM.id), TEAM.name)
    elif by is By.AGENCY:
        query = select(raw(AGENCY.id), AGENCY.name).where(AGENCY.id.in_(select(REFERRAL.organization_id)))
    elif by is By.SERVICE:
        query = select(raw(SERVICE.id), SERVICE.name).where(SERVICE.id.in_(select(REFERRAL.service_id)))
    else:
        return {}
    return {str(one): str(name) for one, name in rows(session, query)}

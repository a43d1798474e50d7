"""The wall inside a tenant: a navigator whose org keeps caseloads closed sees only patients they lead or cover for.

Every table with a patient is behind it, also one that is made tomorrow; what belongs to no patient stays in sight.
Source of the rule: security design, permission map, "navigator: own caseload, unless the org's caseload is open".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import with_loader_criteria

from resources_db.base import Base, TenantRow
from resources_db.models.care import Absence
from resources_db.models.people import Assignment, Patient

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm.util import LoaderCriteriaOption

OPEN_TO_ALL = (Assignment,)
"""Who leads whom tells nothing of a patient, and the wall itself reads it."""


def own_patients(org_id: uuid.UUID, user_id: uuid.UUID, on: date) -> Select[uuid.UUID]:
    """Ids of the patients somebody leads, and of those whose lead they cover for on that day."""
    covered = select(Absence.user_id).where(
        Absence.org_id == org_id,
        Absence.cover_id == user_id,
        Absence.from_on <= on,
        Absence.until_on >= on,
        Absence.ended_at.is_(None),
    )
    mine = or_(Assignment.navigator_id == user_id, Assignment.navigator_id.in_(covered))
    return select(Assignment.patient_id).where(Assignment.org_id == org_id, Assignment.ended_at.is_(None), mine)


def criteria(org_id: uuid.UUID, user_id: uuid.UUID, on: date) -> list[LoaderCriteriaOption]:
    """What is added to every statement of such a navigator."""
    own = own_patients(org_id, user_id, on)
    found = [with_loader_criteria(Patient, Patient.id.in_(own), include_aliases=True)]
    for table, may_be_nobodys in _behind():
        of_own = table.patient_id.in_(own)  # type: ignore[attr-defined]  # every table of the list has the column
        rule = or_(table.patient_id.is_(None), of_own) if may_be_nobodys else of_own  # type: ignore[attr-defined]
        found.append(with_loader_criteria(table, rule, include_aliases=True))
    return found


@cache
def _behind() -> tuple[tuple[type[TenantRow], bool], ...]:
    mappers = sorted(Base.registry.mappers, key=lambda one: one.class_.__name__)
    return tuple(
        (one.class_, bool(one.columns["patient_id"].nullable))
        for one in mappers
        if "patient_id" in one.columns and issubclass(one.class_, TenantRow) and one.class_ not in OPEN_TO_ALL
    )

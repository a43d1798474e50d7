"""What an outcome says of a listing: a reason to look at it, or that somebody was there. Names no patient, no referral.

Calls to patients say nothing here: a wrong number of a person is not one of a listing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from referrals import lifecycle, outcomes
from referrals.outcomes import Said
from resources_db import freshness, reviews
from resources_db.vocab import PatientReason, Reason, ReviewWhy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.answers import Answered
    from resources_db.models.referrals import Referral

AGENCY, PATIENT, NAVIGATOR = "agency", "patient", "navigator"
OF_AGENCY: Mapping[Reason, ReviewWhy] = MappingProxyType(
    {
        Reason.OUT_OF_AREA: ReviewWhy.OUT_OF_AREA,
        Reason.SERVICE_NOT_OFFERED: ReviewWhy.NOT_OFFERED,
        Reason.PROGRAM_CLOSED: ReviewWhy.CLOSED,
        Reason.NO_CAPACITY: ReviewWhy.FULL,
        Reason.FUNDING_EXHAUSTED: ReviewWhy.FULL,
    }
)
OF_PATIENT: Mapping[PatientReason, ReviewWhy] = MappingProxyType(
    {PatientReason.CLOSED: ReviewWhy.CLOSED, PatientReason.FULL: ReviewWhy.FULL}
)
"""Nobody answering, no papers or too far says something of a day or of a person, not of the listing."""


def agency_said(session: Session, referral: Referral, reason: Reason | None, *, now: datetime) -> None:
    """After an agency's answer: a reason that speaks against the listing opens a review, help given is a look at it."""
    why = OF_AGENCY.get(reason) if reason is not None else None
    if why is not None:
        _open(session, referral, why, AGENCY, now)
    elif referral.state in lifecycle.HELPED:
        freshness.looked(session, service_id=referral.service_id, now=now)


def patient_said(session: Session, answered: Answered, *, now: datetime) -> None:
    """After a patient's answer about one place; a word about several says nothing of each."""
    if len(answered.referrals) != 1:
        return
    referral, answer = answered.referrals[0], answered.answer
    why = OF_PATIENT.get(answer.reason) if answer.reason is not None else None
    if why is not None:
        _open(session, referral, why, PATIENT, now)
    elif answer.need_id is None and outcomes.said(answer.word) is Said.HELPED:
        freshness.looked(session, service_id=referral.service_id, now=now)


def _open(session: Session, referral: Referral, why: ReviewWhy, said_by: str, now: datetime) -> None:
    reviews.open_review(
        session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        why=why,
        from_role=said_by,
        now=now,
    )

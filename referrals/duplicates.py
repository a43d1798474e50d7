"""Warnings before a send: somebody helps with this need already, or this place was tried. Never a block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import lifecycle
from referrals.needs import domain_of, subneed_of
from resources_db.models.directory import Organization
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.vocab import Reason, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.repositories.listings import Listing

TRIED_WITHIN = timedelta(days=90)


@unique
class Duplicate(StrEnum):
    """Kinds of warning, the strongest first."""

    ALREADY_THERE = "already_there"
    SAID_DUPLICATE = "said_duplicate"
    SAME_SERVICE = "same_service"
    SAME_NEED = "same_need"


@dataclass(frozen=True, slots=True)
class Warned:
    """One earlier referral worth knowing before pressing Send."""

    kind: Duplicate
    referral_id: uuid.UUID
    agency: str
    state: ReferralState
    reason: Reason | None
    sent_at: datetime | None


def warnings(
    session: Session, patient_id: uuid.UUID, places: Iterable[tuple[Listing, str]], *, now: datetime
) -> tuple[Warned, ...]:
    """What speaks against sending to these places for these sub-needs; one line for each earlier referral."""
    wanted = list(places)
    earlier = _earlier(session, patient_id, now)
    return tuple(_warned(kind, row) for row in earlier if (kind := _kind(row, wanted)) is not None)


Row = tuple[Referral, Need, str]


def _earlier(session: Session, patient_id: uuid.UUID, now: datetime) -> Sequence[Row]:
    query = (
        select(Referral, Need, Organization.name)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .join(Organization, Organization.id == Referral.organization_id)
        .where(Referral.patient_id == patient_id, Referral.sent_at > now - TRIED_WITHIN)
        .order_by(Referral.sent_at.desc())
    )
    return [(referral, need, agency) for referral, need, agency in session.execute(query)]


def _kind(row: Row, wanted: Sequence[tuple[Listing, str]]) -> Duplicate | None:
    referral, need, _agency = row
    same_service = any(listing.service_id == referral.service_id for listing, _ in wanted)
    if same_service and referral.state in {ReferralState.RECEIVING, ReferralState.WAITLISTED}:
        return Duplicate.ALREADY_THERE
    if same_service and referral.reason is Reason.DUPLICATE:
        return Duplicate.SAID_DUPLICATE
    if same_service:
        return Duplicate.SAME_SERVICE
    domains = {domain_of(subneed) for _, subneed in wanted}
    is_open = referral.state in lifecycle.WITH_AGENCY
    return Duplicate.SAME_NEED if is_open and domain_of(subneed_of(need)) in domains else None


def _warned(kind: Duplicate, row: Row) -> Warned:
    referral, _need, agency = row
    return Warned(kind, referral.id, agency, referral.state, referral.reason, referral.sent_at)

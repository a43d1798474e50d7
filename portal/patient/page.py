"""What stands behind a patient's link: the places of one send, who sent them, and what the patient already said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import needs, senders
from referrals.lifecycle import TERMINAL
from resources_db.listing_key import ListingKey
from resources_db.models.people import Need
from resources_db.models.referrals import PatientAnswer, Referral, SendBatch, ServiceRequest
from resources_db.repositories import listings
from resources_db.vocab import PatientWord, ReferralState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from referrals.texts import Sender
    from resources_db.models.access import AccessLink
    from resources_db.repositories.listing import Listing

GONE = frozenset({ReferralState.WITHDRAWN, ReferralState.ERROR, ReferralState.DRAFT})


@dataclass(frozen=True, slots=True)
class Behind:
    """The facts of the page. No name of the patient is among them."""

    batch_id: uuid.UUID
    language: str
    sender: Sender
    listings: tuple[Listing, ...]
    referral_ids: tuple[uuid.UUID, ...]
    sensitive: bool
    closed: bool
    said: frozenset[PatientWord]
    zone: str
    """The zone of the care team: visits are told and put into calendars by its clocks."""


def behind(session: Session, link: AccessLink) -> Behind | None:
    """What the link opens; None when nothing of it may be shown any more."""
    batch = session.get(SendBatch, link.subject_id)
    if batch is None:
        return None
    referrals = session.scalars(
        select(Referral).where(Referral.batch_id == batch.id, Referral.state.not_in(GONE)).order_by(Referral.ref)
    ).all()
    if not referrals:
        return None
    keys = [ListingKey(one.service_id, one.location_id) for one in referrals]
    return Behind(
        batch_id=batch.id,
        language=batch.language,
        sender=senders.of_patient(session, batch.org_id, batch.patient_id),
        listings=tuple(listings.load(session, keys)),
        referral_ids=tuple(one.id for one in referrals),
        sensitive=any(one.sensitive for one in referrals) or _safety(session, referrals),
        closed=all(one.state in TERMINAL for one in referrals),
        said=frozenset(session.scalars(select(PatientAnswer.word).where(PatientAnswer.batch_id == batch.id))),
        zone=senders.org_of(session, batch.org_id).timezone,
    )


def _safety(session: Session, referrals: Sequence[Referral]) -> bool:
    wanted = select(Need).join(ServiceRequest, ServiceRequest.need_id == Need.id)
    found = session.scalars(wanted.where(ServiceRequest.id.in_([one.request_id for one in referrals])))
    return any(needs.subneed_of(need) in needs.SAFETY for need in found)

"""A person takes consent back: sends stop, open referrals are withdrawn, agencies are told. History stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import by, consent, lifecycle, needs, progress, release
from referrals.progress import Said
from resources_db.models.referrals import Referral
from resources_db.vocab import Reason, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.consents import Consent


def revoke(session: Session, consent_id: uuid.UUID, *, how: str, now: datetime) -> Consent:
    """Revoke a consent, and withdraw every open referral that no other consent covers."""
    revoked = consent.take_back(session, consent_id, how=how, now=now)
    for referral in _open_referrals(session, revoked.patient_id):
        if not _still_covered(session, referral, now):
            said = Said(reason=Reason.CONSENT_REVOKED)
            key = f"consent:{consent_id}"
            progress.move(session, referral.id, to=ReferralState.WITHDRAWN, by=by.SYSTEM, key=key, now=now, said=said)
    return revoked


def withdraw_all(
    session: Session, patient_id: uuid.UUID, *, reason: Reason, text: str = "", key: str, now: datetime
) -> int:
    """The person moved or died: one action withdraws every open referral; gives how many."""
    found = _open_referrals(session, patient_id)
    for referral in found:
        said = Said(reason=reason, text=text)
        progress.move(session, referral.id, to=ReferralState.WITHDRAWN, by=by.NAVIGATOR, key=key, now=now, said=said)
    return len(found)


def _open_referrals(session: Session, patient_id: uuid.UUID) -> list[Referral]:
    query = select(Referral).where(Referral.patient_id == patient_id, Referral.state.in_(lifecycle.WITH_AGENCY))
    return list(session.scalars(query.order_by(Referral.created_at, Referral.id)))


def _still_covered(session: Session, referral: Referral, now: datetime) -> bool:
    subneed = needs.subneed_of(release.need_of(session, referral))
    agreed = consent.covering(
        session, referral.patient_id, organization_id=referral.organization_id, subneed=subneed, now=now
    )
    return agreed is not None
